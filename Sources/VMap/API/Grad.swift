/// The gradient of a function that gives a scalar, for its first argument.
///
///     let loss: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, x in
///       tanh(w * x).sum()
///     }
///     let slope = try grad(loss)(w, x)                              // w: [3], x: [3] → [3]
///     let slopes = try vmap(grad(loss), inAxes: [nil, 0])(w, xs)    // xs: [n, 3] → [n, 3]
///
/// - Parameter function: Gives one floating-point scalar. It takes up to four trees; the form
///   `grad(ofAll:)` takes any number.
/// - Returns: A function of the same arguments, compiled as by `jit`. It gives a tree like the first
///   argument, in which each tensor is the derivative for the tensor in its place. Integers and truth
///   values have derivatives of 0.
///
/// A call throws ``VMapError`` of kind `shapeMismatch` where the result is no scalar, and of kind
/// `notDifferentiable` where an operation has no derivative. After `jax.grad`.
public func grad<First: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (First) throws -> Tensor<Scalar>
) -> Vectorized<First, First> {
  firstGradient(of: function)
}

/// The gradient of a function of two arguments, for the first one.
public func grad<First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: @escaping @Sendable (First, Second) throws -> Tensor<Scalar>
) -> Vectorized<First, First, Second> {
  firstGradient(of: function)
}

/// The gradient of a function of three arguments, for the first one.
public func grad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint
>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Tensor<Scalar>
) -> Vectorized<First, First, Second, Third> {
  firstGradient(of: function)
}

/// The gradient of a function of four arguments, for the first one.
public func grad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Fourth: TensorTree,
  Scalar: TensorFloatingPoint
>(
  _ function: @escaping @Sendable (First, Second, Third, Fourth) throws -> Tensor<Scalar>
) -> Vectorized<First, First, Second, Third, Fourth> {
  firstGradient(of: function)
}

/// The gradients of a function that gives a scalar, for all of its arguments.
///
///     let (dw, dx) = try grad(ofAll: loss)(w, x)
///
/// - Parameter function: Gives one floating-point scalar.
/// - Returns: A function of the same arguments, which gives for each a tree of derivatives.
///
/// After `jax.grad` with all of `argnums`.
@_disfavoredOverload
public func grad<each Input: TensorTree, Scalar: TensorFloatingPoint>(
  ofAll function: @escaping @Sendable (repeat each Input) throws -> Tensor<Scalar>
) -> Vectorized<(repeat each Input), repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall("grad", function, .tree, repeat each inputs)
      let gradients = try call.valueAndGradients(ofFirst: call.leaves.count).gradients
      return try loopState(repeat each inputs, replacedBy: gradients)
    }, levels: [], output: tupleStructure(repeat (each Input).self))
}

/// The gradient of a batched function that gives a scalar, for all of its arguments.
@_disfavoredOverload
public func grad<each Input: TensorTree, Scalar: TensorFloatingPoint>(
  ofAll function: Vectorized<Tensor<Scalar>, repeat each Input>
) -> Vectorized<(repeat each Input), repeat each Input> {
  grad(ofAll: function.called)
}

/// The gradient of a batched function that gives a scalar, for its first argument.
///
///     grad(vmap(f, outAxes: nil))
public func grad<First: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, First>
) -> Vectorized<First, First> {
  firstGradient(of: function.called)
}

/// The gradient of a batched function of two arguments, for the first one.
public func grad<First: TensorTree, Second: TensorTree, Scalar: TensorFloatingPoint>(
  _ function: Vectorized<Tensor<Scalar>, First, Second>
) -> Vectorized<First, First, Second> {
  firstGradient(of: function.called)
}

/// The gradient of a batched function of three arguments, for the first one.
public func grad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Scalar: TensorFloatingPoint
>(
  _ function: Vectorized<Tensor<Scalar>, First, Second, Third>
) -> Vectorized<First, First, Second, Third> {
  firstGradient(of: function.called)
}

/// The gradient of a batched function of four arguments, for the first one.
public func grad<
  First: TensorTree, Second: TensorTree, Third: TensorTree, Fourth: TensorTree,
  Scalar: TensorFloatingPoint
>(
  _ function: Vectorized<Tensor<Scalar>, First, Second, Third, Fourth>
) -> Vectorized<First, First, Second, Third, Fourth> {
  firstGradient(of: function.called)
}

/// The gradient for the first of any number of arguments.
private func firstGradient<First: TensorTree, each Input: TensorTree, Scalar: TensorFloatingPoint>(
  of function: @escaping @Sendable (repeat each Input) throws -> Tensor<Scalar>
) -> Vectorized<First, repeat each Input> {
  Vectorized(
    function: { (inputs: repeat each Input) in
      let call = try DifferentiatedCall("grad", function, .tree, repeat each inputs)
      return try firstTree(
        First.self, of: repeat each inputs,
        replacedBy: call.valueAndGradients(ofFirst: call.firstCount).gradients)
    }, levels: [], output: .tree)
}

extension Vectorized {
  /// The batched function as a closure.
  var called: @Sendable (repeat each Input) throws -> Output {
    { (inputs: repeat each Input) in try self(repeat each inputs) }
  }
}
