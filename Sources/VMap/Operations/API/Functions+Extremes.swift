// Swift's own names for the greater and the lesser of two values.

/// The greater of two elements, under the name that Swift has for numbers: see ``maximum(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``.
@_disfavoredOverload
public func max<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  maximum(x, y)
}

/// The greater of two elements, under the name that Swift has for numbers: see ``maximum(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``.
@_disfavoredOverload
public func max<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  maximum(x, y)
}

/// The greater of two elements, under the name that Swift has for numbers: see ``maximum(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``.
@_disfavoredOverload
public func max<Scalar: TensorNumber>(_ x: Scalar, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  maximum(x, y)
}

/// The lesser of two elements, under the name that Swift has for numbers: see ``minimum(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``.
@_disfavoredOverload
public func min<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  minimum(x, y)
}

/// The lesser of two elements, under the name that Swift has for numbers: see ``minimum(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``.
@_disfavoredOverload
public func min<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  minimum(x, y)
}

/// The lesser of two elements, under the name that Swift has for numbers: see ``minimum(_:_:)-(Tensor<Scalar>,Tensor<Scalar>)``.
@_disfavoredOverload
public func min<Scalar: TensorNumber>(_ x: Scalar, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
  minimum(x, y)
}
