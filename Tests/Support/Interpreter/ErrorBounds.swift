import Kernels

@testable import VMap

/// Floating-point functions of elements that are known to within a bound.
///
/// A result's bound is how far it can move while the operands move within theirs, plus the rounding of
/// the operation itself on both sides. Operands without an error give basic operations none: those are
/// rounded correctly everywhere, so that they must agree to the last bit.
enum ErrorBounds {
  /// A function of the interpreter's own, `FloatFunctions`, by its name.
  static func apply(
    _ name: String, _ type: ElementType, _ operands: [ReferenceScalar]
  ) throws -> ReferenceScalar {
    guard let function = FloatFunctions.function(name, type) else {
      throw InterpreterError("there is no floating-point function \(name)")
    }
    let x = operands.map { type.number($0.bits) }
    // In double precision a product's rounding would come between: three operands round once, in the
    // arithmetic of the type.
    let center =
      name == "fma" && type.arithmetic == .float32
      ? Double(Float(x[2]).addingProduct(Float(x[0]), Float(x[1]))) : function(x)
    let moves = spread(name, type, operands, around: center, function)
    let scale = max(center.magnitude, KernelLibrary.function(named: name)?.floor ?? 0)
    let inexact = operands.contains { $0.bound > 0 }
    let rounding: Double =
      switch FloatFunctions.accuracy(name, type) {
      case .exact: 0
      case .rounded: inexact ? type.ulp(center) : 0
      // The reference is itself off by a few units where it is no wider than the result.
      case .ulps(let ulps) where type.arithmetic != type:
        // Both are rounded, the device's from a `float` so many units off: to neighbours at most.
        type.ulp(center) + (ulps + 0.5) * type.arithmetic.ulp(scale)
      case .ulps(let ulps): (ulps + (type == .float32 ? 0.5 : 4)) * type.ulp(scale)
      }
    let bits = type.bits(center)
    return ReferenceScalar(
      bits: bits, bound: type.number(bits).isFinite || moves > 0 ? moves + rounding : 0)
  }

  /// Functions that are not monotone between two ends of an interval, but nearly a parabola.
  private static let turning: Set = ["sin", "cos", "cosh", "tan", "rem", "lgamma"]

  /// The largest change of a function's value over the corners of the box that the operands lie in.
  private static func spread(
    _ name: String, _ type: ElementType, _ operands: [ReferenceScalar], around center: Double,
    _ function: FloatFunctions.Function
  ) -> Double {
    guard operands.contains(where: { $0.bound > 0 }) else { return 0 }
    guard operands.allSatisfy(\.isCertain) else { return .infinity }
    if name == "div", divisorMayVanish(operands[1], type) { return .infinity }
    var corners: [[Double]] = [[]]
    for operand in operands {
      let value = type.number(operand.bits)
      let ends = operand.bound > 0 ? interval(value, operand.bound) : [value]
      corners = corners.flatMap { corner in ends.map { corner + [$0] } }
    }
    var largest = 0.0
    for corner in corners {
      let value = function(corner)
      if value.isNaN, center.isNaN { continue }
      let change = value == center ? 0 : (value - center).magnitude
      largest = change.isNaN ? .infinity : max(largest, change)
    }
    return turning.contains(name) ? 2 * largest : largest
  }

  private static func interval(_ value: Double, _ bound: Double) -> [Double] {
    [(value - bound).nextDown, (value + bound).nextUp]
  }

  private static func divisorMayVanish(_ divisor: ReferenceScalar, _ type: ElementType) -> Bool {
    divisor.bound > 0 && type.number(divisor.bits).magnitude <= divisor.bound
  }

  /// A power with a constant exponent, by any order of multiplications.
  static func integerPower(
    _ x: ReferenceScalar, _ exponent: Int, _ type: ElementType
  ) throws -> ReferenceScalar {
    let power = product([ReferenceScalar](repeating: x, count: abs(exponent)), type, in: type)
    guard exponent < 0 else { return power }
    return try apply("div", type, [ReferenceScalar(bits: type.bits(1.0)), power])
  }

