/// The hand-written OpenCL C of the package: math functions that give the same bits at every
/// vector width.
///
/// A function called `exp` is defined as `vm_exp_f32x16` for 16 lanes of `float`, as `vm_exp_f32x1`
/// for one. Each width runs the same IEEE operations in the same order on every lane, so a lane's
/// result depends on that lane's arguments alone.
///
/// Error bounds and exactness hold on devices that round division and square roots correctly and
/// keep subnormal numbers.
public enum KernelLibrary {
  /// The vector widths that functions exist for.
  public static let widths = [1, 2, 4, 8, 16]

  /// A use of a function: its name, its element type and its vector width.
  public typealias Use = (name: String, type: MathType, width: Int)

  /// The name in OpenCL C of a function for an element type and a width.
  public static func identifier(_ name: String, _ type: MathType, width: Int) -> String {
    "vm_\(name)_\(type.rawValue)x\(width)"
  }

  /// OpenCL C that defines the functions and the helpers that they need, each once and before
  /// its first use.
  ///
  /// The text is the same for the same uses in the same order.
  /// - Throws: ``KernelLibraryError`` for a name or a width that the library does not have.
  public static func source(functions uses: [Use]) throws(KernelLibraryError) -> String {
    var writer = SourceWriter(templates: .embedded)
    for use in uses {
      guard has(use.name) else { throw .unknownFunction(use.name) }
      guard widths.contains(use.width) else { throw .unsupportedWidth(use.width) }
      try writer.define(use.name, use.type, width: use.width)
    }
    guard !uses.isEmpty else { return "" }
    return header(usesDouble: uses.contains { $0.type == .f64 }) + writer.text
  }

  private static func header(usesDouble: Bool) -> String {
    let double = usesDouble ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : ""
    return """
      #pragma OPENCL FP_CONTRACT OFF
      \(double)#ifndef VM_SELECT
      #define VM_SELECT(a, b, c) ((c) ? (b) : (a))
      #endif

      """
  }
}

/// What is wrong with a request to ``KernelLibrary``.
public enum KernelLibraryError: Error, Sendable, Hashable {
  /// The library has no function with this name.
  case unknownFunction(String)
  /// OpenCL C has no vectors of this width.
  case unsupportedWidth(Int)
}
