/// How the result of an elementwise operation changes with each of its operands.
struct ElementwiseDerivative: Sendable {
  /// What a change of an operand makes of the result, which is linear in it.
  typealias Change = @Sendable (_ change: Term, _ x: [Term], _ y: Term) -> Term
  /// What such a change is multiplied by.
  typealias Factor = @Sendable (_ x: [Term], _ y: Term) -> Term

  /// For each operand its change; nil where the result does not change with it.
  let changes: [Change?]
  /// The transposes, where they are others.
  let transposes: [Change?]
  /// Whether some elements of operands do not count at all.
  let choosesElements: Bool

  init(_ changes: [Change?], transposes: [Change?]? = nil, choosesElements: Bool = false) {
    self.changes = changes
    self.transposes = transposes ?? changes
    self.choosesElements = choosesElements
  }

  /// The partial derivative of a function of one number, from its argument and its value.
  static func factor(_ factor: @escaping @Sendable (_ x: Term, _ y: Term) -> Term) -> Self {
    Self([{ change, x, y in change * factor(x[0], y) }])
  }

  /// The partial derivatives of a function of several numbers.
  static func factors(_ factors: Factor?...) -> Self {
    Self(
      factors.map { factor -> Change? in
        guard let factor else { return nil }
        return { change, x, y in change * factor(x, y) }
      })
  }

  /// Of a function that is constant but for jumps.
  static func none(_ arity: Int) -> Self { Self([Change?](repeating: nil, count: arity)) }

  /// Of a function that is one of its operands, or shares its change among them where they are equal.
  ///
  /// - Parameter isChosen: Whether an operand, here the first of two, is the result.
  static func extreme(_ isChosen: @escaping @Sendable (_ a: Term, _ b: Term) -> Term) -> Self {
    func change(_ own: Int) -> Change {
      { change, x, _ in
        let (a, b) = (x[own], x[1 - own])
        let shared = change.scaled(by: 0.5).kept(where: a .== b)
        return .select(isChosen(a, b), change, shared)
      }
    }
    return Self([change(0), change(1)], choosesElements: true)
  }
}

extension Elementwise: Differentiable {
  /// The derivatives of all operations that have some, by name.
  static let derivatives: [String: ElementwiseDerivative] = [
    arithmeticDerivatives, complexPartDerivatives, roundingDerivatives, exponentialDerivatives,
    trigonometricDerivatives, hyperbolicDerivatives, specialDerivatives, selectionDerivatives,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  private func derivative() throws(VMapError) -> ElementwiseDerivative {
    guard let derivative = Elementwise.derivatives[name] else {
      throw VMapError(.notDifferentiable, "\(name): has no derivative")
    }
    return derivative
  }

  var choosesElements: Bool { Elementwise.derivatives[name]?.choosesElements ?? false }

  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    var sum: Term?
    for (change, make) in zip(changes, try derivative().changes) {
      guard let change, let make else { continue }
      sum = .sum(sum, make(change, site.operands, site.results[0]))
    }
    return [sum]
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return site.operands.map { _ in nil } }
    let transposes = try derivative().transposes
    return site.operands.indices.map { number in
      guard site.wanted[number], let make = transposes[number] else { return nil }
      var part = make(change, site.operands, site.results[0])
      if !choosesElements { part = site.chosen(part, of: change) }
      return part.repeated(to: site.results[0].sizes).summed(to: site.operands[number].sizes)
    }
  }
}
