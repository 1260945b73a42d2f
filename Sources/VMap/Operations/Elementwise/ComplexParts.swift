extension Elementwise {
  static let complexParts: [Elementwise] = [
    Elementwise("real", .parts("a complex number") { $0.isComplex }) {
      operands, _, loops in ComplexExpression(operands[0], loops).real.expression
    },
    Elementwise("imag", .parts("a complex number") { $0.isComplex }) {
      operands, _, loops in ComplexExpression(operands[0], loops).imaginary.expression
    },
    Elementwise(
      "complex",
      Signature(
        arity: 2, result: { $0[0] == $0[1] ? $0[0].complex : nil },
        expectation: "two floating-point numbers of one type"), stableHLO: "stablehlo.complex"
    ) { operands, _, loops in loops.graph.make(.pair(operands[0], operands[1])) },
    Elementwise("conj", .complex(1), stableHLO: "chlo.conj") { operands, _, loops in
      let x = ComplexExpression(operands[0], loops)
      return ComplexExpression(x.real, -x.imaginary).expression
    },
  ]
}

extension Elementwise {
  /// Transposes are those of maps of complex numbers, as JAX has them: no conjugate is taken.
  static let complexPartDerivatives: [String: ElementwiseDerivative] = [
    "real": ElementwiseDerivative(
      [{ change, _, _ in change.real }],
      transposes: [{ change, x, _ in change.asNumber(x[0].element) }]),
    "imag": ElementwiseDerivative(
      [{ change, _, _ in change.imaginary ?? change.zeros }],
      transposes: [
        { change, x, _ in Term("complex", change.zeros, -change, as: x[0].element) }
      ]),
    "complex": ElementwiseDerivative(
      [
        { change, x, y in Term("complex", change, change.zeros, as: y.element) },
        { change, x, y in Term("complex", change.zeros, change, as: y.element) },
      ],
      transposes: [
        { change, _, _ in change.real }, { change, _, _ in -(change.imaginary ?? change.zeros) },
      ]),
    "conj": ElementwiseDerivative([{ change, _, _ in change.conjugate }]),
  ]
}
