import VMap

/// One operation with its operands, as the rules of lowering see it.
struct Application {
  let operation: Operation
  let operands: [AnyTensor]
  /// The types that the module gives the results.
  let results: [TensorType]
  /// The values of those operands that are constants with one value everywhere.
  var constants: [ScalarLiteral?] = []
  /// What the regions make of tensors that take the place of their parameters.
  var regions: [([AnyTensor]) throws -> [AnyTensor]] = []

  var name: String { operation.name }

  /// The types of the operands, for errors.
  var operandText: String { operands.map(\.type.description).joined(separator: ", ") }

  /// The only operands of an operation that takes so many.
  func operands(_ count: Int) throws(LoweringError) -> [AnyTensor] {
    guard operands.count == count else {
      throw .invalid("takes \(count) operands, got \(operands.count)")
    }
    return operands
  }

  /// The type of the only result.
  func result() throws(LoweringError) -> TensorType {
    guard results.count == 1 else { throw .invalid("gives one result, \(results.count) are named") }
    return results[0]
  }

  /// The operands, which have elements of one type.
  func alike(_ tensors: [AnyTensor]) throws(LoweringError) -> [AnyTensor] {
    guard tensors.allSatisfy({ $0.elementType == tensors[0].elementType }) else {
      throw .invalid("takes elements of one type, got \(operandText)")
    }
    return tensors
  }
}

/// Attributes by their names in the generic form.
extension Operation {
  func attribute(_ name: String) throws(LoweringError) -> AttributeSyntax {
    guard let value = attributes[name] else { throw .invalid("the attribute \(name) is missing") }
    return value
  }

  func integer(_ name: String) throws(LoweringError) -> Int {
    guard case .integer(let value) = try attribute(name) else {
      throw .invalid("the attribute \(name) should be an integer")
    }
    return value
  }

  /// A list of integers, `[1, 2]`, `array<i64: 1, 2>` or `dense<[1, 2]> : tensor<2xi64>`.
  func integers(_ name: String) throws(LoweringError) -> [Int] {
    guard let integers = try attribute(name).integers else {
      throw .invalid("the attribute \(name) should be a list of integers")
    }
    return integers
  }

  func symbol(_ name: String) throws(LoweringError) -> String {
    switch try attribute(name) {
    case .symbol(let value), .string(let value): return value
    default: throw .invalid("the attribute \(name) should be the name of a function")
    }
  }

  /// A word of an enumeration, `LT`.
  func word(_ name: String) throws(LoweringError) -> String {
    guard case .word(let value) = try attribute(name) else {
      throw .invalid("the attribute \(name) should be a word")
    }
    return value
  }
}

extension AttributeSyntax {
  /// The integers of a list, if it is one.
  var integers: [Int]? {
    switch self {
    case .array(let items):
      var integers: [Int] = []
      for item in items {
        guard case .integer(let value) = item else { return nil }
        integers.append(value)
      }
      return integers
    case .dense(let value):
      guard value.type.element == "i64" else { return nil }
      let integers = stride(from: 0, to: value.bytes.count, by: 8).map { start in
        value.bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }.map { Int(truncatingIfNeeded: $0) }
      guard value.isSplat else { return integers }
      let count = value.type.shape.reduce(1, *)
      return count <= 1024 ? [Int](repeating: integers[0], count: count) : nil
    default: return nil
    }
  }
}

/// Why an operation cannot be lowered.
enum LoweringError: Error {
  /// It contradicts StableHLO's rules.
  case invalid(String)
  /// It is not supported yet, with a name for it: `stablehlo.sort`, `stablehlo.power on i32`.
  case unsupported(String)
}

extension ElementType {
  /// The type of a name in a module; nil for types that are not supported.
  init?(stableHLO name: String) {
    switch name {
    case "f16": self = .float16
    case "bf16": self = .bfloat16
    case "f32": self = .float32
    case "f64": self = .float64
    case "complex<f32>": self = .complex64
    case "complex<f64>": self = .complex128
    case "i1": self = .bool
    case "i8": self = .int8
    case "i16": self = .int16
    case "i32": self = .int32
    case "i64": self = .int64
    case "ui8": self = .uint8
    case "ui16": self = .uint16
    case "ui32": self = .uint32
    case "ui64": self = .uint64
    default: return nil
    }
  }
}

extension TypeSyntax {
  /// The type of a tensor whose elements are supported.
  var supported: TensorType? {
    tensor.flatMap { type in
      ElementType(stableHLO: type.element).map { TensorType(element: $0, shape: type.shape) }
    }
  }
}
