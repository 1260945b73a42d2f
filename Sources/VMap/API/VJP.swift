/// The value of a function, and how much its arguments count as a function of how much the value does:
/// its derivative in reverse mode.
///
///     let (y, pullback) = try vjp(f, x)
///     let dx = try pullback(dy)
///     let (z, both) = try vjp(g, x, y)
///     let (dx, dy) = try both(dz)
///
/// - Parameters:
///   - function: Gives a tensor or a tree of them.
///   - primals: Its arguments.
/// - Returns: The value, and the pullback: a linear function of a tree like the value, which gives a
///   tree for each argument and may be mapped. Integers and truth values count for nothing, and theirs
///   is 0.
/// - Throws: ``VMapError`` of kind `notDifferentiable` where an operation has no derivative, and for
///   what goes wrong inside of the function.
///
/// In a traced function, which the pullback must not outlive, it goes back through what was written for
/// the value. Elsewhere it is compiled at its first call, together with the function once more. After
/// `jax.vjp`.
public func vjp<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output,
  _ primals: repeat each Input
) throws(VMapError) -> (Output, Vectorized<(repeat each Input), Output>) {
  let saved = Tuple(repeat each primals)
  let structure = tupleStructure(repeat (each Input).self)
  let call = try DifferentiatedCall("vjp", function, .tree, repeat each primals)
  guard let trace = call.enclosingTrace else {
    return (
      try call.value(),
      Vectorized(
        function: { cotangent in
          let call = try DifferentiatedCall("vjp", function, .tree, repeat each saved.elements)
          let handles = try call.pullBack(cotangent)
          return try loopState(repeat each saved.elements, replacedBy: handles)
        }, levels: [], output: structure)
    )
  }
  let (value, pullBack) = try call.pullBack(in: trace)
  return (
    value,
    Vectorized(
      function: { cotangent in
        try loopState(repeat each saved.elements, replacedBy: try pullBack(cotangent))
      }, levels: [], output: structure)
  )
}

/// The value of a batched function, and how much its arguments count as a function of how much the
/// value does.
public func vjp<each Input: TensorTree, Output: TensorTree>(
  _ function: Vectorized<Output, repeat each Input>, _ primals: repeat each Input
) throws(VMapError) -> (Output, Vectorized<(repeat each Input), Output>) {
  try vjp(function.called, repeat each primals)
}

extension DifferentiatedCall where Output: TensorTree {
  /// How much all arguments count.
  fileprivate func pullBack(_ cotangent: Output) throws(VMapError) -> [TensorHandle] {
    let given = try structure.collect(cotangent, [])
    let count = leaves.count
    return try tryTraced(reading: handles + given.map(\.handle)) { trace throws(VMapError) in
      let (_, pullBack) = try self.pullBack(in: trace)
      return Array(try pullBack(cotangent).prefix(count))
    }
  }

  /// The value, and how much all arguments count as a function of how much it does.
  fileprivate func pullBack(
    in trace: Trace
  ) throws(VMapError) -> (Output, @Sendable (Output) throws(VMapError) -> [TensorHandle]) {
    let handles = handles
    let structure = structure
    let (results, pullBack) = try trace.pullBack(
      handles, wanted: handles.map { _ in true }, paths: paths, self.results)
    let value = try output(results)
    return (
      value,
      { cotangent throws(VMapError) in
        let changes = try changeHandles(
          try structure.collect(cotangent, []), of: try structure.collect(value, []), "vjp",
          "cotangent")
        let cotangents = try pullBack(changes.map { $0.element.isInexact ? $0 : nil })
        return zip(cotangents, handles).map { $0 ?? Term($1).zeros.handle }
      }
    )
  }
}
