/// Linear in the source and in what the result starts from; which elements windows select does not
/// change but in jumps.
extension SelectAndScatter: Differentiable {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    try checkSum(at: site)
    let (operand, source, initial) = (site.operands[0], site.operands[1], site.operands[2])
    let handles = [operand, changes[1] ?? source.zeros, changes[2] ?? initial.zeros].map(\.handle)
    let results = try site.trace.emit(
      self, handles,
      elementRegions: [
        { try site.run(0, $0.map(Term.init)).map(\.handle) },
        { try site.run(1, $0.map(Term.init)).map(\.handle) },
      ])
    return results.map(Term.init)
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    try checkSum(at: site)
    guard let change = changes[0] else { return [nil, nil, nil] }
    let all = Array(change.sizes.indices)
    let initial = change.reduced(.sum, over: all)
    guard site.wanted[1], !change.sizes.contains(0) else {
      return [nil, site.operands[1].zeros, initial]
    }
    let places = try selected(at: site)
    let flat = change.reshaped(to: [change.sizes.saturatingProduct()])
    let read = flat.taking(.max(places, .index(0)), along: 0)
    return [nil, read.kept(where: .!(places .< .index(0))), initial]
  }

  /// For each window the row-major index of the element that it selects; -1 where there is none.
  private func selected(at site: DerivativeSite) throws(VMapError) -> Term {
    let operand = site.operands[0]
    let count = operand.sizes.saturatingProduct()
    let indices = Term([], as: .int32) { try .iota(.int32, [count], along: 0) }
      .reshaped(to: operand.sizes)
    let operands = [operand, indices, operand.constant(0), Term.index(-1)].map(\.handle)
    let results = try site.trace.emit(
      ReduceWindow(window: window), operands,
      elementRegions: [
        { elements in
          let (kept, keptPlace) = (Term(elements[0]), Term(elements[1]))
          let (other, place) = (Term(elements[2]), Term(elements[3]))
          let keeps = try site.run(0, [kept, other])[0]
          let isFirst = keptPlace .< .index(0)
          let takes = .!(place .< .index(0)) .&& Term("or", isFirst, .!keeps, as: .bool)
          return [
            Term.select(takes, other, kept).handle, Term.select(takes, place, keptPlace).handle,
          ]
        }
      ])
    return Term(results[1])
  }

  private func checkSum(at site: DerivativeSite) throws(VMapError) {
    let region = site.regions[1]
    guard let made = region.results.first.flatMap(region.producer(of:)),
      made.operation.name == "add", Set(made.operands) == Set(region.parameters)
    else {
      throw VMapError(.notDifferentiable, "\(name): has a derivative where it adds up")
    }
  }
}
