@testable import VMap

/// Many elements combined into one.
enum Reductions {
  /// The combination of elements by the name of a reduction or of a collective.
  static func reduce(
    _ name: String, _ type: ElementType, _ elements: [ReferenceScalar]
  ) throws -> ReferenceScalar {
    let kind = name.hasPrefix("reduce_") ? String(name.dropFirst(7)) : String(name.dropFirst())
    if type.isComplex {
      switch kind {
      case "sum":
        return ComplexMeaning.sum(
          elements.map(type.complex), errors: elements.reduce(0) { $0 + $1.bound }, type)
      case "prod": return ComplexMeaning.product(elements, type)
      default: throw InterpreterError("there is no reduction \(kind) of complex numbers")
      }
    }
    return try type.isFloating
      ? combineNumbers(kind, type, elements) : combineIntegers(kind, type, elements)
  }

  private static func combineNumbers(
    _ kind: String, _ type: ElementType, _ elements: [ReferenceScalar]
  ) throws -> ReferenceScalar {
    let numbers = elements.map { type.number($0.bits) }
    let largestBound = elements.map(\.bound).max() ?? 0
    switch kind {
    case "sum":
      return ErrorBounds.sum(numbers, errors: elements.reduce(0) { $0 + $1.bound }, type)
    case "prod": return ErrorBounds.product(elements, type, in: type.arithmetic)
    case "max":
      let greatest = numbers.reduce(-Double.infinity, FloatFunctions.greater)
      return ReferenceScalar(bits: type.bits(greatest), bound: largestBound)
    case "min":
      let least = -numbers.map { -$0 }.reduce(-Double.infinity, FloatFunctions.greater)
      return ReferenceScalar(bits: type.bits(least), bound: largestBound)
    default: throw InterpreterError("there is no reduction \(kind) of numbers")
    }
  }

  private static func combineIntegers(
    _ kind: String, _ type: ElementType, _ elements: [ReferenceScalar]
  ) throws -> ReferenceScalar {
    let integers = elements.map { type.integer($0.bits) }
    let (lowest, highest) = (type.integerRange.lowerBound, type.integerRange.upperBound)
    let result: Int128 =
      switch kind {
      case "sum": integers.reduce(0, &+)
      case "prod": integers.reduce(1) { type.integer(type.bits($0 &* $1)) }
      case "max": integers.reduce(lowest, max)
      case "min": integers.reduce(highest, min)
      case "and": integers.reduce(-1, &)
      case "or": integers.reduce(0, |)
      default: throw InterpreterError("there is no reduction \(kind)")
      }
    let bound = elements.allSatisfy(\.isCertain) ? 0 : Double.infinity
    return ReferenceScalar(bits: type.bits(result), bound: bound)
  }

  /// The first position of the best element, where a NaN is better than any number.
  static func argument(
    ofMaximum isMaximum: Bool, _ type: ElementType, _ elements: [ReferenceScalar]
  ) -> ReferenceScalar {
    func isBetter(_ a: ReferenceScalar, _ b: ReferenceScalar) -> Bool {
      guard type.isFloating else {
        let (x, y) = (type.integer(a.bits), type.integer(b.bits))
        return isMaximum ? x > y : x < y
      }
      let (x, y) = (type.number(a.bits), type.number(b.bits))
      if y.isNaN { return false }
      return x.isNaN || (isMaximum ? x > y : x < y)
    }
    var best = 0
    for position in elements.indices where isBetter(elements[position], elements[best]) {
      best = position
    }
    // Another element that may be as good leaves the position open.
    let isOpen = elements.indices.contains { other in
      let slack = elements[other].bound + elements[best].bound
      guard other != best, slack > 0 else { return false }
      guard slack.isFinite else { return true }
      let (x, y) = (type.number(elements[other].bits), type.number(elements[best].bits))
      return !((x - y).magnitude > slack)
    }
    return ReferenceScalar(bits: UInt64(best), bound: isOpen ? .infinity : 0)
  }

  /// A sum of products.
  static func dot(
    _ type: ElementType, _ pairs: [(left: ReferenceScalar, right: ReferenceScalar)]
  ) -> ReferenceScalar {
    if type.isComplex { return ComplexMeaning.dot(type, pairs) }
    guard type.isFloating else {
      let sum = pairs.reduce(Int128(0)) { sum, pair in
        sum &+ type.integer(pair.left.bits) &* type.integer(pair.right.bits)
      }
      let isCertain = pairs.allSatisfy { $0.left.isCertain && $0.right.isCertain }
      return ReferenceScalar(bits: type.bits(sum), bound: isCertain ? 0 : .infinity)
    }
    var errors = 0.0
    let products = pairs.map { left, right in
      let (a, b) = (type.number(left.bits), type.number(right.bits))
      if left.bound > 0 || right.bound > 0 {
        errors += a.magnitude * right.bound + b.magnitude * left.bound + left.bound * right.bound
      }
      return a * b
    }
    // With or without fused multiply-adds; in double precision the products here are rounded too.
    return ErrorBounds.sum(products, errors: errors, type, roundings: 2)
  }
}
