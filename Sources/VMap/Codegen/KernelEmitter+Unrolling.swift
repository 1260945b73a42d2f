/// Short loops inside a work-item, written out iteration by iteration so that what they load is loaded
/// once.
///
/// Lanes that lie a small distance apart are loaded as a block of vectors, most of whose elements are
/// those that the other iterations need. The order in which elements are combined stays that of the
/// loop.
extension KernelEmitter {
  /// The longest loop that is written out, and how many iterations a nest of them may have.
  private static let longestLoop = 8
  private static let largestNest = 32

  /// The loops to write out: those along which block loads meet, and the short loops around them.
  static func unrolledLoops(of kernel: Kernel) -> Set<LoopVariable> {
    let graph = kernel.graph
    // Tiles and strips have their own copies.
    guard case .outer(let lane) = kernel.lanes, kernel.width > 1, kernel.blocks.isEmpty,
      kernel.strip == nil, kernel.replacement == nil, graph.iterations.isEmpty,
      graph.arrays.isEmpty
    else { return [] }
    var serial = Set(kernel.roots.flatMap(\.serial))
    var around: [LoopVariable: Set<LoopVariable>] = [:]
    for reduction in graph.reductions {
      // A scan's loop steps once in each iteration.
      if reduction.scan != nil {
        serial.subtract(reduction.variables)
        continue
      }
      for variable in reduction.variables { around[variable] = reduction.free }
    }
    func isShort(_ variable: LoopVariable) -> Bool {
      guard let extent = graph.extent(of: variable).constant else { return false }
      return (2...longestLoop).contains(extent)
        && (around[variable] != nil || serial.contains(variable))
    }
    var result: Set<LoopVariable> = []
    for case .load(_, let offset, _) in graph.nodes {
      guard case .by(let stride) = graph.stride(offset, along: lane, ofVectors: kernel.width),
        let distance = graph.constant(stride),
        (2...MemoryHelpers.maximumBlockDistance).contains(distance)
      else { continue }
      for variable in graph.variables[offset.id] where isShort(variable) {
        guard case .by(let step) = graph.stride(offset, along: variable),
          let step = graph.constant(step), step.magnitude < distance
        else { continue }
        result.insert(variable)
        result.formUnion((around[variable] ?? []).filter(isShort))
      }
    }
    let iterations = result.reduce(1) { $0 * (graph.extent(of: $1).constant ?? 1) }
    return iterations <= largestNest ? result : []
  }

  /// Names the iterations of a loop that is written out, inside the current block.
  func bindIterations(of variable: LoopVariable) {
    let count = graph.extent(of: variable).constant ?? 1
    copies[variable] = count
    for number in 0..<count {
      variableNames[EmissionScope.Copy(variable: variable, number: number)] = "\(number)"
    }
  }

  /// Writes out a loop's iterations in their order, in a block of their own.
  func writeOut(_ variable: LoopVariable, _ body: () -> Void) {
    block("", binding: [variable]) {
      bindIterations(of: variable)
      for number in 0..<(copies[variable] ?? 1) {
        copy[variable] = number
        body()
      }
      copy[variable] = nil
    }
    copies[variable] = nil
  }

  /// A load of lanes a small distance apart, together with those that other iterations of the loops
  /// written out need; nil where there are none.
  func sharedLoad(
    _ buffer: ValueID, _ offset: Expression, _ type: VectorType, distance: Int
  ) -> String? {
    var start: [IndexTerm] = []
    var (own, lowest, highest) = (0, 0, 0)
    for term in graph.terms(offset) {
      let open = term.atoms.flatMap { graph.variables[$0.id] }.filter(unrolled.contains)
      guard !open.isEmpty else {
        start.append(term)
        continue
      }
      guard term.atoms.count == 1, case .variable(let variable) = graph[term.atoms[0]],
        let count = copies[variable], let number = copy[variable]
      else { return nil }
      own += term.coefficient * number
      lowest += min(0, term.coefficient * (count - 1))
      highest += max(0, term.coefficient * (count - 1))
    }
    let span = highest - lowest + 1
    guard (2...distance).contains(span) else { return nil }
    let first = graph.add(graph.sum(start), graph.index(lowest))
    let keys = (0..<span).map { place in
      key(
        graph.make(
          .load(buffer: buffer, offset: graph.add(first, graph.index(place)), type.element)))
    }
    if let known = knownName(keys[own - lowest]) { return known }
    inScope(scopeDepth(for: graph.variables[first.id])) {
      let names = keys.map { _ in freshName("v") }
      let helper = helpers.name(.loadBlocks(distance: distance, count: span), type)
      let count = currentLaneCount() ?? "\(width)"
      let results = names.map { "&\($0)" }.joined(separator: ", ")
      line("\(type.name) \(names.joined(separator: ", "));")
      line("\(helper)(\(pointer(buffer, first)), \(count), \(results));")
      for (key, name) in zip(keys, names) { innermost.names[key] = name }
    }
    return knownName(keys[own - lowest])
  }
}
