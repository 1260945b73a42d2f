extension Elementwise {
  static let hyperbolic: [Elementwise] = library([
    ("sinh", "chlo.sinh"), ("cosh", "chlo.cosh"), ("tanh", "stablehlo.tanh"),
    ("asinh", "chlo.asinh"), ("acosh", "chlo.acosh"), ("atanh", "chlo.atanh"),
  ])
}

extension Elementwise {
  static let hyperbolicDerivatives: [String: ElementwiseDerivative] = [
    "sinh": .factor { x, _ in Term("cosh", x) },
    "cosh": .factor { x, _ in Term("sinh", x) },
    "tanh": .factor { _, y in (y.constant(1) - y) * (y.constant(1) + y) },
    "asinh": .factor { x, _ in Term("rsqrt", x * x + x.constant(1)) },
    "acosh": .factor { x, _ in
      Term("rsqrt", x - x.constant(1)) * Term("rsqrt", x + x.constant(1))
    },
    "atanh": ElementwiseDerivative([
      { change, x, _ in change / ((x[0].constant(1) - x[0]) * (x[0].constant(1) + x[0])) }
    ]),
  ]
}
