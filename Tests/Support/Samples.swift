@testable import VMap

/// Elements to test with, the same in every run.
enum Samples {
  /// What is special about a type: ends of its range, signs, zeros, what is not finite or normal.
  static func special(_ type: ElementType) -> [ReferenceScalar] {
    if type.isComplex { return specialPairs(type) }
    guard type.isFloating else {
      return specialIntegers(type).map { ReferenceScalar(bits: type.bits($0)) }
    }
    let numbers: [Double] = [
      0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, .pi, -0.75, 100.25, -1e4, 1e-3,
      .infinity, -.infinity, .nan, type.greatestFinite, -type.greatestFinite,
      type.leastNormal,
    ]
    return numbers.map { ReferenceScalar(bits: type.bits($0)) }
  }

  /// Pairs of finite numbers, on the axes and their cuts, around the unit circle and beside it: what is
  /// infinite or no number is held against answers from elsewhere.
  private static func specialPairs(_ type: ElementType) -> [ReferenceScalar] {
    let pairs: [(Double, Double)] = [
      (0, 0), (-0.0, 0), (0, -0.0), (1, 0), (-1, -0.0), (0, 1), (-0.0, -1), (0.5, 0), (-0.5, -0.0),
      (2, 0), (-2.5, 0), (-2.5, -0.0), (0, 2), (0, -3), (3, 4), (-3, 4), (0.6, 0.8), (0.6, -0.8),
      (-1.5, 1e-3), (1e-3, -1e-3), (7, 10.25), (0.75, 0.25),
    ]
    return pairs.map { type.scalar(ReferenceComplex($0.0, $0.1)) }
  }

  /// Numbers so small that some devices replace them by zero.
  static func subnormal(_ type: ElementType) -> [ReferenceScalar] {
    [1, 3, 1000].flatMap { [type.leastPositive * $0, -type.leastPositive * $0] }
      .map { ReferenceScalar(bits: type.bits($0)) }
  }

  private static func specialIntegers(_ type: ElementType) -> [Int128] {
    let (lowest, highest) = (type.integerRange.lowerBound, type.integerRange.upperBound)
    let bits = Int128(type.bitCount)
    let wanted: [Int128] = [
      0, 1, -1, 2, -2, 3, 7, -7, bits - 1, bits, bits + 1, 85, 100, lowest, lowest + 1, highest,
      highest - 1, highest / 2, highest / 3,
    ]
    var seen: Set<Int128> = []
    return wanted.filter { type.integerRange.contains($0) && seen.insert($0).inserted }
  }

  /// Elements of moderate size, none of them special: numbers in (−4, 4), integers in −9...9.
  ///
  /// Every number is a multiple of 2⁻¹⁰, rounded to the type; no two floats of a few hundred in a row
  /// are the same.
  static func moderate(_ type: ElementType, _ seed: Int) -> ReferenceScalar {
    let random = hash(seed)
    switch type {
    case .complex64, .complex128:
      let imaginary = moderate(type.part, seed &+ 104_729).bits
      return ReferenceScalar(bits: moderate(type.part, seed).bits, imaginary: imaginary)
    case _ where type.isFloating:
      let number = Double(random % 8191) / 1024 - 4095.0 / 1024
      return ReferenceScalar(bits: type.bits(number == 0 ? 0.5 : number))
    case .bool: return ReferenceScalar(bits: random >> 7 & 1)
    default:
      let magnitude = Int128(random % 10)
      let isNegative = type.isSignedInteger && random >> 32 & 1 == 1
      return ReferenceScalar(bits: type.bits(isNegative ? -magnitude : magnitude))
    }
  }

  /// A number in (low, high).
  static func number(
    _ type: ElementType, _ seed: Int, in low: Double, _ high: Double
  ) -> ReferenceScalar {
    if type.isComplex {
      let imaginary = number(type.part, seed &+ 104_729, in: low, high).bits
      return ReferenceScalar(
        bits: number(type.part, seed, in: low, high).bits, imaginary: imaginary)
    }
    let unit = (Double(hash(seed) >> 11) + 0.5) * 0x1p-53
    return ReferenceScalar(bits: type.bits(low + (high - low) * unit))
  }

  /// Random bits for a number.
  static func hash(_ seed: Int) -> UInt64 {
    var generator = SplitMix(state: UInt64(bitPattern: Int64(seed)))
    return generator.next()
  }
}
