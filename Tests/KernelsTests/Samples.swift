@testable import VMapTestSupport

/// Deterministic inputs for the math functions.
enum Samples {
  /// Values where functions change course: zeros, infinities, NaN, subnormals, limits of ranges.
  static func special<T: Judged>(_: T.Type = T.self) -> [T] {
    let limits: [T] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
      T.leastNormalMagnitude.nextDown, T(1).nextDown, 1, T(1).nextUp, T(0.5), T(0.92), T(0.56),
      2, 3, 4, 5, 8, 9, 10, 100, T(88.722839), T(103.97), T(87.4), T(709.78), T(745.13), 127, 128,
      149, 150, 1023, 1024, 1074, 1075, T(sign: .plus, exponent: 17, significand: 1),
      T(sign: .plus, exponent: 27, significand: 1), T.pi, T.pi / 2, T.pi / 4,
      T(sign: .plus, exponent: 23, significand: 1).nextDown,
      T(4.386558e33), 1 / .ulpOfOne, (T(1.5) / .ulpOfOne).nextUp, (2 / T.ulpOfOne).nextDown,
    ]
    return limits + limits.map { -$0 } + [.nan]
  }

  /// Bit patterns spread evenly over all values, then values near 0, 1 and up to a few hundred.
  static func spread<T: Judged>(_ count: Int, seed: UInt64, _: T.Type = T.self) -> [T] {
    var generator = SplitMix(state: seed)
    let stride = T.Bits.max / T.Bits(count / 2)
    return (0..<count).map { index in
      if index % 2 == 0 {
        let offset = T.Bits(truncatingIfNeeded: generator.next()) % stride
        return T(bitPattern: T.Bits(index / 2) * stride + offset)
      }
      let unit = T(generator.next() >> 11) / T(UInt64(1) << 53) * 2 - 1
      switch index % 8 {
      case 1: return unit
      case 3: return unit * 10
      case 5: return unit * 800
      default: return 1 + unit / T(UInt64(1) << (generator.next() % UInt64(T.significandBitCount)))
      }
    }
  }

  /// Every special value with every other, then spread ones.
  static func pairs<T: Judged>(_ count: Int, seed: UInt64, _: T.Type = T.self) -> ([T], [T]) {
    let special = special(T.self)
    let first = special.flatMap { value in special.map { _ in value } }
    let second = special.flatMap { _ in special }
    return (
      first + spread(count, seed: seed), second + spread(count, seed: seed &+ 1).shuffled(seed)
    )
  }
}

extension Array {
  /// The same elements in another order.
  fileprivate func shuffled(_ seed: UInt64) -> [Element] {
    var generator = SplitMix(state: seed)
    return shuffled(using: &generator)
  }
}
