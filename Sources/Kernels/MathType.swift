/// A floating-point element type that the math functions exist for.
public enum MathType: String, Sendable, Hashable, CaseIterable {
  /// `float`.
  case f32
  /// `double`; the device must have `cl_khr_fp64`.
  case f64

  /// The OpenCL C names of the element type and of the integers of its size.
  var names: (float: String, signed: String, unsigned: String) {
    switch self {
    case .f32: ("float", "int", "uint")
    case .f64: ("double", "long", "ulong")
    }
  }
}
