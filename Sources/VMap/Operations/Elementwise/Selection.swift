extension Elementwise {
  /// One of two elements per truth value.
  static let choice = Elementwise(
    "select",
    Signature(
      arity: 3, result: { $0[0] == .bool && $0[1] == $0[2] ? $0[1] : nil },
      expectation: "a bool and two elements of one type")
  ) { operands, types, loops in
    loops.apply(.select, operands, types[1])
  }

  static let selection: [Elementwise] = [
    choice,
    // JAX's order: what is below the lower bound first, so that min > max gives max.
    Elementwise("clamp", .reals(3)) { operands, types, loops in
      let raised = loops.apply(.maximum, [operands[1], operands[0]], types[0])
      return loops.apply(.minimum, [raised, operands[2]], types[0])
    },
  ]
}

extension Elementwise {
  static let selectionDerivatives: [String: ElementwiseDerivative] = [
    "select": ElementwiseDerivative(
      [
        nil, { change, x, _ in change.kept(where: x[0]) },
        { change, x, _ in change.kept(where: .!x[0]) },
      ], choosesElements: true),
    "clamp": ElementwiseDerivative(
      [
        { change, x, _ in change.kept(where: x[0] .> x[1]) },
        { change, x, _ in change.kept(where: x[1] .> x[0] .&& x[1] .< x[2]) },
        { change, x, _ in change.kept(where: x[2] .< x[1]) },
      ], choosesElements: true),
  ]
}
