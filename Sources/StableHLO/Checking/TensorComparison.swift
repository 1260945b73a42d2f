import VMap

/// Compares two tensors element by element.
struct TensorComparison {
  /// How many elements differ by more than is allowed.
  private(set) var differing = 0
  /// The first of them, for people.
  private var first = ""
  private let count: Int

  /// What differs, or nil where nothing does.
  var difference: String? {
    differing == 0 ? nil : "\(first); \(differing) of \(count) elements differ"
  }

  /// Compares tensors of one type.
  init(_ actual: AnyTensor, _ expected: AnyTensor, _ kind: CheckKind) throws {
    guard actual.type == expected.type else {
      throw VMapError(
        .shapeMismatch, "the result is \(actual.type), \(expected.type) is expected")
    }
    count = actual.type.shape.reduce(1, *)
    try actual.withBytes { actualBytes in
      try expected.withBytes { expectedBytes in
        switch actual.elementType {
        case .float32: compare(actualBytes, expectedBytes, actual.type.shape, kind, Float.self)
        case .float64: compare(actualBytes, expectedBytes, actual.type.shape, kind, Double.self)
        case .bool, .uint8: compareExactly(actualBytes, expectedBytes, actual.type.shape, UInt8.self)
        case .int8: compareExactly(actualBytes, expectedBytes, actual.type.shape, Int8.self)
        case .int16: compareExactly(actualBytes, expectedBytes, actual.type.shape, Int16.self)
        case .int32: compareExactly(actualBytes, expectedBytes, actual.type.shape, Int32.self)
        case .int64: compareExactly(actualBytes, expectedBytes, actual.type.shape, Int64.self)
        case .uint16: compareExactly(actualBytes, expectedBytes, actual.type.shape, UInt16.self)
        case .uint32: compareExactly(actualBytes, expectedBytes, actual.type.shape, UInt32.self)
        case .uint64: compareExactly(actualBytes, expectedBytes, actual.type.shape, UInt64.self)
        }
      }
    }
  }

  private mutating func compareExactly<Scalar: FixedWidthInteger & BitwiseCopyable>(
    _ actual: UnsafeRawBufferPointer, _ expected: UnsafeRawBufferPointer, _ shape: [Int],
    _: Scalar.Type
  ) {
    for index in 0..<count {
      let offset = index * MemoryLayout<Scalar>.size
      let a = actual.loadUnaligned(fromByteOffset: offset, as: Scalar.self)
      let b = expected.loadUnaligned(fromByteOffset: offset, as: Scalar.self)
      if a != b { note("\(a)", "\(b)", index, shape) }
    }
  }

  private mutating func compare<Scalar: ComparableFloat>(
    _ actual: UnsafeRawBufferPointer, _ expected: UnsafeRawBufferPointer, _ shape: [Int],
    _ kind: CheckKind, _: Scalar.Type
  ) {
    for index in 0..<count {
      let offset = index * MemoryLayout<Scalar>.size
      let a = actual.loadUnaligned(fromByteOffset: offset, as: Scalar.self)
      let b = expected.loadUnaligned(fromByteOffset: offset, as: Scalar.self)
      if !kind.accepts(a, b) { note("\(a)", "\(b)", index, shape) }
    }
  }

  private mutating func note(_ actual: String, _ expected: String, _ index: Int, _ shape: [Int]) {
    differing += 1
    guard differing == 1 else { return }
    var position: [Int] = []
    var rest = index
    for size in shape.reversed() {
      position.append(rest % size)
      rest /= size
    }
    let place = position.reversed().map(String.init).joined(separator: ", ")
    first = "element [\(place)] is \(actual), \(expected) is expected"
  }
}

/// A floating-point number with its place in the order of all of its type.
protocol ComparableFloat: BinaryFloatingPoint, BitwiseCopyable {
  /// Neighbouring numbers have neighbouring places; both zeros have one.
  var place: Int64 { get }
}

extension Float: ComparableFloat {
  var place: Int64 {
    let bits = Int64(bitPattern & 0x7fff_ffff)
    return sign == .minus ? -bits : bits
  }
}

extension Double: ComparableFloat {
  var place: Int64 {
    let bits = Int64(bitPattern & 0x7fff_ffff_ffff_ffff)
    return sign == .minus ? -bits : bits
  }
}

extension CheckKind {
  func accepts<Scalar: ComparableFloat>(_ actual: Scalar, _ expected: Scalar) -> Bool {
    switch self {
    case .equal: return actual == expected || actual.isNaN && expected.isNaN
    case .close(let minimum, let maximum):
      let distance = CheckKind.distance(actual, expected)
      return minimum <= distance && distance <= maximum
    case .within(let relative, let absolute):
      if actual == expected || actual.isNaN && expected.isNaN { return true }
      guard actual.isFinite, expected.isFinite else { return false }
      return Double(actual - expected).magnitude
        <= absolute + relative * Double(expected).magnitude
    }
  }

  /// The units in the last place between two numbers; the greatest number where one is no number or
  /// infinite and the other is not.
  private static func distance<Scalar: ComparableFloat>(_ a: Scalar, _ b: Scalar) -> UInt64 {
    if a == b || a.isNaN && b.isNaN { return 0 }
    guard a.isFinite, b.isFinite else { return .max }
    let (difference, overflow) = a.place.subtractingReportingOverflow(b.place)
    return overflow ? .max : difference.magnitude
  }
}
