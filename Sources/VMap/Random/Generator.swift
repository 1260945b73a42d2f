extension Random {
  /// What makes random bits of a key.
  ///
  /// Both are bijections of a counter, from which any number can be had without those before it.
  public enum Generator: String, Sendable, Hashable, CaseIterable {
    /// Threefry-2x32 with 20 rounds, the default of JAX.
    case threefry
    /// Philox-4x32 with 10 rounds, which takes fewer operations: `impl="philox4x32"` in JAX.
    case philox
  }
}

extension Random.Generator {
  typealias Words = Tensor<UInt32>

  /// The key of a seed.
  func seeded(_ seed: UInt64) -> Words {
    let high = UInt32(truncatingIfNeeded: seed >> 32)
    let low = UInt32(truncatingIfNeeded: seed)
    switch self {
    case .threefry: return Tensor([high, low])
    case .philox:
      let zero = Words(0)
      let words = Philox.block((zero, zero), [Words(high), Words(low), zero, zero])
      return stack([words[0], words[1]])
    }
  }

  /// The words of new keys, for numbers of two words.
  func keys(_ key: Words, _ high: Words, _ low: Words) -> Words {
    let pair = (key[.ellipsis, 0], key[.ellipsis, 1])
    switch self {
    case .threefry:
      let (first, second) = Threefry.block(pair, high, low)
      return stack([first, second], axis: -1)
    case .philox:
      let zero = zerosLike(low)
      let words = Philox.block(pair, [zero, zero, zerosLike(low) + high, low])
      return stack([words[0], words[1]], axis: -1)
    }
  }

  /// Random words, for numbers of two words.
  func words(_ key: Words, _ high: Words, _ low: Words) -> [Words] {
    let pair = (key[.ellipsis, 0], key[.ellipsis, 1])
    switch self {
    case .threefry:
      let (first, second) = Threefry.block(pair, high, low)
      return [first, second]
    case .philox:
      let zero = zerosLike(low)
      return Philox.block(pair, [zero + high, low, zero, zero])
    }
  }

  /// The numbers of a shape's elements in row-major order, as two words.
  static func numbers(_ shape: [Int]) -> (high: Words, low: Words) {
    guard let count = try? shape.checkedCount() else {
      // The same shape fails again where its error is kept.
      let failed = Words.zeros(shape)
      return (failed, failed)
    }
    if count <= Int(UInt32.max) { return (Words(0), Words.iota([count]).reshaped(to: shape)) }
    let number = Tensor<UInt64>.iota([count]).reshaped(to: shape)
    return ((number >> 32).asType(UInt32.self), number.asType(UInt32.self))
  }
}
