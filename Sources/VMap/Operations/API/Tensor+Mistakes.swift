// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

// What is written by mistake, so that the compiler tells what to write. Everything here is unavailable.

extension Tensor where Scalar: TensorNumber {
  @available(*, unavailable, message: "elements are compared by .<")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func < (a: Tensor, b: Tensor) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .<")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func < (a: Tensor, b: Scalar) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .<=")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func <= (a: Tensor, b: Tensor) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .<=")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func <= (a: Tensor, b: Scalar) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .>")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func > (a: Tensor, b: Tensor) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .>")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func > (a: Tensor, b: Scalar) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .>=")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func >= (a: Tensor, b: Tensor) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .>=")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func >= (a: Tensor, b: Scalar) -> Bool { false }
}

extension Tensor where Scalar: TensorNumber {
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func + (a: Tensor, b: Int) -> Tensor { a }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func + (a: Int, b: Tensor) -> Tensor { b }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func - (a: Tensor, b: Int) -> Tensor { a }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func - (a: Int, b: Tensor) -> Tensor { b }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func * (a: Tensor, b: Int) -> Tensor { a }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func * (a: Int, b: Tensor) -> Tensor { b }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func / (a: Tensor, b: Int) -> Tensor { a }
  @available(
    *, unavailable,
    message: "a number must have the type of the elements: convert it, as in Float(n)"
  )
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func / (a: Int, b: Tensor) -> Tensor { b }
}

extension Tensor {
  @available(*, unavailable, message: "elements are compared by .==")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func == (a: Tensor, b: Tensor) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .==")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func == (a: Tensor, b: Scalar) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .!=")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func != (a: Tensor, b: Tensor) -> Bool { false }
  @available(*, unavailable, message: "elements are compared by .!=")
  @_documentation(visibility: internal) @_disfavoredOverload
  public static func != (a: Tensor, b: Scalar) -> Bool { false }
}

extension Tensor {
  @available(
    *, unavailable,
    message: "shapes cannot depend on elements: use select(mask, x, other), or x.at(i).set"
  )
  @_documentation(visibility: internal)
  public subscript(mask: Tensor<Bool>) -> Tensor { self }
}

@available(*, unavailable, message: "elements have a fixed size: use Int32 or Int64")
extension Int: TensorInteger {
  @_documentation(visibility: internal)
  public static var elementType: ElementType { .int64 }
}

@available(*, unavailable, message: "elements have a fixed size: use UInt32 or UInt64")
extension UInt: TensorInteger {
  @_documentation(visibility: internal)
  public static var elementType: ElementType { .uint64 }
}
