/// A function with a derivative of its own in reverse mode.
///
///     let clipped = customVJP({ (x: Tensor<Float>) in x }, vjp: { x in
///       (x, { ct in clip(ct, min: -1, max: 1) })
///     })
///
/// - Parameters:
///   - function: Gives a tensor or a tree of them.
///   - vjp: Takes the place of the function where it is differentiated. It gives the result, and a
///     function that makes of how much the result counts how much the arguments do; that may use what
///     was computed for the result.
/// - Returns: The function, which is differentiated by the rule in any nesting of transforms. In forward
///   mode its derivative is an error of kind `notDifferentiable`; the reverse mode itself may be
///   differentiated in both modes.
///
/// A rule that gives another structure, element type or shape than it should is an error where it is
/// differentiated. After `jax.custom_vjp`.
public func customVJP<First: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First) throws -> Output,
  vjp: @escaping @Sendable (First) throws -> (Output, @Sendable (Output) throws -> First)
) -> @Sendable (First) throws -> Output {
  { x in
    try customVJP(
      function,
      { primals in
        let (value, pullBack) = try vjp(primals.elements)
        return (value, { Tuple(try pullBack($0)) })
      }, x)
  }
}

/// A function of two arguments with a derivative of its own in reverse mode.
public func customVJP<First: TensorTree, Second: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First, Second) throws -> Output,
  vjp:
    @escaping @Sendable (First, Second) throws -> (
      Output, @Sendable (Output) throws -> (First, Second)
    )
) -> @Sendable (First, Second) throws -> Output {
  { x, y in
    try customVJP(
      function,
      { primals in
        let (x, y) = primals.elements
        let (value, pullBack) = try vjp(x, y)
        return (
          value,
          {
            let (x, y) = try pullBack($0)
            return Tuple(x, y)
          }
        )
      }, x, y)
  }
}

/// A function of three arguments with a derivative of its own in reverse mode.
public func customVJP<First: TensorTree, Second: TensorTree, Third: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (First, Second, Third) throws -> Output,
  vjp:
    @escaping @Sendable (First, Second, Third) throws -> (
      Output, @Sendable (Output) throws -> (First, Second, Third)
    )
) -> @Sendable (First, Second, Third) throws -> Output {
  { x, y, z in
    try customVJP(
      function,
      { primals in
        let (x, y, z) = primals.elements
        let (value, pullBack) = try vjp(x, y, z)
        return (
          value,
          {
            let (x, y, z) = try pullBack($0)
            return Tuple(x, y, z)
          }
        )
      }, x, y, z)
  }
}

private func customVJP<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping (repeat each Input) throws -> Output,
  _ rule:
    @escaping @Sendable (Tuple<repeat each Input>) throws -> (
      Output, @Sendable (Output) throws -> Tuple<repeat each Input>
    ),
  _ inputs: repeat each Input
) throws -> Output {
  let call = try DifferentiatedCall("customVJP", function, .tree, repeat each inputs)
  guard let trace = call.enclosingTrace else { return try function(repeat each inputs) }
  let arguments = try Tuple(repeat each inputs).withoutTensors()
  let structure = OutputStructure<Output>.tree
  let results = try trace.call(
    "customVJP", call.handles,
    rule: Call.DerivativeRule(pullBack: { site throws(VMapError) in
      do {
        let (value, pullBack) = try rule(try arguments.replaced(by: site.operands.map(\.handle)))
        let results = try structure.collect(value, []).map { Term($0.handle) }
        return (
          results,
          { changes, isMasked throws(VMapError) in
            do {
              let cotangents = zip(changes, results).map { ($0 ?? $1.zeros).handle }
              let tree = try pullBack(try structure.replace(value, cotangents))
              let parts = try VMap.changes(
                of: try argumentLeaves(of: tree).map(\.handle), site.operands.map(\.handle.type),
                "customVJP: the function that the rule gives, gives")
              return (parts, isMasked)
            } catch { throw VMapError(caught: error) }
          }
        )
      } catch { throw VMapError(caught: error) }
    }), call.results)
  return try call.output(results)
}