  /// A sum of terms in any order: γₙ Σ|t|, the errors of the terms, and the reference's rounding.
  ///
  /// Terms of 16 bits are summed up as `float`, and the sum is rounded.
  /// - Parameter roundings: How often each term is rounded before it is added, at most.
  static func sum(
    _ terms: [Double], errors: Double, _ type: ElementType, roundings: Int = 0
  ) -> ReferenceScalar {
    let wide = type.arithmetic
    let total = compensatedSum(terms)
    let magnitude = terms.reduce(0) { $0 + $1.magnitude }
    let bits = type.bits(total)
    guard magnitude.isFinite else { return ReferenceScalar(bits: bits, bound: errors) }
    if errors == 0, isExact(terms, magnitude, wide) { return narrowed(total, bound: 0, type) }
    let count = Double(max(0, terms.count - 1 + roundings))
    let gamma = count * wide.unitRoundoff / (1 - count * wide.unitRoundoff)
    let bound = gamma * magnitude + errors
    // Partial sums may overflow in one order and not in another.
    guard magnitude < wide.greatestFinite else {
      return ReferenceScalar(bits: bits, bound: .infinity)
    }
    let underflow = Double(roundings * terms.count) * wide.leastPositive
    return narrowed(total, bound: bound == 0 ? 0 : bound + wide.ulp(total) + underflow, type)
  }

  /// Whether all partial sums of terms are numbers of a type, in any order: they have few enough digits.
  private static func isExact(
    _ terms: [Double], _ magnitude: Double, _ type: ElementType
  ) -> Bool {
    let last = terms.lazy.filter { $0 != 0 }.map { Int($0.exponent) - $0.significandWidth }.min()
    guard let last, let format = FloatFormat(type) else { return true }
    // A product of doubles that was rounded has all digits of one.
    let digits = min(format.precision, 40)
    return last > Int(type.leastNormal.exponent)
      && magnitude < Double(sign: .plus, exponent: last + digits, significand: 1)
  }

  /// A product of factors in any order, each partial one rounded to a type.
  static func product(
    _ factors: [ReferenceScalar], _ type: ElementType, in wide: ElementType
  ) -> ReferenceScalar {
    var total = 1.0
    var most = 1.0
    for factor in factors {
      total *= type.number(factor.bits)
      most *= type.number(factor.bits).magnitude + factor.bound
    }
    guard factors.count > 1 || factors.contains(where: { $0.bound > 0 }), total.isFinite else {
      return ReferenceScalar(bits: type.bits(total))
    }
    let count = Double(factors.count)
    let gamma = count * wide.unitRoundoff / (1 - count * wide.unitRoundoff)
    return narrowed(
      total,
      bound: most * (1 + gamma) - total.magnitude + wide.ulp(total) + count * wide.leastPositive,
      type)
  }

  /// A number that is known to within a bound, rounded to a type that may be narrower than what it was
  /// computed in: exact where all numbers within the bound are rounded to the same.
  private static func narrowed(
    _ number: Double, bound: Double, _ type: ElementType
  ) -> ReferenceScalar {
    let bits = type.bits(number)
    guard type.arithmetic != type else { return ReferenceScalar(bits: bits, bound: bound) }
    let ends = [number - bound, number + bound].map(type.bits)
    if ends.allSatisfy({ $0 == bits }) { return ReferenceScalar(bits: bits) }
    guard ends.allSatisfy({ type.number($0).isFinite }) else {
      return ReferenceScalar(bits: bits, bound: .infinity)
    }
    return ReferenceScalar(bits: bits, bound: bound + type.ulp(number))
  }

  /// Neumaier's sum: the rounding of each addition is kept and added at the end.
  private static func compensatedSum(_ terms: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for term in terms {
      let next = sum + term
      lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
      sum = next
    }
    return sum.isFinite ? sum + lost : terms.reduce(0, +)
  }
}
