/// Random numbers from keys, which are values: the same key gives the same numbers, on every device,
/// for every batch.
///
///     let keys = Random.key(42).split(1000)
///     let samples = try vmap { (key: Random.Key) in Random.normal(key, [3]) }(keys)
///
/// A key is used once: for more numbers, ``Random/Key/split(_:)`` gives new ones. Keys, bits, uniform
/// numbers and integers are bit for bit those of `jax.random` with its default generator, Threefry-2x32
/// (Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, 2011), with 32-bit types in the
/// default configuration of JAX 0.10. With `philoxKey` they are those of its generator Philox-4x32,
/// which takes fewer operations.
public enum Random {
  /// Where random numbers come from: two words of 32 bits, or a whole tensor of such keys.
  ///
  /// A tree of one tensor, whose last dimension is the two words: over keys of shape `[n, 2]` a `vmap`
  /// maps axis 0.
  public struct Key: TensorTree {
    /// The words, of shape `[2]`, or `[n, 2]` for n keys.
    public var words: Tensor<UInt32>
    /// What makes random bits of the words.
    public let generator: Generator

    /// A key of words that were kept.
    public init(words: Tensor<UInt32>, generator: Generator = .threefry) {
      self.words = words
      self.generator = generator
    }

    /// Visits the words, under a name that tells the generator: the structure of a key has both.
    public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      try visit(generator == .threefry ? "words" : "\(generator.rawValue)Words", &words)
    }

    /// One of several keys, or some of them.
    ///
    ///     let keys = Random.key(42).split(10)
    ///     let (first, others) = (keys[0], keys[1...])
    public subscript(index: any TensorIndexing) -> Key {
      Key(words: words[index], generator: generator)
    }
  }

  /// A key from a number.
  ///
  /// After `jax.random.key`; seeds that 32 bits do not hold are those of JAX with 64-bit types.
  public static func key(_ seed: UInt64) -> Key {
    Key(words: Generator.threefry.seeded(seed))
  }

  /// A key from a number of any integer type; a negative one is that of its 32 bits where they hold it,
  /// as in JAX, else that of its 64 bits.
  @_disfavoredOverload
  public static func key(_ seed: some BinaryInteger) -> Key { key(seedBits(seed)) }

  private static func seedBits(_ seed: some BinaryInteger) -> UInt64 {
    guard let small = Int32(exactly: seed) else { return UInt64(truncatingIfNeeded: seed) }
    return UInt64(UInt32(bitPattern: small))
  }

  /// A key from a number, for the generator Philox-4x32.
  ///
  ///     let x = Random.normal(Random.philoxKey(42), [3])
  ///
  /// After `jax.random.key` with `impl="philox4x32"`.
  public static func philoxKey(_ seed: UInt64) -> Key {
    Key(words: Generator.philox.seeded(seed), generator: .philox)
  }

  /// A key for Philox from a number of any integer type, as for `key`.
  @_disfavoredOverload
  public static func philoxKey(_ seed: some BinaryInteger) -> Key { philoxKey(seedBits(seed)) }
}

extension Random.Key {
  /// New keys, of shape `[count, 2]`.
  ///
  /// After `jax.random.split`.
  public func split(_ count: Int = 2) -> Random.Key {
    let (high, low) = Random.Generator.numbers([count])
    return Random.Key(words: generator.keys(oneKey("split"), high, low), generator: generator)
  }

  /// The words, which must be those of one key.
  fileprivate func oneKey(_ name: String) -> Tensor<UInt32> {
    Tensor(words.handle) {
      if words.shape != [2] {
        throw VMapError(
          .shapeMismatch,
          "\(name): takes one key, whose words have the shape [2], not \(words.shape.shapeText): take "
            + "one of several, as keys[0], or map over them with vmap")
      }
      return words.handle
    }
  }

  /// A new key from this one and a number, such as that of a step.
  ///
  /// - Parameter data: A scalar.
  ///
  /// After `jax.random.fold_in`.
  public func foldIn<Number: TensorInteger>(_ data: Tensor<Number>) -> Random.Key {
    let data = data.asType(UInt32.self)
    return Random.Key(
      words: generator.keys(oneKey("foldIn"), zerosLike(data), data), generator: generator)
  }

  /// A new key from this one and a number, of which the lowest 32 bits count.
  public func foldIn(_ data: some BinaryInteger) -> Random.Key {
    foldIn(Tensor(UInt32(truncatingIfNeeded: data)))
  }
}

extension Random {
  /// Random bits in every element.
  ///
  ///     let dice = Random.bits(key, [10], of: UInt8.self)
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - shape: The shape of the result.
  ///   - type: An unsigned integer type.
  ///
  /// After `jax.random.bits`.
  public static func bits<Scalar: TensorInteger & UnsignedInteger>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = UInt32.self
  ) -> Tensor<Scalar> {
    let (high, low) = Generator.numbers(shape)
    let words = key.generator.words(key.oneKey("bits"), high, low)
    guard Scalar.bitWidth == 64 else {
      return words.dropFirst().reduce(words[0]) { $0 ^ $1 }.asType(Scalar.self)
    }
    return words[0].asType(Scalar.self) << 32 | words[1].asType(Scalar.self)
  }
}
