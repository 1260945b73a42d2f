@testable import VMap

/// What elementwise operations mean for complex numbers, with bounds.
///
/// A bound holds for each part, and is stated relative to the magnitude of the result: a part that is
/// small beside the other one may have lost digits to it.
enum ComplexMeaning {
  private typealias Function = @Sendable (_ x: [ReferenceComplex]) -> ReferenceComplex

  private struct Entry: Sendable {
    let function: Function
    /// The units in the last place of `scale` that a device may be off.
    let ulps: Double
    /// The magnitude that rounding errors are relative to, if it is not the result's.
    let scale: @Sendable (_ x: [ReferenceComplex], _ result: ReferenceComplex) -> Double

    init(
      _ ulps: Double, _ function: @escaping Function,
      scale: @escaping @Sendable ([ReferenceComplex], ReferenceComplex) -> Double = {
        $1.magnitude
      }
    ) {
      self.function = function
      self.ulps = ulps
      self.scale = scale
    }
  }

  private static let one = ReferenceComplex(1)

  private static let all: [String: Entry] = [
    // Each part is rounded correctly.
    "add": Entry(0) { $0[0] + $0[1] },
    "sub": Entry(0) { $0[0] - $0[1] },
    "neg": Entry(0) { -$0[0] },
    "conj": Entry(0) { $0[0].conjugate },
    // Two roundings of products and one of their sum.
    "mul": Entry(3, { $0[0] * $0[1] }) { x, _ in x[0].magnitude * x[1].magnitude },
    "square": Entry(3) { $0[0] * $0[0] },
    // Smith's: a ratio, two sums of products, and a quotient.
    "div": Entry(10) { $0[0] / $0[1] },
    "sign": Entry(4, { ReferenceComplex.sign($0[0]) }),
    // An exponential of 1 unit times a cosine of 2.
    "exp": Entry(5) { ReferenceComplex.exp($0[0]) },
    // The argument is rounded as well, and e^x moves by x times its relative error.
    "exp2": Entry(8, { ReferenceComplex.exp($0[0] * 0.693_147_180_559_945_3) }) {
      $1.magnitude * (1 + $0[0].magnitude)
    },
    "expm1": Entry(8) { ReferenceComplex.expm1($0[0]) },
    "log": Entry(4) { ReferenceComplex.log($0[0]) },
    "log2": Entry(6) { ReferenceComplex.log($0[0]) * 1.442_695_040_888_963_4 },
    "log10": Entry(6) { ReferenceComplex.log($0[0]) * 0.434_294_481_903_251_8 },
    "log1p": Entry(5) { ReferenceComplex.log1p($0[0]) },
    // 1 + e^−x may cancel.
    "logistic": Entry(16, { one / (one + ReferenceComplex.exp(-$0[0])) }) { x, result in
      let decay = ReferenceComplex.exp(-x[0])
      return result.magnitude * (1 + (1 + decay.magnitude) / (one + decay).magnitude)
    },
    // The error of the exponent is relative to it, and the power moves by it.
    "pow": Entry(10, { ReferenceComplex.pow($0[0], $0[1]) }) { x, result in
      let exponent = x[1].magnitude * ReferenceComplex.log(x[0]).magnitude
      return result.magnitude * (1 + (exponent.isFinite ? exponent : 0))
    },
    "sqrt": Entry(4) { ReferenceComplex.sqrt($0[0].withoutNegativeZeros) },
    "rsqrt": Entry(6) { reciprocalSquareRoot($0[0]) },
    "sin": Entry(6) { ReferenceComplex.sinh($0[0].exchanged).exchanged },
    "cos": Entry(6) { ReferenceComplex.cosh(-$0[0].turned) },
    "sinh": Entry(6) { ReferenceComplex.sinh($0[0]) },
    "cosh": Entry(6) { ReferenceComplex.cosh($0[0]) },
    // Squares of a tangent of 3 units on both sides of the quotient.
    "tan": Entry(24) { ReferenceComplex.tanh($0[0].exchanged).exchanged },
    "tanh": Entry(24) { ReferenceComplex.tanh($0[0]) },
    "asin": Entry(8) { ReferenceComplex.asin($0[0].withoutNegativeZeros) },
    "acos": Entry(8) { ReferenceComplex.acos($0[0].withoutNegativeZeros) },
    "acosh": Entry(8) { ReferenceComplex.acosh($0[0].withoutNegativeZeros) },
    "asinh": Entry(8) { ReferenceComplex.asin($0[0].withoutNegativeZeros.exchanged).exchanged },
    "atan": Entry(8) { ReferenceComplex.atanh($0[0].exchanged).exchanged },
    "atanh": Entry(8) { ReferenceComplex.atanh($0[0]) },
  ]

  /// At zero (∞, NaN), as a division by zero gives it.
  private static func reciprocalSquareRoot(_ x: ReferenceComplex) -> ReferenceComplex {
    x == ReferenceComplex(0) ? ReferenceComplex(.infinity, .nan) : one / ReferenceComplex.sqrt(x)
  }

