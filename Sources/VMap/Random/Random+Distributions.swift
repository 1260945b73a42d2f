extension Random {
  /// Numbers that are equally likely everywhere in an interval.
  ///
  ///     let x = Random.uniform(key, [3], in: -1..<1)          // of Float
  ///     let y = Random.uniform(key, [3], of: Double.self)     // from 0 to 1
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - shape: The shape of the result.
  ///   - range: The interval; its upper bound is not reached, but for rounding.
  /// - Returns: Multiples of 2⁻²³ of the interval's length for `Float`, of 2⁻⁵² for `Double`. Other types
  ///   give a tensor whose reading throws.
  ///
  /// After `jax.random.uniform`.
  public static func uniform(
    _ key: Key, _ shape: [Int] = [], in range: Range<Float>
  ) -> Tensor<Float> {
    uniform(key, shape, within: range)
  }

  /// Numbers of any floating-point type that are equally likely everywhere in an interval.
  ///
  /// After `jax.random.uniform`.
  @_disfavoredOverload
  public static func uniform<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], in range: Range<Scalar> = 0..<1
  ) -> Tensor<Scalar> {
    uniform(key, shape, within: range)
  }

  /// Numbers that are equally likely everywhere from 0 to 1, which is not reached.
  ///
  /// After `jax.random.uniform`.
  public static func uniform<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    // The bits of a mantissa after a 1, less 1.
    switch Scalar.elementType {
    case .float32:
      let mantissa = bits(key, shape, of: UInt32.self) >> 9
      return (mantissa | 0x3F80_0000).bitcast(to: Scalar.self) - 1
    case .float64:
      let mantissa = bits(key, shape, of: UInt64.self) >> 12
      return (mantissa | 0x3FF0_0000_0000_0000).bitcast(to: Scalar.self) - 1
    default:
      let error = VMapError(
        .typeMismatch, "uniform: makes f32 and f64, not \(Scalar.elementType.rawValue)")
      return Tensor(handle: .failed(error, Scalar.elementType))
    }
  }

  private static func uniform<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int], within range: Range<Scalar>
  ) -> Tensor<Scalar> {
    if range == 0..<1 { return uniform(key, shape, of: Scalar.self) }
    let length = Tensor(range.upperBound - range.lowerBound)
    return uniform(key, shape, from: Tensor(range.lowerBound), length: length)
  }

  private static func uniform<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int], from lower: Tensor<Scalar>, length: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let unit = uniform(key, shape, of: Scalar.self)
    // With one rounding, as JAX's compiler has it.
    return maximum(Tensor(elementwise: "fma", unit.handle, length.handle, lower.handle), lower)
  }

  /// Numbers of the normal distribution with mean 0 and variance 1.
  ///
  /// After `jax.random.normal`: its uniform numbers through the inverse of the distribution function,
  /// which agree to some units in the last place.
  public static func normal<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let u = uniform(key, shape, within: Scalar(-1).nextUp..<1)
    return erfInverse(u) * Scalar(2).squareRoot()
  }

  /// Whole numbers that are equally likely.
  ///
  ///     let dice = Random.integers(key, [10], in: 1..<7)     // of Int32
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - shape: The shape of the result.
  ///   - range: The numbers; an empty range gives its lower bound, as JAX does.
  /// - Returns: Numbers of twice as many bits reduced to the range: none is likelier than another by
  ///   more than the range's size over 2 to that power.
  ///
  /// After `jax.random.randint`.
  public static func integers(
    _ key: Key, _ shape: [Int] = [], in range: Range<Int32>
  ) -> Tensor<Int32> {
    integers(key, shape, within: range)
  }

  /// Whole numbers of any integer type that are equally likely.
  ///
  /// After `jax.random.randint`.
  @_disfavoredOverload
  public static func integers<Scalar: TensorInteger>(
    _ key: Key, _ shape: [Int] = [], in range: Range<Scalar>
  ) -> Tensor<Scalar> {
    integers(key, shape, within: range)
  }

  private static func integers<Scalar: TensorInteger>(
    _ key: Key, _ shape: [Int], within range: Range<Scalar>
  ) -> Tensor<Scalar> {
    // Small types are those numbers in 32 bits.
    if Scalar.bitWidth < 32 {
      let wide = Int32(range.lowerBound)..<Int32(range.upperBound)
      return integers(key, shape, within: wide).asType(Scalar.self)
    }
    return Scalar.bitWidth == 32
      ? integers(key, shape, range, UInt32.self) : integers(key, shape, range, UInt64.self)
  }

  private static func integers<Scalar: TensorInteger, Bits: TensorInteger & UnsignedInteger>(
    _ key: Key, _ shape: [Int], _ range: Range<Scalar>, _: Bits.Type
  ) -> Tensor<Scalar> {
    let keys = key.split()
    let (high, low) = (bits(keys[0], shape, of: Bits.self), bits(keys[1], shape, of: Bits.self))
    let lower = Bits(truncatingIfNeeded: range.lowerBound)
    let span = range.isEmpty ? 1 : Bits(truncatingIfNeeded: range.upperBound) &- lower
    // 2 to the number of bits, modulo the span, without forming it.
    let half = (Bits(1) << (Bits.bitWidth / 2)) % span
    let power = (half &* half) % span
    let offset = ((high % span) * power + low % span) % span
    return (offset + lower).bitcast(to: Scalar.self)
  }

  /// Truth values that hold with a probability.
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - probability: Of true: a tensor that broadcasts to the shape.
  ///   - shape: The shape of the result; that of the probability where it is nil.
  ///
  /// After `jax.random.bernoulli`.
  public static func bernoulli<Scalar: TensorFloatingPoint>(
    _ key: Key, _ probability: Tensor<Scalar>, _ shape: [Int]? = nil
  ) -> Tensor<Bool> {
    uniform(key, shape ?? probability.shape, of: Scalar.self) .< probability
  }

  /// Numbers of the exponential distribution with mean 1.
  ///
  /// After `jax.random.exponential`.
  public static func exponential<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let u = uniform(key, shape, of: Scalar.self)
    return -log1p(-u)
  }

  /// Numbers of the standard Gumbel distribution.
  ///
  /// After `jax.random.gumbel`.
  public static func gumbel<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let u = uniform(key, shape, within: Scalar.leastNormalMagnitude..<1)
    return -log(-log(u))
  }

  /// Numbers of the Laplace distribution with mean 0 and scale 1.
  ///
  /// After `jax.random.laplace`.
  public static func laplace<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let u = uniform(key, shape, within: Scalar(-1).nextUp..<1)
    return sign(u) * log1p(-abs(u))
  }

  /// Numbers of the Cauchy distribution with median 0 and scale 1.
  ///
  /// After `jax.random.cauchy`.
  public static func cauchy<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let u = uniform(key, shape, within: Scalar.ulpOfOne..<1)
    return tan((u - 0.5) * Scalar.pi)
  }

  /// Numbers of the logistic distribution with mean 0 and scale 1.
  ///
  /// After `jax.random.logistic`.
  public static func logistic<Scalar: TensorFloatingPoint>(
    _ key: Key, _ shape: [Int] = [], of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let u = uniform(key, shape, within: Scalar.leastNormalMagnitude..<1)
    return log(u) - log1p(-u)
  }

  /// Numbers of the normal distribution that lie between bounds.
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - lower: The lower bound, which is not reached: a tensor that broadcasts to the shape.
  ///   - upper: The upper bound, which is not reached.
  ///   - shape: The shape of the result; that of the bounds together where it is nil.
  ///
  /// After `jax.random.truncated_normal`.
  public static func truncatedNormal<Scalar: TensorFloatingPoint>(
    _ key: Key, _ lower: Tensor<Scalar>, _ upper: Tensor<Scalar>, _ shape: [Int]? = nil
  ) -> Tensor<Scalar> {
    let root = Scalar(2).squareRoot()
    let (a, b) = (erf(lower / root), erf(upper / root))
    let u = uniform(key, shape ?? (a + b).shape, from: a, length: b - a)
    let infinity = Tensor(Scalar.infinity)
    return minimum(
      maximum(erfInverse(u) * root, nextafter(lower, infinity)), nextafter(upper, -infinity))
  }

  /// Indices along a dimension, as likely as the exponentials of what stands there.
  ///
  ///     let word = Random.categorical(key, logits)
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - logits: Logarithms of probabilities, which need not sum to 1.
  ///   - axis: The dimension of the choices, which the result lacks.
  ///
  /// After `jax.random.categorical`.
  public static func categorical<Scalar: TensorFloatingPoint>(
    _ key: Key, _ logits: Tensor<Scalar>, axis: Int = -1
  ) -> Tensor<Int32> {
    (gumbel(key, logits.shape, of: Scalar.self) + logits).argmax(axis: axis)
  }
}
