/// The second derivatives of a function that gives a scalar, for its first argument.
///
///     let h = try hessian({ (x: Tensor<Float>) in (x * x * x).sum() })(x)     // x: [3] → [3, 3]
///
/// - Parameter function: Gives one floating-point scalar. It takes up to three arguments, of which the
///   first one is a tensor and others are trees.
/// - Returns: A function of the same arguments; its result has the dimensions of the first one twice.
///
/// It is the derivative in forward mode of `grad`, whose errors it has. For a product of it with a
/// vector `v`, which takes no matrix, write `jvp(grad(f), x, v)`. After `jax.hessian`.
public func hessian<Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
) -> Vectorized<Tensor<Scalar>, Tensor<Scalar>> {
  firstHessian(of: function)
}

/// The second derivatives of a function of two arguments, for the first one.
public func hessian<Scalar: TensorFloatingPoint, Second: TensorTree>(
  _ function: @escaping @Sendable (Tensor<Scalar>, Second) throws -> Tensor<Scalar>
) -> Vectorized<Tensor<Scalar>, Tensor<Scalar>, Second> {
  firstHessian(of: function)
}

/// The second derivatives of a function of three arguments, for the first one.
public func hessian<Scalar: TensorFloatingPoint, Second: TensorTree, Third: TensorTree>(
  _ function: @escaping @Sendable (Tensor<Scalar>, Second, Third) throws -> Tensor<Scalar>
) -> Vectorized<Tensor<Scalar>, Tensor<Scalar>, Second, Third> {
  firstHessian(of: function)
}

/// The second derivatives of a batched function of one argument.
public func hessian<Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, Tensor<Scalar>>
) -> Vectorized<Tensor<Scalar>, Tensor<Scalar>> {
  firstHessian(of: function.called)
}

/// The second derivatives of a batched function of two arguments, for the first one.
public func hessian<Scalar: TensorFloatingPoint, Second: TensorTree>(
  _ function: Vectorized<Tensor<Scalar>, Tensor<Scalar>, Second>
) -> Vectorized<Tensor<Scalar>, Tensor<Scalar>, Second> {
  firstHessian(of: function.called)
}

/// The second derivatives of a batched function of three arguments, for the first one.
public func hessian<Scalar: TensorFloatingPoint, Second: TensorTree, Third: TensorTree>(
  _ function: Vectorized<Tensor<Scalar>, Tensor<Scalar>, Second, Third>
) -> Vectorized<Tensor<Scalar>, Tensor<Scalar>, Second, Third> {
  firstHessian(of: function.called)
}

private func firstHessian<each Input: TensorTree, Scalar: TensorFloatingPoint>(
  of function: @escaping @Sendable (repeat each Input) throws -> Tensor<Scalar>
) -> Vectorized<Tensor<Scalar>, repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      Tensor(
        handle: try DifferentiatedCall("hessian", function, .tree, repeat each inputs).hessian())
    }, levels: [], output: .tree)
}