  /// The result of an operation that takes complex numbers or makes them; nil where it is none.
  static func result(
    _ name: String, _ operands: [ReferenceTensor], _ shape: [Int],
    _ row: (Int) -> [ReferenceScalar]
  ) throws -> ReferenceTensor? {
    let type = operands[0].element
    let positions = 0..<shape.reduce(1, *)
    if name == "complex", let complex = type.complex {
      return ReferenceTensor(
        complex, shape,
        positions.map { position in
          let x = row(position)
          return ReferenceScalar(
            bits: x[0].bits, imaginary: x[1].bits, bound: max(x[0].bound, x[1].bound))
        })
    }
    guard type.isComplex else { return nil }
    switch name {
    case "real", "imag":
      return ReferenceTensor(
        type.part, shape,
        positions.map { position in
          let x = row(position)[0]
          return ReferenceScalar(bits: name == "real" ? x.bits : x.imaginary, bound: x.bound)
        })
    case "abs":
      return ReferenceTensor(
        type.part, shape,
        positions.map { position in
          let x = row(position)[0]
          let magnitude = type.complex(x).magnitude
          return ReferenceScalar(
            bits: type.part.bits(magnitude),
            bound: 2 * x.bound + (type == .complex64 ? 2 : 4) * type.part.ulp(magnitude))
        })
    case "eq", "ne":
      return ReferenceTensor(
        .bool, shape, positions.map { equality(row($0), type, isEqual: name == "eq") })
    default:
      guard let entry = all[name] else {
        throw InterpreterError("there is no function \(name) of complex numbers")
      }
      return ReferenceTensor(type, shape, positions.map { apply(entry, row($0), type) })
    }
  }

  private static func equality(
    _ x: [ReferenceScalar], _ type: ElementType, isEqual: Bool
  ) -> ReferenceScalar {
    let difference = type.complex(x[0]) - type.complex(x[1])
    let slack = x[0].bound + x[1].bound
    let distance = max(difference.real.magnitude, difference.imaginary.magnitude)
    return ReferenceScalar(
      bits: (difference == ReferenceComplex(0)) == isEqual ? 1 : 0,
      bound: slack > 0 && !(distance > slack) ? .infinity : 0)
  }

  private static func apply(
    _ entry: Entry, _ operands: [ReferenceScalar], _ type: ElementType
  ) -> ReferenceScalar {
    let x = operands.map(type.complex)
    let result = entry.function(x)
    let moves = spread(entry, operands, x, around: result)
    // The reference is itself off by a few units where it is no wider than the result.
    let ulps = entry.ulps + (type == .complex64 ? 1 : 6)
    let isExact = entry.ulps == 0 && moves == 0
    var scale = entry.scale(x, result)
    if !scale.isFinite {
      // Of the logarithm of zero the angle is finite.
      let finite = [result.real.magnitude, result.imaginary.magnitude].filter(\.isFinite)
      scale = finite.max() ?? 0
    }
    return type.scalar(result, bound: isExact ? 0 : moves + ulps * type.part.ulp(scale))
  }

  /// How far a function moves while its operands do, by the corners of their boxes; twice that, since
  /// it is not linear.
  private static func spread(
    _ entry: Entry, _ operands: [ReferenceScalar], _ x: [ReferenceComplex],
    around center: ReferenceComplex
  ) -> Double {
    guard operands.contains(where: { $0.bound > 0 }) else { return 0 }
    guard operands.allSatisfy(\.isCertain) else { return .infinity }
    var largest = 0.0
    for (position, operand) in operands.enumerated() where operand.bound > 0 {
      var own = 0.0
      for corner in [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)] {
        var moved = x
        moved[position].real += corner.0 * operand.bound
        moved[position].imaginary += corner.1 * operand.bound
        let change = (entry.function(moved) - center).magnitude
        own = max(own, change.isNaN ? .infinity : change)
      }
      largest += own
    }
    return 2 * largest
  }

  /// A sum of complex terms in any order.
  static func sum(
    _ terms: [ReferenceComplex], errors: Double, _ type: ElementType, roundings: Int = 0
  ) -> ReferenceScalar {
    let real = ErrorBounds.sum(
      terms.map(\.real), errors: errors, type.part, roundings: roundings)
    let imaginary = ErrorBounds.sum(
      terms.map(\.imaginary), errors: errors, type.part, roundings: roundings)
    return ReferenceScalar(
      bits: real.bits, imaginary: imaginary.bits, bound: max(real.bound, imaginary.bound))
  }

  /// A product of complex factors in any order.
  static func product(_ factors: [ReferenceScalar], _ type: ElementType) -> ReferenceScalar {
    let numbers = factors.map(type.complex)
    let product = numbers.reduce(one) { $0 * $1 }
    let isExact = factors.count < 2 && factors.allSatisfy { $0.bound == 0 }
    let most = zip(numbers, factors).reduce(1) { $0 * ($1.0.magnitude + 2 * $1.1.bound) }
    let least = numbers.reduce(1) { $0 * $1.magnitude }
    let roundings = 4 * Double(factors.count + 1) * (type == .complex64 ? 1 : 2)
    return type.scalar(
      product,
      bound: isExact ? 0 : most - least + roundings * type.part.ulp(most))
  }

  /// A sum of products of complex numbers.
  static func dot(
    _ type: ElementType, _ pairs: [(left: ReferenceScalar, right: ReferenceScalar)]
  ) -> ReferenceScalar {
    var errors = 0.0
    let products = pairs.map { left, right in
      let (a, b) = (type.complex(left), type.complex(right))
      let (e, f) = (2 * left.bound, 2 * right.bound)
      // Both products of a part are rounded, and then their sum: they may cancel.
      errors += a.magnitude * f + b.magnitude * e + e * f
      errors += 4 * type.part.unitRoundoff * a.magnitude * b.magnitude
      return a * b
    }
    return sum(products, errors: errors, type, roundings: 3)
  }
}

extension ElementType {
  /// The value of a stored complex number.
  func complex(_ x: ReferenceScalar) -> ReferenceComplex {
    ReferenceComplex(part.number(x.bits), part.number(x.imaginary))
  }

  /// The nearest complex number of the type.
  func scalar(_ x: ReferenceComplex, bound: Double = 0) -> ReferenceScalar {
    ReferenceScalar(bits: part.bits(x.real), imaginary: part.bits(x.imaginary), bound: bound)
  }
}
