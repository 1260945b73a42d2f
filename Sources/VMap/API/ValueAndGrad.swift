/// The value and the gradient of a function that gives a scalar, for its first argument.
///
///     let (value, slope) = try valueAndGrad(loss)(w, x)
///
/// Parameters and errors are those of `grad`, and so is the gradient; both are made in one go. After
/// `jax.value_and_grad`.
public func valueAndGrad<First: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (First) throws -> Tensor<Scalar>
) -> Vectorized<(Tensor<Scalar>, First), First> {
  firstValueAndGradient(of: function)
}

/// The value and the gradient of a function of two arguments, for the first one.
public func valueAndGrad<First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (First, Second) throws -> Tensor<Scalar>
) -> Vectorized<(Tensor<Scalar>, First), First, Second> {
  firstValueAndGradient(of: function)
}

/// The value and the gradient of a function of three arguments, for the first one.
public func valueAndGrad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint
>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Tensor<Scalar>
) -> Vectorized<(Tensor<Scalar>, First), First, Second, Third> {
  firstValueAndGradient(of: function)
}

/// The value and the gradient of a function of four arguments, for the first one.
public func valueAndGrad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Fourth: TensorTree,
  Scalar: TensorFloatingPoint
>(
  _ function: @escaping @Sendable (First, Second, Third, Fourth) throws -> Tensor<Scalar>
) -> Vectorized<(Tensor<Scalar>, First), First, Second, Third, Fourth> {
  firstValueAndGradient(of: function)
}

/// The value and the gradient of a batched function of one argument.
public func valueAndGrad<First: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, First>
) -> Vectorized<(Tensor<Scalar>, First), First> {
  firstValueAndGradient(of: function.called)
}

/// The value and the gradient of a batched function of two arguments, for the first one.
public func valueAndGrad<First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, First, Second>
) -> Vectorized<(Tensor<Scalar>, First), First, Second> {
  firstValueAndGradient(of: function.called)
}

/// The value and the gradient of a batched function of three arguments, for the first one.
public func valueAndGrad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint
>(
  _ function: Vectorized<Tensor<Scalar>, First, Second, Third>
) -> Vectorized<(Tensor<Scalar>, First), First, Second, Third> {
  firstValueAndGradient(of: function.called)
}

/// The value and the gradient of a batched function of four arguments, for the first one.
public func valueAndGrad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Fourth: TensorTree,
  Scalar: TensorFloatingPoint
>(
  _ function: Vectorized<Tensor<Scalar>, First, Second, Third, Fourth>
) -> Vectorized<(Tensor<Scalar>, First), First, Second, Third, Fourth> {
  firstValueAndGradient(of: function.called)
}

/// The value and the gradients of a function that gives a scalar, for all of its arguments.
///
///     let (value, dw, dx) = try valueAndGrad(ofAll: loss)(w, x)
///
/// After `jax.value_and_grad` with all of `argnums`.
@_disfavoredOverload
public func valueAndGrad<each Input: TensorTree, Scalar: TensorFloatingPoint>(
  ofAll function: @escaping @Sendable (repeat each Input) throws -> Tensor<Scalar>
) -> Vectorized<(Tensor<Scalar>, repeat each Input), repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall("valueAndGrad", function, .tree, repeat each inputs)
      let (value, gradients) = try call.valueAndGradients(ofFirst: call.leaves.count)
      var replacer = LeafReplacer(gradients)
      return (value, repeat try replacer.replace(each inputs))
    }, levels: [], output: tupleStructure(Tensor<Scalar>.self, repeat (each Input).self))
}

/// The value and the gradients of a batched function, for all of its arguments.
@_disfavoredOverload
public func valueAndGrad<each Input: TensorTree, Scalar: TensorFloatingPoint>(
  ofAll function: Vectorized<Tensor<Scalar>, repeat each Input>
) -> Vectorized<(Tensor<Scalar>, repeat each Input), repeat each Input> {
  valueAndGrad(ofAll: function.called)
}

private func firstValueAndGradient<
  First: TensorTree, each Input: TensorTree, Scalar: TensorFloatingPoint
>(
  of function: @escaping @Sendable (repeat each Input) throws -> Tensor<Scalar>
) -> Vectorized<(Tensor<Scalar>, First), repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall("valueAndGrad", function, .tree, repeat each inputs)
      let (value, gradients) = try call.valueAndGradients(ofFirst: call.firstCount)
      return (value, try firstTree(First.self, of: repeat each inputs, replacedBy: gradients))
    }, levels: [], output: tupleStructure(Tensor<Scalar>.self, First.self))
}
