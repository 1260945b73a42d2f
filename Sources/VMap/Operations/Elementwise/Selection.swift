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
