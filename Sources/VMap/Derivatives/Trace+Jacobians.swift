/// Jacobians: changes along each element, which are a map axis of their own.
extension Trace {
  /// The derivatives of a function's results for each element of one argument, in forward mode: the
  /// results' dimensions, then the argument's.
  ///
  /// - Parameter changed: Which argument is meant.
  func forwardJacobian(
    _ arguments: [TensorHandle], _ changed: [Bool],
    _ function: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> [TensorHandle] {
    guard let argument = changed.firstIndex(of: true) else { return [] }
    let own = Term(arguments[argument])
    let count = try own.sizes.elementCount()
    let axis = makeAxis(name: nil, extent: .constant(count))
    var changes = [TensorHandle?](repeating: nil, count: arguments.count)
    changes[argument] = try unit(like: own, along: axis)
    let (results, tangents) = try pushForward(arguments, changes, function)
    var jacobians: [TensorHandle] = []
    for (result, tangent) in zip(results, tangents) {
      let shape = Term(result).sizes
      let change = tangent ?? Term(result).zeros.handle
      let rows = try TensorHandle.step(
        UnbindAxis(axis: axis, dimension: shape.count), change)
      jacobians.append(try rows.reshaped(to: shape + own.sizes))
    }
    closeAxes([axis])
    return jacobians
  }

  /// The derivatives of one result for each element of some arguments, in reverse mode: the result's
  /// dimensions, then each argument's.
  func reverseJacobian(
    _ arguments: [TensorHandle], wanted: [Bool],
    _ function: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> [TensorHandle] {
    let (results, pullBack) = try pullBack(arguments, wanted: wanted, function)
    let result = Term(results[0])
    let axis = makeAxis(name: nil, extent: .constant(try result.sizes.elementCount()))
    let cotangents = try pullBack([try unit(like: result, along: axis)])
    var jacobians: [TensorHandle] = []
    for (number, argument) in arguments.enumerated() where wanted[number] {
      let own = Term(argument)
      let change = cotangents[number] ?? own.zeros.handle
      let rows = try TensorHandle.step(UnbindAxis(axis: axis, dimension: 0), change)
      jacobians.append(try rows.reshaped(to: result.sizes + own.sizes))
    }
    closeAxes([axis])
    return jacobians
  }

  /// A tensor of zeros but for a one, at each element along an axis.
  private func unit(like term: Term, along axis: Int) throws(VMapError) -> TensorHandle {
    let count = try term.sizes.elementCount()
    let rows = Term.identity(count, count, term.element).handle
    let row = emit(BindAxis(axis: axis, dimension: 0), [rows])[0]
    return try row.reshaped(to: term.sizes)
  }
}
