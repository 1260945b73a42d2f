/// The element of a value at an index.
typealias ElementReader = ([Expression]) -> Expression

/// An operand as loops see it: its type, and its element at any index.
struct Operand {
  let type: ValueType
  let layout: ElementLayout
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
  /// Where the rows of ragged dimensions are.
  let ragged: RaggedReader
  let split: ReductionSplit?
  /// What the kernel makes whole, for an operation that makes elements at once.
  let whole: WholeElements?
  /// Whether elements were combined again for each element of the result.
  var repeats = false
  /// Whether a reduction was made here.
  var hasReduced = false
  /// Where windows replace elements in place, and how they do.
  let place: ReplacementPlace?
  var replacement: Replacement?
  var window: ReplacedWindow?

  init(
    graph: ExpressionGraph, axes: [Int: Expression], mapAxes: [MapAxis],
    ragged: RaggedReader, regions: [LoopRegion] = [], split: ReductionSplit? = nil,
    replacing place: ReplacementPlace? = nil, isBranch: Bool = false, whole: WholeElements? = nil
  ) {
    self.graph = graph
    self.axes = axes
    self.mapAxes = mapAxes
    self.ragged = ragged
    self.regions = regions
    self.split = split
    self.whole = whole
    self.place = place
    self.isBranch = isBranch
  }

  /// Where the example is along a map axis, or in a window that the axis is.
  func position(along axis: Int, in window: AxisWindow?) -> Expression {
    let index = axes[axis] ?? graph.index(0)
    return window.map { graph.add(index, graph.index(.symbol($0.start))) } ?? index
  }

  func literal(_ value: ScalarLiteral) -> Expression { graph.literal(value) }

  func apply(
    _ function: ScalarFunction, _ operands: [Expression], _ type: ElementType
  ) -> Expression {
    if let result = ComplexFunctions.apply(function, operands, type, self) { return result }
    return graph.apply(function, operands, type)
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
}
