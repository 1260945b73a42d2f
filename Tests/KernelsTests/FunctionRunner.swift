import Device
import Kernels

/// Runs a math function on the device at widths 16, 8, 4 and 1 in one kernel.
struct FunctionRunner<T: Judged> {
  static var widths: [Int] { [16, 8, 4, 1] }

  /// The element types of the device.
  static var types: [MathType] {
    (try? Context.shared().profile.hasDouble) == false ? [.f32] : MathType.allCases
  }

  let context: Context
  let kernel: Kernel

  init(_ function: MathFunction) throws {
    context = try Context.shared()
    let program = try context.makeProgram(source: try Self.source(function), options: "")
    kernel = try program.kernel("evaluate")
  }

  private static var type: MathType { T.self == Float.self ? .f32 : .f64 }

  private static func source(_ function: MathFunction) throws -> String {
    let scalar = type == .f32 ? "float" : "double"
    var text = try KernelLibrary.source(functions: widths.map { (function.name, type, $0) })
    text += """
      kernel void evaluate(global const \(scalar) *x, global const \(scalar) *y,
                           global \(scalar) *z, uint n) {
        size_t i = get_global_id(0);

      """
    for (row, width) in widths.enumerated() {
      let name = KernelLibrary.identifier(function.name, type, width: width)
      let index = "i * \(16 / width) + j"
      func load(_ array: String) -> String {
        width == 1 ? "\(array)[\(index)]" : "vload\(width)(\(index), \(array))"
      }
      let arguments = function.argumentCount == 1 ? load("x") : "\(load("x")), \(load("y"))"
      let target = "z + (size_t)n * \(row)"
      let store =
        width == 1
        ? "(\(target))[\(index)] = \(name)(\(arguments));"
        : "vstore\(width)(\(name)(\(arguments)), \(index), \(target));"
      text += "  for (int j = 0; j < \(16 / width); j++) \(store)\n"
    }
    return text + "}\n"
  }

  /// The results for each width; the count of arguments must be a multiple of 16.
  func callAsFunction(_ x: [T], _ y: [T]? = nil) throws -> [[T]] {
    let bytes = x.count * MemoryLayout<T>.stride
    let first = try context.makeBuffer(byteCount: bytes)
    let second = try context.makeBuffer(byteCount: bytes)
    let result = try context.makeBuffer(byteCount: bytes * Self.widths.count)
    try x.withUnsafeBytes { bytes in try first.write(from: bytes) }
    try (y ?? x).withUnsafeBytes { bytes in try second.write(from: bytes) }
    try context.launch(
      kernel, [.buffer(first), .buffer(second), .buffer(result), .uint32(UInt32(x.count))],
      global: [x.count / 16], local: [1], placement: .wide)
    return try Self.widths.indices.map { row in
      var values = [T](repeating: 0, count: x.count)
      try values.withUnsafeMutableBytes { target in
        try result.read(into: target, at: bytes * row)
      }
      return values
    }
  }

  /// Appends the last value until the count is a multiple of 16.
  static func padded(_ values: [T]) -> [T] {
    values + Array(repeating: values.last ?? 0, count: (16 - values.count % 16) % 16)
  }
}
