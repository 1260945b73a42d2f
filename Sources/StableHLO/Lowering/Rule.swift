import VMap

/// What operations of StableHLO are in terms of those of the IR.
///
/// A rule sees the operands, the attributes and the types that the module gives the results; whoever
/// calls it compares what it makes with those types. Elementwise operations need no rule: they carry
/// StableHLO's name themselves.
struct Rule: Sendable {
  typealias Body = @Sendable (Application) throws -> [AnyTensor]

  let body: Body

  /// The rule of an operation, by its name; that of a custom call has its target in it.
  static func of(_ name: String) -> Rule? {
    if let body = all[name] { return Rule(body: body) }
    return AnyTensor.elementwiseName(stableHLO: name).map { elementwise($0) }
  }

  private static let all: [String: Body] = {
    let families = [
      elements, bits, structure, dynamicSlices, contraction, convolution, reduction, fourier,
      linearAlgebra, lapack, windows, sorting, random, targets,
    ]
    return families.reduce(into: [:]) { all, rules in all.merge(rules) { first, _ in first } }
  }()
}
