import VMap

/// Compares two tensors element by element.
struct TensorComparison {
  /// How many elements differ by more than is allowed.
  private(set) var differing = 0
  /// The first of them, for people.
  private var first = ""
  private let type: TensorType
  private let count: Int

  /// The bytes of both tensors.
  private struct Pair {
    let actual: UnsafeRawBufferPointer
    let expected: UnsafeRawBufferPointer

    func elements<Scalar: BitwiseCopyable>(at index: Int, as _: Scalar.Type) -> (Scalar, Scalar) {
      let offset = index * MemoryLayout<Scalar>.size
      return (
        actual.loadUnaligned(fromByteOffset: offset, as: Scalar.self),
        expected.loadUnaligned(fromByteOffset: offset, as: Scalar.self)
      )
    }
  }

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
    type = actual.type
    count = type.shape.reduce(1, *)
    try actual.withBytes { actual in
      try expected.withBytes { expected in
        let pair = Pair(actual: actual, expected: expected)
        switch type.element {
        case .float16: compare(pair, kind, Float16.self)
        case .bfloat16: compare(pair, kind, BFloat16.self)
        case .float32: compare(pair, kind, Float.self)
        case .float64: compare(pair, kind, Double.self)
        case .complex64: compareParts(pair, kind, Float.self)
        case .complex128: compareParts(pair, kind, Double.self)
        case .bool, .uint8: compareExactly(pair, UInt8.self)
        case .int8: compareExactly(pair, Int8.self)
        case .int16: compareExactly(pair, Int16.self)
        case .int32: compareExactly(pair, Int32.self)
        case .int64: compareExactly(pair, Int64.self)
        case .uint16: compareExactly(pair, UInt16.self)
        case .uint32: compareExactly(pair, UInt32.self)
        case .uint64: compareExactly(pair, UInt64.self)
        }
      }
    }
  }

  private mutating func compareExactly<Scalar: FixedWidthInteger & BitwiseCopyable>(
    _ pair: Pair, _ scalar: Scalar.Type
  ) {
    for index in 0..<count {
      let (a, b) = pair.elements(at: index, as: scalar)
      if a != b { note("\(a)", "\(b)", index) }
    }
  }

  private mutating func compare<Scalar: ComparableFloat>(
    _ pair: Pair, _ kind: CheckKind, _ scalar: Scalar.Type
  ) {
    for index in 0..<count {
      let (a, b) = pair.elements(at: index, as: scalar)
      if !kind.accepts(a, b) { note("\(a)", "\(b)", index) }
    }
  }

  /// Compares complex numbers part by part; what is relative is so to the larger one.
  private mutating func compareParts<Scalar: ComparableFloat>(
    _ pair: Pair, _ kind: CheckKind, _ scalar: Scalar.Type
  ) {
    for index in 0..<count {
      let (a, b) = pair.elements(at: 2 * index, as: scalar)
      let (c, d) = pair.elements(at: 2 * index + 1, as: scalar)
      let magnitude = Double(max(b.magnitude, d.magnitude))
      let kind = kind.relative(toMagnitude: magnitude)
      if !kind.accepts(a, b) || !kind.accepts(c, d) { note("(\(a), \(c))", "(\(b), \(d))", index) }
    }
  }

  private mutating func note(_ actual: String, _ expected: String, _ index: Int) {
    differing += 1
    guard differing == 1 else { return }
    var position: [Int] = []
    var rest = index
    for size in type.shape.reversed() {
      position.append(rest % size)
      rest /= size
    }
    let place = position.reversed().map(String.init).joined(separator: ", ")
    first = "element [\(place)] is \(actual), \(expected) is expected"
  }
}

/// A floating-point number with its place in the order of all of its type.
protocol ComparableFloat: BinaryFloatingPoint, BitwiseCopyable {
  /// The bits without the sign, as a number.
  var magnitudeBits: Int64 { get }
}

extension ComparableFloat {
  /// Neighbouring numbers have neighbouring places; both zeros have one.
  var place: Int64 { sign == .minus ? -magnitudeBits : magnitudeBits }
}

extension Float16: ComparableFloat {
  var magnitudeBits: Int64 { Int64(bitPattern & 0x7fff) }
}

extension BFloat16: ComparableFloat {
  var magnitudeBits: Int64 { Int64(bitPattern & 0x7fff) }
}

extension Float: ComparableFloat {
  var magnitudeBits: Int64 { Int64(bitPattern & 0x7fff_ffff) }
}

extension Double: ComparableFloat {
  var magnitudeBits: Int64 { Int64(bitPattern & 0x7fff_ffff_ffff_ffff) }
}

extension CheckKind {
  /// The tolerance for both parts of a complex number, by the magnitude of the larger one.
  func relative(toMagnitude magnitude: Double) -> CheckKind {
    guard case .within(let relative, let absolute) = self, relative > 0, magnitude.isFinite else {
      return self
    }
    return .within(relative: 0, absolute: absolute + relative * magnitude)
  }

  func accepts<Scalar: ComparableFloat>(_ actual: Scalar, _ expected: Scalar) -> Bool {
    switch self {
    case .equal: return actual == expected || actual.isNaN && expected.isNaN
    case .close(let minimum, let maximum):
      let distance = CheckKind.distance(actual, expected)
      return minimum <= distance && distance <= maximum
    case .within(let relative, let absolute):
      if actual == expected || actual.isNaN && expected.isNaN { return true }
      guard actual.isFinite, expected.isFinite else { return false }
      // A tolerance below the distance of neighbouring numbers cannot mean that none is accepted.
      if absolute > 0, CheckKind.distance(actual, expected) <= 1 { return true }
      return (Double(actual) - Double(expected)).magnitude
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
