/// A scalar expression in the loop form of a program: a node of an ``ExpressionGraph``.
struct Expression: Hashable, Sendable, Comparable {
  let id: Int
  static func < (a: Expression, b: Expression) -> Bool { a.id < b.id }
}

/// A loop variable, running from 0 to its extent.
struct LoopVariable: Hashable, Sendable, Comparable {
  let id: Int
  static func < (a: LoopVariable, b: LoopVariable) -> Bool { a.id < b.id }
}

/// One summand of an index: a constant times a product of atoms.
struct IndexTerm: Hashable, Sendable {
  var coefficient: Int
  /// Loop variables, extents and opaque indices, ascending.
  var atoms: [Expression]
}

/// The node of an expression; equal expressions are one node.
enum Node: Hashable, Sendable {
  case literal(ScalarLiteral)
  /// A constant that is an argument of the kernel, so that kernels differ less.
  case argument(ScalarLiteral)

  // Indices: integers whose width code generation chooses.
  case sum([IndexTerm])
  case variable(LoopVariable)
  case extent(Extent)
  case quotient(Expression, Expression)
  case remainder(Expression, Expression)
  /// The lesser of two indices.
  case minimum(Expression, Expression)
  case maximum(Expression, Expression)
  /// An integer element used as an index.
  case index(of: Expression)

  // Elements.
  /// A complex number from its parts: nothing but a way to hand both on together, so that no
  /// complex number is left where kernels are scheduled.
  case pair(Expression, Expression)
  /// An expression as a branch reads it, which runs once or not at all: what is made of it is made only
  /// if the branch runs.
  case within(Expression, branch: LoopVariable)
  /// An index as an element.
  case element(ElementType, of: Expression)
  case less(Expression, Expression)
  case load(buffer: ValueID, offset: Expression, ElementType)
  case apply(ScalarFunction, [Expression], ElementType)
  /// The running value and, in a merge, the value to merge into it.
  case accumulator(reduction: Int, slot: Int, ElementType)
  case partial(reduction: Int, slot: Int, ElementType)
  case reduced(reduction: Int, slot: Int, ElementType)
  /// The accumulator of a scan after its step in this iteration of the loop it goes along.
  case running(reduction: Int, slot: Int, ElementType)
  /// An element of a private array: of a stage, or of a loop's state before or after an iteration.
  case local(array: Int, index: Expression, phase: LocalPhase, ElementType)
}

extension Node {
  /// Whether this is a number that is known before the kernel runs.
  var isConstant: Bool {
    switch self {
    case .literal, .argument: true
    default: false
    }
  }
}

/// When a private array is read.
enum LocalPhase: Hashable, Sendable { case complete, iterating }

/// A reduction: a loop nest that combines values into accumulators.
struct Reduction: Sendable {
  let variables: [LoopVariable]
  /// The type of each accumulator.
  let types: [ElementType]
  /// What the accumulators start from; constants unless the reduction is a fold.
  let initial: [Expression]
  /// How the elements are combined.
  var tree = ReductionTree.inOrder
  /// Whether every tree gives the same.
  var isExact = false
  /// Whether the accumulators start from anything, and are never merged.
  var isFold = false
  /// Whether it goes along a loop of the stored values, each of which is what it has combined so far.
  var scan: ScanDirection?
  /// The accumulators after one more element.
  var step: [Expression] = []
  /// The accumulators combined with partial ones.
  var merge: [Expression] = []
  /// The variables of enclosing loops that the result depends on.
  var free: Set<LoopVariable> = []
}

extension Reduction {
  /// How many iterations of the first loop are a block, where there are several blocks.
  var block: Int? { isExact ? nil : tree.block }

  /// How many partial results the tree has.
  var partials: Int { isExact ? 1 : tree.partials }

  /// The loop whose iterations take turns at the partial results, if there is more than one of them.
  var interleaved: LoopVariable? { partials > 1 ? variables[tree.position] : nil }

  /// The loops, slowest first, as the elements of each partial result follow on one another.
  var nest: [LoopVariable] {
    guard let interleaved else { return variables }
    return variables.filter { $0 != interleaved } + [interleaved]
  }

  /// The loop whose iterations so many lanes can take turns at; nil where the tree does not allow that.
  func laneVariable(_ lanes: Int) -> LoopVariable? {
    isExact ? variables.last : partials >= lanes ? interleaved : nil
  }
}

/// Which way a scan goes along its loop.
enum ScanDirection { case forward, backward }

/// A private array: a stage that is computed once and read often, or the state of a loop.
struct LocalArray: Sendable {
  let element: ElementType
  let extents: [Int]
  /// One variable per dimension, for the loops that fill it.
  let variables: [LoopVariable]
  /// The element at those variables: the stage's value, or the state before the first iteration.
  var value: Expression?
  /// The loop whose state this is.
  var iteration: Int?
  /// Whether it is rows of a stored value, each written once: then indices are those of its buffer.
  var isRows = false
  /// The network that sorts it.
  var network: Int?
  /// Of a stage that is a row of a ragged value, the stored value in whose place for that row it lies until
  /// that is stored, and the first element there.
  var place: (buffer: ValueID, first: Expression)?
  /// Of a stage, the arrays that one loop nest fills, this one among them: they have the same variables.
  var companions: Range<Int>?

  var count: Int { extents.saturatingProduct() }
  /// Whether it is computed once and read often.
  var isStage: Bool { iteration == nil && network == nil && value != nil }
}

/// A network of exchanges that sorts arrays of one extent together: of any two places that it compares,
/// the elements change places where they are in the wrong order.
struct Network: Sendable {
  let arrays: [Int]
  let count: Int
  /// The two places, the first below the second.
  let low: LoopVariable
  let high: LoopVariable
  /// Whether the elements at those places change places.
  var swaps: Expression?
  var free: Set<LoopVariable> = []
}

/// A loop that runs while a condition on its state holds.
struct Iteration: Sendable {
  let arrays: [Int]
  /// Stands for the iteration number: what depends on it is computed again each time.
  let variable: LoopVariable
  var condition: Expression?
  /// The state of a loop inside that each array takes over in an iteration, before anything is written.
  var sources: [Int?] = []
  /// What an iteration writes into each array, in order; nothing where the array stays as it is.
  ///
  /// All that is written is computed from the state before the iteration.
  var updates: [[ArrayWrite]] = []
  var free: Set<LoopVariable> = []
}

/// Elements of a private array that are replaced: all of them, or those of a window.
struct ArrayWrite: Sendable {
  /// The loops over what is replaced, slowest first, and how far apart it lies along each.
  let variables: [LoopVariable]
  let strides: [Int]
  /// Where the first element lies; the same for all iterations of those loops.
  let base: Expression
  /// Whether anything is replaced; nil where it always is.
  let covers: Expression?
  let value: Expression

  var expressions: [Expression] { [base, value] + (covers.map { [$0] } ?? []) }
}
