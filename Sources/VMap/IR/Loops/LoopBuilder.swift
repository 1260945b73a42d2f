/// The element of a value at an index.
typealias ElementReader = ([Expression]) -> Expression

/// An operand as loops see it: its type, and its element at any index.
struct Operand {
  let type: ValueType
  /// The element at an index, with some map axes bound to indices of the reader's choice.
  let read: (_ index: [Expression], _ axes: [Int: Expression]) -> Expression

  subscript(_ index: [Expression]) -> Expression { read(index, [:]) }

  func callAsFunction(at index: [Expression], binding axes: [Int: Expression]) -> Expression {
    read(index, axes)
  }

  /// The element where the operand may also be a scalar that stands for every index.
  func broadcast(_ index: [Expression]) -> Expression { self[type.shape.isEmpty ? [] : index] }
}

/// A region as loops see it, given readers of its parameters.
struct LoopRegion {
  /// Readers of its results.
  let bind: (_ parameters: [ElementReader]) -> [ElementReader]
  /// What it makes of each parameter, of those in the place of its results.
  let updates: (_ parameters: [ElementReader]) -> [StateUpdate]
}

/// How a reduction over many elements is divided among work-items.
///
/// It is cut into blocks of a fixed size, whose results are merged in order: who computes a block
/// changes no bit.
enum ReductionSplit {
  /// One block of the first loop, and how long blocks are.
  case block(Expression, size: Int)
  /// The merging of blocks, read from where they were stored.
  case merge(blocks: Extent, read: (_ slot: Int, _ block: Expression) -> Expression)
}

/// What an operation says its meaning in: scalar expressions, reductions and iterations.
final class LoopBuilder {
  let graph: ExpressionGraph
  /// The index of each map axis at the element that is asked for.
  let axes: [Int: Expression]
  let regions: [LoopRegion]
  /// Whether the loop that is made runs once or not at all.
  let isBranch: Bool
  /// The map axes of the program, for their extents.
  let mapAxes: [MapAxis]
  private let split: ReductionSplit?
  /// What the kernel makes whole, for an operation that makes elements at once.
  private let whole: WholeElements?
  /// Whether elements were combined again for each element of the result.
  private(set) var repeats = false
  /// Whether a reduction was made here.
  var hasReduced = false
  /// Where windows replace elements in place, and how they do.
  let place: ReplacementPlace?
  var replacement: Replacement?
  var window: ReplacedWindow?

  init(
    graph: ExpressionGraph, axes: [Int: Expression], mapAxes: [MapAxis],
    regions: [LoopRegion] = [], split: ReductionSplit? = nil,
    replacing place: ReplacementPlace? = nil, isBranch: Bool = false, whole: WholeElements? = nil
  ) {
    self.graph = graph
    self.axes = axes
    self.mapAxes = mapAxes
    self.regions = regions
    self.split = split
    self.whole = whole
    self.place = place
    self.isBranch = isBranch
  }

  func literal(_ value: ScalarLiteral) -> Expression { graph.literal(value) }

  func apply(
    _ function: ScalarFunction, _ operands: [Expression], _ type: ElementType
  ) -> Expression {
    if let result = ComplexFunctions.apply(function, operands, type, self) { return result }
    return graph.make(.apply(function, operands, type))
  }

  /// An index as an element of a type.
  func element(_ index: Expression, _ type: ElementType) -> Expression {
    if type.isComplex {
      return graph.make(.pair(element(index, type.part), literal(.zero(type.part))))
    }
    if let value = graph.constant(index) {
      return literal(ScalarLiteral(integer: Int64(value), as: type))
    }
    return graph.make(.element(type, of: index))
  }

  /// An integer element as an index.
  func index(of element: Expression) -> Expression { graph.make(.index(of: element)) }

  /// Whether one index is below another, as a truth value.
  func less(_ a: Expression, _ b: Expression) -> Expression {
    if let x = graph.constant(a), let y = graph.constant(b) {
      return literal(ScalarLiteral(x < y ? 1 : 0, as: .bool))
    }
    return graph.make(.less(a, b))
  }

