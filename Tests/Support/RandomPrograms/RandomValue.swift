@testable import VMap

/// A value of a random program, with what is known of its elements.
struct RandomValue {
  let handle: TensorHandle
  /// No element's magnitude is greater.
  var magnitude: Double
  /// How many binary digits after the point the elements have at most; nil where they may be rounded.
  var digits: Int?

  var element: ElementType { handle.element }
  var shape: [Int] { handle.shape }
  var type: TensorType { handle.type }
  var count: Int { shape.reduce(1, *) }

  /// Whether every correct device has the same elements, so that comparing them decides nothing by
  /// chance.
  var isExact: Bool { !element.isInexact || digits != nil }

  init(_ handle: TensorHandle, magnitude: Double, digits: Int?) {
    self.handle = handle
    self.magnitude = magnitude
    self.digits = RandomValue.kept(digits, magnitude, handle.element)
  }

  /// The digits where numbers of that size have as many in a type.
  private static func kept(_ digits: Int?, _ magnitude: Double, _ type: ElementType) -> Int? {
    guard type.isInexact else { return 0 }
    guard let digits, let format = FloatFormat(type.part) else { return nil }
    let whole = magnitude < 1 ? 0 : Int(magnitude.exponent) + 1
    return whole + digits < min(format.precision, 50) ? digits : nil
  }
}

extension ElementType {
  /// The greatest magnitude of an integer.
  var greatestMagnitude: Double {
    self == .bool ? 1 : isInteger ? Double(integerRange.upperBound) + 1 : greatestFinite
  }
}
