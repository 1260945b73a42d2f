/// The value of a function and how it changes with its arguments: its derivative in forward mode.
///
///     let (y, dy) = try jvp(f, x, dx)
///     let (z, dz) = try jvp(g, (x, y), (dx, dy))
///
/// - Parameters:
///   - function: Gives a tensor or a tree of them.
///   - primals: The arguments; several as a tuple.
///   - tangents: How they change: trees of the same structure, element types and shapes.
/// - Returns: The value, and a tree of the same structure: how it changes. What changes of integers and
///   truth values counts for nothing, and theirs is 0.
/// - Throws: ``VMapError`` where a tangent does not fit its argument, of kind `notDifferentiable` where
///   an operation has no derivative, and for what goes wrong inside of the function.
///
/// After `jax.jvp`.
public func jvp<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output,
  _ primals: (repeat each Input), _ tangents: (repeat each Input)
) throws(VMapError) -> (Output, Output) {
  let call = try DifferentiatedCall("jvp", function, .tree, repeat each primals)
  return try call.pushForward(
    try changeHandles(
      try argumentLeaves(of: repeat each tangents), of: call.leaves, "jvp", "tangent"))
}

/// The value of a batched function and how it changes with its arguments.
public func jvp<each Input: TensorTree, Output: TensorTree>(
  _ function: Vectorized<Output, repeat each Input>,
  _ primals: (repeat each Input), _ tangents: (repeat each Input)
) throws(VMapError) -> (Output, Output) {
  try jvp(function.called, (repeat each primals), (repeat each tangents))
}

/// The value of a function, and how it changes as a function of how its arguments do.
///
///     let (y, derivative) = try linearize(f, x)
///     let dy = try derivative(dx)
///
/// - Parameters:
///   - function: Gives a tensor or a tree of them.
///   - primals: Its arguments.
/// - Returns: The value, and the derivative at the arguments: a linear function of trees like them. It
///   is compiled at its first call, and may be mapped.
///
/// Errors are those of `jvp`. After `jax.linearize`.
public func linearize<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output,
  _ primals: repeat each Input
) throws(VMapError) -> (Output, Vectorized<Output, repeat each Input>) {
  let saved = Tuple(repeat each primals)
  let value = try DifferentiatedCall("linearize", function, .tree, repeat each primals).value()
  return (
    value,
    Vectorized(
      function: { (tangents: repeat each Input) in
        let call = try DifferentiatedCall(
          "linearize", function, .tree, repeat each saved.elements)
        return try call.pushForward(
          try changeHandles(
            try argumentLeaves(of: repeat each tangents), of: call.leaves, "linearize", "tangent")
        ).change
      }, levels: [], output: .tree)
  )
}

/// The value of a batched function, and how it changes as a function of how its arguments do.
public func linearize<each Input: TensorTree, Output: TensorTree>(
  _ function: Vectorized<Output, repeat each Input>, _ primals: repeat each Input
) throws(VMapError) -> (Output, Vectorized<Output, repeat each Input>) {
  try linearize(function.called, repeat each primals)
}
