/// The gradient of a function that gives a scalar and something besides.
///
///     let (slope, predictions) = try grad(withAux: { w, x in
///       let y = model(w, x)
///       return (loss(y), y)
///     })(w, x)
///
/// - Parameter function: Gives one floating-point scalar, and a tree that is passed on.
/// - Returns: A function of the same arguments: the gradient for the first one, and the tree.
///
/// After `jax.grad` with `has_aux`.
@_disfavoredOverload
public func grad<First: TensorTree, Scalar: TensorFloatingPoint, Aux: TensorTree>(
  withAux function: @escaping @Sendable (First) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(First, Aux), First> {
  firstGradient(of: function)
}

/// The gradient of a function of two arguments that gives a scalar and something besides.
@_disfavoredOverload
public func grad<
  First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint, Aux: TensorTree
>(
  withAux function: @escaping @Sendable (First, Second) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(First, Aux), First, Second> {
  firstGradient(of: function)
}

/// The gradient of a function of three arguments that gives a scalar and something besides.
@_disfavoredOverload
public func grad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint,
  Aux: TensorTree
>(
  withAux function: @escaping @Sendable (First, Second, Third) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(First, Aux), First, Second, Third> {
  firstGradient(of: function)
}

/// The value, what is given besides, and the gradient of a function.
///
///     let (loss, predictions, slope) = try valueAndGrad(withAux: f)(w, x)
///
/// Parameters as for `grad(withAux:)`. After `jax.value_and_grad` with `has_aux`.
@_disfavoredOverload
public func valueAndGrad<First: TensorTree, Scalar: TensorFloatingPoint, Aux: TensorTree>(
  withAux function: @escaping @Sendable (First) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(Tensor<Scalar>, Aux, First), First> {
  firstValueAndGradient(of: function)
}

/// The value, what is given besides, and the gradient of a function of two arguments.
@_disfavoredOverload
public func valueAndGrad<
  First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint, Aux: TensorTree
>(
  withAux function: @escaping @Sendable (First, Second) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(Tensor<Scalar>, Aux, First), First, Second> {
  firstValueAndGradient(of: function)
}

/// The value, what is given besides, and the gradient of a function of three arguments.
@_disfavoredOverload
public func valueAndGrad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint,
  Aux: TensorTree
>(
  withAux function: @escaping @Sendable (First, Second, Third) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(Tensor<Scalar>, Aux, First), First, Second, Third> {
  firstValueAndGradient(of: function)
}

private func firstGradient<
  First: TensorTree, each Input: TensorTree, Scalar: TensorFloatingPoint, Aux: TensorTree
>(
  of function: @escaping @Sendable (repeat each Input) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(First, Aux), repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall(
        "grad", function, tupleStructure(Tensor<Scalar>.self, Aux.self), repeat each inputs)
      let (value, gradients) = try call.valueAndGradients(ofFirst: call.firstCount)
      return (
        try firstTree(First.self, of: repeat each inputs, replacedBy: gradients), value.1
      )
    }, levels: [], output: tupleStructure(First.self, Aux.self))
}

private func firstValueAndGradient<
  First: TensorTree, each Input: TensorTree, Scalar: TensorFloatingPoint, Aux: TensorTree
>(
  of function: @escaping @Sendable (repeat each Input) throws -> (Tensor<Scalar>, Aux)
) -> Vectorized<(Tensor<Scalar>, Aux, First), repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall(
        "valueAndGrad", function, tupleStructure(Tensor<Scalar>.self, Aux.self),
        repeat each inputs)
      let (value, gradients) = try call.valueAndGradients(ofFirst: call.firstCount)
      let gradient = try firstTree(First.self, of: repeat each inputs, replacedBy: gradients)
      return (value.0, value.1, gradient)
    }, levels: [], output: tupleStructure(Tensor<Scalar>.self, Aux.self, First.self))
}