  /// Combines elements over a nest of loops, in the canonical order.
  ///
  /// - Parameters:
  ///   - extents: The loops, slowest first.
  ///   - initial: What the accumulators start from: the identity of `merge`.
  ///   - step: The accumulators after the element at an index.
  ///   - merge: Two sets of accumulators combined.
  func reduce(
    over extents: [Extent], initial: [ScalarLiteral],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression]
  ) -> [Expression] {
    // A complex accumulator is two real ones.
    let types = initial.map(\.type)
    guard types.contains(where: \.isComplex) else {
      return reduceParts(over: extents, initial: initial, step: step, merge: merge)
    }
    let results = reduceParts(
      over: extents, initial: initial.flatMap(\.parts),
      step: { graph.parts(of: step(graph.elements(of: types, from: $0), $1)) },
      merge: { a, b in
        graph.parts(
          of: merge(graph.elements(of: types, from: a), graph.elements(of: types, from: b)))
      })
    return graph.elements(of: types, from: results)
  }

  private func reduceParts(
    over extents: [Extent], initial: [ScalarLiteral],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression]
  ) -> [Expression] {
    let types = initial.map(\.type)
    switch split {
    case nil:
      return reduceWhole(
        over: extents, types, from: initial.map(literal), step: step, merge: merge)
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
        }, merge: merge)
    case .merge(let blocks, let read):
      let merged = reduceWhole(
        over: [blocks], types, from: initial.map(literal),
        step: { accumulators, index in
          merge(accumulators, initial.indices.map { read($0, index[0]) })
        }, merge: merge, isOrdered: true)
      return merged
    }
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
    // A complex accumulator is two real ones; ordered ones are never merged.
    let results = reduceWhole(
      over: extents, types.flatMap(\.parts), from: graph.parts(of: initial),
      step: { graph.parts(of: step(graph.elements(of: types, from: $0), $1)) },
      merge: { a, _ in a }, isOrdered: true, isFold: true)
    return graph.elements(of: types, from: results)
  }

  /// Combines the elements along a dimension up to a position, one after another from an end.
  ///
  /// Where the kernel stores these values, one loop makes all of them.
  func scan(
    over extent: Extent, at position: Expression, _ direction: ScanDirection,
    _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: Expression, _ number: Expression) -> [Expression]
  ) -> [Expression] {
    let last = graph.add(graph.index(extent), graph.index(-1))
    /// An index from the other end, where the scan goes from there.
    func turned(_ index: Expression) -> Expression {
      direction == .forward ? index : graph.subtract(last, index)
    }
    if case .variable(let variable) = graph[position], whole?.claim(variable, direction) == true {
      let parts = types.flatMap(\.parts)
      let id = addReduction(
        [variable], parts, from: graph.parts(of: initial),
        step: { accumulators, index in
          graph.parts(
            of: step(
              graph.elements(of: types, from: accumulators), index[0], turned(index[0])))
        }, merge: { a, _ in a }, isOrdered: true, isFold: true, scan: direction)
      return graph.elements(
        of: types,
        from: parts.indices.map { graph.make(.running(reduction: id, slot: $0, parts[$0])) })
    }
    repeats = true
    return fold(over: [extent], types, from: initial) { accumulators, index in
      let source = turned(index[0])
      let isBeyond = direction == .forward ? less(position, source) : less(source, position)
      let next = step(accumulators, source, index[0])
      return types.indices.map {
        apply(.select, [isBeyond, accumulators[$0], next[$0]], types[$0])
      }
    }
  }

  /// Makes something once for all elements that agree in an index.
  func once(
    _ index: [Expression], _ make: () -> (Expression) -> Expression
  ) -> (Expression) -> Expression {
    guard let whole else { return make() }
    hasReduced = true
    return whole.once(index, make)
  }

  private func reduceWhole(
    over extents: [Extent], _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression], isOrdered: Bool = false,
    isFold: Bool = false
  ) -> [Expression] {
    let id = addReduction(
      extents.map(graph.makeVariable), types, from: initial, step: step, merge: merge,
      isOrdered: isOrdered, isFold: isFold)
    return types.indices.map { graph.make(.reduced(reduction: id, slot: $0, types[$0])) }
  }

  private func addReduction(
    _ variables: [LoopVariable], _ types: [ElementType], from initial: [Expression],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression], isOrdered: Bool, isFold: Bool,
    scan: ScanDirection? = nil
  ) -> Int {
    hasReduced = true
    let id = graph.reductions.count
    graph.reductions.append(
      Reduction(
        variables: variables, types: types, initial: initial, isOrdered: isOrdered, isFold: isFold,
        scan: scan))
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
    for expression in initial + steps { free.formUnion(graph.variables[expression.id]) }
    graph.reductions[id].free = free.subtracting(variables)
    return id
  }
}
