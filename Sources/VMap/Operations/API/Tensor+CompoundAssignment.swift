// Arithmetic that replaces a variable's tensor by another one:
//
//     y += bias
//
// Shapes broadcast as in NumPy, so that the new one may be larger.

extension Tensor where Scalar: TensorNumber {
  /// Adds in place.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Adds a number in place.
  public static func += (a: inout Tensor, b: Scalar) { a = a + b }
  /// Subtracts in place.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Subtracts a number in place.
  public static func -= (a: inout Tensor, b: Scalar) { a = a - b }
  /// Multiplies in place.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Multiplies by a number in place.
  public static func *= (a: inout Tensor, b: Scalar) { a = a * b }
  /// Divides in place.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Divides by a number in place.
  public static func /= (a: inout Tensor, b: Scalar) { a = a / b }
}
