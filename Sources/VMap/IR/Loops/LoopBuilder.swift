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

/// A region as loops see it: readers of its results, given readers of its parameters.
struct LoopRegion {
  let bind: (_ parameters: [ElementReader]) -> [ElementReader]
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
  /// The map axes of the program, for their extents.
  let mapAxes: [MapAxis]
  private let split: ReductionSplit?
  /// Whether a reduction was made here.
  private(set) var hasReduced = false
  /// Whether windows replace elements where these are stored, and how they do.
  let replacesInPlace: Bool
  var replacement: Replacement?

  init(
    graph: ExpressionGraph, axes: [Int: Expression], mapAxes: [MapAxis],
    regions: [LoopRegion] = [], split: ReductionSplit? = nil, replacesInPlace: Bool = false
  ) {
    self.graph = graph
    self.axes = axes
    self.mapAxes = mapAxes
    self.regions = regions
    self.split = split
    self.replacesInPlace = replacesInPlace
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
    switch split {
    case nil: return reduceWhole(over: extents, initial: initial, step: step, merge: merge)
    case .block(let block, let size):
      // The last block is shorter: what lies beyond leaves the accumulators as they are.
      let inner = [.constant(size)] + extents.dropFirst()
      return reduceWhole(
        over: inner, initial: initial,
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
        over: [blocks], initial: initial,
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
    let types = initial.map(\.type)
    // Ordered accumulators are never merged.
    let results = reduceWhole(
      over: extents, initial: initial.flatMap(\.parts),
      step: { graph.parts(of: step(graph.elements(of: types, from: $0), $1)) },
      merge: { a, _ in a }, isOrdered: true)
    return graph.elements(of: types, from: results)
  }

  private func reduceWhole(
    over extents: [Extent], initial: [ScalarLiteral],
    step: (_ accumulators: [Expression], _ index: [Expression]) -> [Expression],
    merge: (_ a: [Expression], _ b: [Expression]) -> [Expression], isOrdered: Bool = false
  ) -> [Expression] {
    hasReduced = true
    let variables = extents.map(graph.makeVariable)
    let id = graph.reductions.count
    graph.reductions.append(
      Reduction(variables: variables, initial: initial, isOrdered: isOrdered))
    let accumulators = initial.indices.map {
      graph.make(.accumulator(reduction: id, slot: $0, initial[$0].type))
    }
    let partials = initial.indices.map {
      graph.make(.partial(reduction: id, slot: $0, initial[$0].type))
    }
    let steps = step(accumulators, variables.map(graph.index))
    graph.reductions[id].step = steps
    graph.reductions[id].merge = merge(accumulators, partials)
    var free: Set<LoopVariable> = []
    for expression in steps { free.formUnion(graph.variables[expression.id]) }
    graph.reductions[id].free = free.subtracting(variables)
    return initial.indices.map {
      graph.make(.reduced(reduction: id, slot: $0, initial[$0].type))
    }
  }
}
