/// How derivatives of each element of a result for each element of an argument are made.
public enum JacobianMode: Sendable, Hashable {
  /// Forward where the result has at least as many elements as the argument, else in reverse.
  case byShape
  /// A column for each element of the argument. After `jax.jacfwd`.
  case forward
  /// A row for each element of the result. After `jax.jacrev`.
  case reverse
}

/// The derivatives of each element of a result for each element of the first argument.
///
///     let j = try jacobian({ (x: Tensor<Float>) in matmul(a, sin(x)) })(x)     // x: [3], a: [2, 3] → [2, 3]
///
/// - Parameters:
///   - function: Gives one floating-point tensor. It takes up to three trees.
///   - mode: How they are made.
/// - Returns: A function of the same arguments. It gives a tree like the first argument, in which each
///   tensor has the dimensions of the result and then its own. Those of integers and truth values are 0.
///
/// Errors are those of `grad`, but the result may have any shape. After `jax.jacfwd` and `jax.jacrev`.
public func jacobian<First: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (First) throws -> Tensor<Scalar>, mode: JacobianMode = .byShape
) -> Vectorized<First, First> {
  firstJacobian(of: function, mode)
}

/// The derivatives of each element of a result for each element of the first of two arguments.
public func jacobian<First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (First, Second) throws -> Tensor<Scalar>,
  mode: JacobianMode = .byShape
) -> Vectorized<First, First, Second> {
  firstJacobian(of: function, mode)
}

/// The derivatives of each element of a result for each element of the first of three arguments.
public func jacobian<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint
>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Tensor<Scalar>,
  mode: JacobianMode = .byShape
) -> Vectorized<First, First, Second, Third> {
  firstJacobian(of: function, mode)
}

/// The derivatives of a batched function of one argument.
public func jacobian<First: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, First>, mode: JacobianMode = .byShape
) -> Vectorized<First, First> {
  firstJacobian(of: function.called, mode)
}

/// The derivatives of a batched function of two arguments, for the first one.
public func jacobian<First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, First, Second>, mode: JacobianMode = .byShape
) -> Vectorized<First, First, Second> {
  firstJacobian(of: function.called, mode)
}

/// The derivatives of a batched function of three arguments, for the first one.
public func jacobian<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint
>(
  _ function: Vectorized<Tensor<Scalar>, First, Second, Third>, mode: JacobianMode = .byShape
) -> Vectorized<First, First, Second, Third> {
  firstJacobian(of: function.called, mode)
}

/// The derivatives of each element of a tree for each element of an argument that is one tensor.
///
///     let parts = try jacobian({ (x: Tensor<Float>) in ["sum": x.sum(), "square": x * x] })(x)
///
/// - Parameters:
///   - function: Gives a tree.
///   - mode: How they are made.
/// - Returns: A function that gives a tree like the result, in which each tensor has its own dimensions
///   and then those of the argument.
@_disfavoredOverload
public func jacobian<Scalar: TensorFloatingPoint, Output: TensorTree>(
  _ function: @escaping @Sendable (Tensor<Scalar>) throws -> Output, mode: JacobianMode = .byShape
) -> Vectorized<Output, Tensor<Scalar>> {
  Vectorized(
    function: { x in
      try DifferentiatedCall("jacobian", function, .tree, x).jacobianOfResults(mode)
    }, levels: [], output: .tree)
}

private func firstJacobian<
  First: TensorTree, each Input: TensorTree, Scalar: TensorFloatingPoint
>(
  of function: @escaping @Sendable (repeat each Input) throws -> Tensor<Scalar>,
  _ mode: JacobianMode
) -> Vectorized<First, repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall("jacobian", function, .tree, repeat each inputs)
      return try firstTree(
        First.self, of: repeat each inputs, replacedBy: call.jacobiansOfFirst(mode))
    }, levels: [], output: .tree)
}
