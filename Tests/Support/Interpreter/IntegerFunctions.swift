@testable import VMap

/// What elementwise operations mean for integers and truth values, by name.
///
/// Values are exact: wrapping around to the type happens when the result is stored.
enum IntegerFunctions {
  typealias Function = @Sendable (_ x: [Int128], _ type: ElementType) -> Int128

  static let all: [String: Function] = [
    "add": { x, _ in x[0] &+ x[1] },
    "sub": { x, _ in x[0] &- x[1] },
    "mul": { x, _ in x[0] &* x[1] },
    // XLA: all bits set for a division by zero, whose remainder is the dividend.
    "div": { x, _ in x[1] == 0 ? -1 : x[0] / x[1] },
    "rem": { x, _ in x[1] == 0 ? x[0] : x[0] % x[1] },
    "max": { x, _ in Swift.max(x[0], x[1]) },
    "min": { x, _ in Swift.min(x[0], x[1]) },
    "neg": { x, _ in -x[0] },
    "abs": { x, _ in x[0] < 0 ? -x[0] : x[0] },
    "sign": { x, _ in x[0].signum() },
    "square": { x, _ in x[0] &* x[0] },
    "clamp": { x, _ in Swift.min(Swift.max(x[0], x[1]), x[2]) },
    "and": { x, _ in x[0] & x[1] },
    "or": { x, _ in x[0] | x[1] },
    "xor": { x, _ in x[0] ^ x[1] },
    "not": { x, _ in ~x[0] },
    "shift_left": { x, type in
      amount(x[1], type).map { x[0] << Int128($0) } ?? 0
    },
    "shift_right_logical": { x, type in
      amount(x[1], type).map { pattern(x[0], type) >> Int128($0) } ?? 0
    },
    // The highest bit counts as the sign, also of unsigned types, as in XLA.
    "shift_right_arithmetic": { x, type in
      let negative = pattern(x[0], type) >> Int128(type.bitCount - 1) == 1
      let signed = pattern(x[0], type) - (negative ? Int128(1) << Int128(type.bitCount) : 0)
      return amount(x[1], type).map { signed >> Int128($0) } ?? (negative ? -1 : 0)
    },
    "population_count": { x, type in Int128(pattern(x[0], type).nonzeroBitCount) },
    "clz": { x, type in
      Int128(pattern(x[0], type).leadingZeroBitCount - (Int128.bitWidth - type.bitCount))
    },
  ]

  /// The bits of a value as a number that is not negative.
  private static func pattern(_ value: Int128, _ type: ElementType) -> Int128 {
    Int128(type.bits(value))
  }

  /// A shift's amount, or nil where it shifts everything out: negative ones are large.
  private static func amount(_ value: Int128, _ type: ElementType) -> Int? {
    let amount = pattern(value, type)
    return amount < Int128(type.bitCount) ? Int(amount) : nil
  }

  /// A power with an exponent that is not negative, wrapping around.
  static func power(_ base: Int128, _ exponent: Int) -> Int128 {
    (0..<exponent).reduce(1) { product, _ in product &* base }
  }
}
