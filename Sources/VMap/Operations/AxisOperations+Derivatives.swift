extension BindAxis: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    if site.innerAxes.contains(axis) {
      return [try site.apply(UnbindAxis(axis: axis, dimension: dimension), change)]
    }
    // An example of a map around what is differentiated takes its own of a tensor that is the same for
    // all; what others take does not count for it.
    let shape = site.operands[0].sizes
    let isOwn =
      Term(try .iota(.int32, shape, along: dimension))
      .== (try site.apply(AxisIndex(axis: axis)))
    return [change.repeated(to: shape, along: [dimension]).kept(where: isOwn)]
  }
}

extension UnbindAxis: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    return [try site.apply(BindAxis(axis: axis, dimension: dimension), change)]
  }
}

extension AllGather: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    // Of a map around what is differentiated all examples read the operand.
    let all = try site.counted(change, over: axis)
    return [try site.apply(BindAxis(axis: axis, dimension: dimension), all)]
  }
}

extension AxisReduce: Expandable {
  /// A product, whose derivative needs those of all others for each example.
  func expanded(at site: DerivativeSite) throws(VMapError) -> [Term]? {
    guard kind == .product else { return nil }
    let all = try site.apply(AllGather(axis: axis, dimension: 0), site.operands[0])
    return [all.reduced(.product, over: [0])]
  }
}

extension AxisReduce: Differentiable {
  var choosesElements: Bool { kind == .maximum || kind == .minimum }

  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    return [
      try site.apply(AxisReduce(kind: .sum, axis: axis), try weighted(change, at: site))
    ]
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil] }
    var all = try site.counted(change, over: axis)
    // A value that does not vary counts once for each example.
    if site.innerAxes.contains(axis), try !site.varies(site.operands[0], over: axis) {
      all = try site.apply(AxisReduce(kind: .sum, axis: axis), all)
    }
    return [try weighted(all, at: site)]
  }

  /// What counts of a change of each example.
  private func weighted(_ change: Term, at site: DerivativeSite) throws(VMapError) -> Term {
    switch kind {
    case .sum: return change
    case .maximum, .minimum:
      let isChosen = site.operands[0] .== site.results[0]
      let count = try site.apply(
        AxisReduce(kind: .sum, axis: axis), isChosen.converted(to: change.element))
      return (change / count).kept(where: isChosen)
    case .product, .and, .or:
      throw VMapError(.notDifferentiable, "\(name): has no derivative")
    }
  }
}

extension DerivativeSite {
  /// How much a value that is the same for all examples counts along an axis: for all of them together.
  ///
  /// Along an axis that began in what is differentiated that is known already.
  fileprivate func counted(_ change: Term, over axis: Int) throws(VMapError) -> Term {
    innerAxes.contains(axis) ? change : try apply(AxisReduce(kind: .sum, axis: axis), change)
  }
}
