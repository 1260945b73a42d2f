/// How a reduction over many elements is divided among work-items.
///
/// It is cut into the blocks of its tree, whose results are merged in order.
enum ReductionSplit {
  /// One block of the first loop, and how long blocks are.
  case block(Expression, size: Int)
  /// The merging of blocks, read from where they were stored.
  case merge(blocks: Extent, read: (_ slot: Int, _ block: Expression) -> Expression)
}

extension LoopBuilder {
  /// Combines elements over a nest of loops.
  ///
  /// - Parameters:
  ///   - extents: The loops, slowest first.
  ///   - block: The block of the tree to combine; nil for all of them.
  ///   - tree: The tree in which they are combined.
  ///   - isExact: Whether every tree gives the same.
  ///   - initial: What the accumulators start from: the identity of `merge`.
  ///   - step: The accumulators after the element at an index.
  ///   - merge: Two sets of accumulators combined.
  func reduce(
    over extents: [Extent], block: Expression? = nil, _ tree: ReductionTree, isExact: Bool = false,
    initial: [ScalarLiteral],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression]
  ) -> [Expression] {
    let split = block.flatMap { block in tree.block.map { .block(block, size: $0) } } ?? self.split
    // A complex accumulator is two real ones.
    let types = initial.map(\.type)
    guard types.contains(where: \.isComplex) else {
      return reduceParts(
        over: extents, split, tree, isExact: isExact, initial: initial, step: step, merge: merge)
    }
    let results = reduceParts(
      over: extents, split, tree, isExact: isExact, initial: initial.flatMap(\.parts),
      step: { graph.parts(of: step(graph.elements(of: types, from: $0), $1)) },
      merge: { a, b in
        graph.parts(
          of: merge(graph.elements(of: types, from: a), graph.elements(of: types, from: b)))
      })
    return graph.elements(of: types, from: results)
  }

  private func reduceParts(
    over extents: [Extent], _ split: ReductionSplit?, _ tree: ReductionTree, isExact: Bool,
    initial: [ScalarLiteral],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression]
  ) -> [Expression] {
    let types = initial.map(\.type)
    switch split {
    case nil:
      if extents.count == 1, !isExact, tree.partials > 1, let length = length(extents[0]) {
        return combine(raggedTo: length, tree, types) { end, tree in
          reduceWhole(
            over: [graph.makeVariable(extents[0], endingAt: end)], types,
            from: initial.map(literal), step: step, merge: merge, tree)
        }
      }
      return reduceWhole(
        over: extents, types, from: initial.map(literal), step: step, merge: merge, tree,
        isExact: isExact)
    case .block(let block, let size):
      // The last block is shorter: what lies beyond leaves the accumulators as they are.
      let inner = [.constant(size)] + extents.dropFirst()
      return reduceWhole(
        over: inner, types, from: initial.map(literal),
        step: { accumulators, index in
          let position = graph.add(graph.multiply(block, size), index[0])
          let inside = less(position, graph.index(extents[0]))
          let last = graph.add(graph.index(extents[0]), graph.index(-1))
          let stepped = step(
            accumulators, [graph.minimum(position, last)] + index.dropFirst())
          return initial.indices.map {
            apply(.select, [inside, stepped[$0], accumulators[$0]], initial[$0].type)
          }
        }, merge: merge, tree.ofBlock, isExact: isExact)
    case .merge(let blocks, let read):
      return reduceWhole(
        over: [blocks], types, from: initial.map(literal),
        step: { accumulators, index in
          merge(accumulators, initial.indices.map { read($0, index[0]) })
        }, merge: merge, isExact: isExact)
    }
  }

  /// Merges the results of blocks in their order.
  func mergeBlocks(
    _ blocks: Extent, initial: [ScalarLiteral], read: (_ block: Expression) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression]
  ) -> [Expression] {
    let types = initial.map(\.type)
    let parts = initial.flatMap(\.parts)
    let results = reduceWhole(
      over: [blocks], parts.map(\.type), from: parts.map(literal),
      step: { accumulators, index in
        graph.parts(of: merge(graph.elements(of: types, from: accumulators), read(index[0])))
      },
      merge: { a, b in
        graph.parts(
          of: merge(graph.elements(of: types, from: a), graph.elements(of: types, from: b)))
      })
    return graph.elements(of: types, from: results)
  }

  /// Combines elements over a nest of loops one after another, in the loops' order.
  func fold(
    over extents: [Extent], initial: [ScalarLiteral],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression]
  ) -> [Expression] {
    fold(over: extents, initial.map(\.type), from: initial.map(literal), step: step)
  }

  /// Combines elements one after another, in the loops' order, into accumulators that start from
  /// anything.
  func fold(
    over extents: [Extent], _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression]
  ) -> [Expression] {
    // A complex accumulator is two real ones.
    let results = reduceWhole(
      over: extents, types.flatMap(\.parts), from: graph.parts(of: initial),
      step: { graph.parts(of: step(graph.elements(of: types, from: $0), $1)) },
      merge: { a, _ in a }, isFold: true)
    return graph.elements(of: types, from: results)
  }

  private func reduceWhole(
    over extents: [Extent], _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression],
    _ tree: ReductionTree = .inOrder, isExact: Bool = false, isFold: Bool = false
  ) -> [Expression] {
    // A loop of none does not come to an end soon if there are others around it.
    if extents.contains(.constant(0)) { return initial }
    return reduceWhole(
      over: extents.map(makeVariable), types, from: initial, step: step, merge: merge, tree,
      isExact: isExact, isFold: isFold)
  }

  private func reduceWhole(
    over variables: [LoopVariable], _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression],
    _ tree: ReductionTree = .inOrder, isExact: Bool = false, isFold: Bool = false
  ) -> [Expression] {
    let id = addReduction(
      variables, types, from: initial, step: step, merge: merge, tree,
      isExact: isExact, isFold: isFold)
    return types.indices.map { graph.make(.reduced(reduction: id, slot: $0, types[$0])) }
  }

  func addReduction(
    _ variables: [LoopVariable], _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression],
    _ tree: ReductionTree = .inOrder, isExact: Bool = false, isFold: Bool,
    scan: ScanDirection? = nil
  ) -> Int {
    hasReduced = true
    let id = graph.reductions.count
    graph.reductions.append(
      Reduction(
        variables: variables, types: types, initial: initial, tree: tree, isExact: isExact,
        isFold: isFold, scan: scan))
    let accumulators = types.indices.map {
      graph.make(.accumulator(reduction: id, slot: $0, types[$0]))
    }
    let partials = types.indices.map {
      graph.make(.partial(reduction: id, slot: $0, types[$0]))
    }
    let steps = step(accumulators, variables.map(graph.index))
    graph.reductions[id].step = steps
    graph.reductions[id].merge = merge(accumulators, partials)
    var free: Set<LoopVariable> = []
    for expression in initial + steps + variables.compactMap({ graph.ends[$0] }) {
      free.formUnion(graph.variables[expression.id])
    }
    graph.reductions[id].free = free.subtracting(variables)
    return id
  }
}
