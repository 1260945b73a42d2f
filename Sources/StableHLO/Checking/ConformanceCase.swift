import FoundationEssentials
import VMap

/// A per-example function in a module beside it, how it is mapped, and what must come out.
///
/// The `.json` file names the module, lists the `vmap`s from the innermost on, and holds the arguments
/// and the results, or the kind of error that the call must end with.
struct ConformanceCase {
  private let path: String
  private let contents: Contents

  private struct Contents: Decodable {
    var module: String
    var vmaps: [Map]
    var args: [Array]
    var results: [Array]?
    var rtol: Double?
    var atol: Double?
    var error: String?
    var derivative: Derivative?
  }

  /// What is done to the function before it is mapped.
  private struct Derivative: Decodable {
    var kind: String
    var arguments: [Int]
  }

  private struct Map: Decodable {
    var in_axes: [Int?]
    var out_axes: [Int?]
  }

  fileprivate struct Array: Decodable {
    var dtype: String
    var shape: [Int]
    var data_base64: String
  }

  init(contentsOfFile path: String) throws {
    self.path = path
    contents = try StableHLO.located(path) { () throws(StableHLOError) in
      let data = Data(try StableHLO.readFile(path).withoutByteOrderMark)
      do { return try JSONDecoder().decode(Contents.self, from: data) } catch {
        throw StableHLOError(.unreadable, "this is no case: \(ConformanceCase.reason(error))")
      }
    }
  }

  /// Whether a file is meant to be a case: JSON that names a module, or what cannot be read.
  static func isCase(_ path: String) -> Bool {
    struct Name: Decodable {
      var module: String?
    }
    do {
      return try JSONDecoder().decode(Name.self, from: Data(File.read(path).withoutByteOrderMark))
        .module != nil
    } catch DecodingError.typeMismatch {
      return false
    } catch {
      return true
    }
  }

  /// What is wrong with the JSON of a case.
  private static func reason(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map(\.stringValue)
      return keys.isEmpty ? "it" : keys.joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      return "\(place(context)) has no \"\(key.stringValue)\""
    case DecodingError.typeMismatch(let type, let context),
      DecodingError.valueNotFound(let type, let context):
      return "\(place(context)) should be a \(type)"
    default: return "it is no JSON"
    }
  }

  /// Runs the case, and throws what differs.
  func check(_ operations: inout Set<TypedOperation>) throws {
    let modulePath = "\(File.folder(of: path))\(contents.module)"
    let function = try StableHLO.located(modulePath) { () throws(StableHLOError) in
      let parsed = try Parser.parse(StableHLO.readFile(modulePath))
      operations = parsed.typedOperations
      return try LoadedModule(parsed, entry: "main").anyFunction()
    }
    for (name, tolerance) in [("rtol", contents.rtol), ("atol", contents.atol)] {
      if let tolerance, tolerance < 0 {
        throw CheckFailure(description: "\(path): \(name) should not be negative, got \(tolerance)")
      }
    }
    let arguments = try contents.args.map { try $0.tensor() }
    var mapped = jit(try differentiated(function))
    for map in contents.vmaps {
      mapped = vmap(mapped, inAxes: map.in_axes.axes, outAxes: map.out_axes.axes)
    }
    let results: [AnyTensor]
    do throws(VMapError) {
      results = try mapped(arguments)
    } catch {
      guard let expected = contents.error else { throw error }
      guard ConformanceCase.kinds[expected] == error.kind else {
        throw CheckFailure(
          description: "\(path): an error \(expected) is expected, this came: \(error)")
      }
      return
    }
    if let expected = contents.error {
      throw CheckFailure(description: "\(path): an error \(expected) is expected, none came")
    }
    let expected = try (contents.results ?? []).map { try $0.tensor() }
    guard expected.count == results.count else {
      throw CheckFailure(
        description:
          "\(path): \(quantity(expected.count, "result")) are expected, \(results.count) came")
    }
    let kind = CheckKind.within(relative: contents.rtol ?? 0, absolute: contents.atol ?? 0)
    for (number, (result, expected)) in zip(results, expected).enumerated() {
      if let difference = try TensorComparison(result, expected, kind).difference {
        throw CheckFailure(description: "\(path): result \(number): \(difference)")
      }
    }
  }

  /// The derivative that the case is about, or the function itself.
  private func differentiated(_ function: AnyFunction) throws -> AnyFunction {
    guard let derivative = contents.derivative else { return function }
    let arguments = derivative.arguments
    let count = function.results.count
    switch derivative.kind {
    case "jvp": return jvp(function, arguments: arguments).droppingResults(count)
    case "vjp": return vjp(function, arguments: arguments).droppingResults(count)
    case "hessian" where arguments.count == 1: return hessian(function, argument: arguments[0])
    default:
      throw CheckFailure(description: "\(path): there is no derivative \(derivative.kind)")
    }
  }

  /// The kinds of error by their names in the cases.
  private static let kinds: [String: VMapError.Kind] = [
    "axis_size_mismatch": .axisSizeMismatch, "axis_out_of_range": .axisOutOfRange,
    "nothing_mapped": .nothingMapped, "arity_mismatch": .arityMismatch,
    "out_axis_out_of_range": .outAxisOutOfRange,
    "out_axis_none_for_batched_output": .outAxisNilForMappedResult,
    "shape_mismatch": .shapeMismatch, "dtype_mismatch": .typeMismatch,
  ]
}

extension [Int?] {
  /// One axis, or none, for each argument or result.
  fileprivate var axes: Axes { .each(map { $0.map(Axes.axis) ?? .unmapped }) }
}

extension ConformanceCase.Array {
  func tensor() throws -> AnyTensor {
    guard let element = ElementType(stableHLO: dtype) else {
      throw StableHLOError(
        .unsupported, "not supported yet: elements of type \(dtype)",
        unsupported: ["elements of type \(dtype)"])
    }
    guard let data = Data(base64Encoded: data_base64) else {
      throw StableHLOError(.unreadable, "the data of an array is no base64")
    }
    return try data.withUnsafeBytes { bytes throws(VMapError) in
      try AnyTensor(TensorType(element: element, shape: shape), bytes: bytes)
    }
  }
}
