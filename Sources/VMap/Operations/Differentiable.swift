/// An operation whose results change with its operands, and how.
///
/// Changes of floating-point and complex operands and results are meant; others have none. Nil stands
/// for a change of zero everywhere.
protocol Differentiable: Operation {
  /// How the results change where the operands do.
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?]

  /// How much each operand counts, from how much each result does: the transpose of ``tangents(_:at:)``.
  ///
  /// Those of operands that are not ``DerivativeSite/wanted`` may be left out. A term may vary over more
  /// axes than its operand: it is summed up over them. The default transposes what ``tangents(_:at:)``
  /// writes.
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?]

  /// Whether elements of operands may not be chosen: then zeros among the cotangents stand for these.
  var choosesElements: Bool { get }
}

extension Differentiable {
  var choosesElements: Bool { false }
}

/// An operation that is linear in all its floating-point and complex operands together; others, such as
/// indices, stay as they are.
protocol LinearOperation: Differentiable {}

extension LinearOperation {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let operands = zip(site.operands, changes).map { operand, change in
      change ?? (operand.element.isInexact ? operand.zeros : operand)
    }
    return try site.apply(self, operands)
  }
}

/// An operation that is linear in each of its two operands.
protocol BilinearOperation: Differentiable {}

extension BilinearOperation {
  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let left = try changes[0].map { change throws(VMapError) in
      try site.apply(self, change, site.operands[1])
    }
    let right = try changes[1].map { change throws(VMapError) in
      try site.apply(self, site.operands[0], change)
    }
    return [.sum(left, right)]
  }
}

/// An operation whose derivative is that of the same written in other operations.
protocol Expandable: Operation {
  /// The results in terms of operations that have derivatives; nil where it has rules of its own.
  func expanded(at site: DerivativeSite) throws(VMapError) -> [Term]?
}

/// One application of an operation, as rules of derivatives see it.
struct DerivativeSite {
  /// Where derivatives are written.
  let trace: Trace
  let operands: [Term]
  /// What the operation gave; nothing where it was not applied.
  var results: [Term] = []
  /// The operation's regions, which use values of the trace.
  var regions: [Region] = []
  /// The map axes that began in what is differentiated.
  let innerAxes: Set<Int>
  /// Of those, the ones over which cotangents are summed up here.
  var summedAxes: Set<Int> = []
  /// Which operands' cotangents are asked for.
  var wanted: [Bool] = []
  /// Whether zeros among the changes of the results may stand for elements that were not chosen, and
  /// that count for nothing whatever a derivative is there.
  var isMasked = false

  /// Applies an operation, with regions as they are or with none.
  func apply(
    _ operation: any Operation, _ operands: [Term], regions: [Region] = []
  ) throws(VMapError) -> [Term] {
    let results = trace.emit(operation, operands.map(\.handle), regions: regions)
    for result in results {
      if case .failed(let error) = result.current { throw error }
    }
    return results.map(Term.init)
  }

  /// The results of an operation that has one.
  func apply(_ operation: any Operation, _ operands: Term...) throws(VMapError) -> Term {
    try apply(operation, operands)[0]
  }

  /// What a change makes of an operand, but nothing where the change is that of an element that was not
  /// chosen.
  func chosen(_ part: Term, of change: Term) -> Term {
    isMasked ? .select(change .== change.constant(0), part.zeros, part) : part
  }

  /// Whether a tensor varies over a map axis.
  func varies(_ term: Term, over axis: Int) throws(VMapError) -> Bool {
    trace.type(of: try trace.value(for: term.handle)).axes.contains(axis)
  }
}
