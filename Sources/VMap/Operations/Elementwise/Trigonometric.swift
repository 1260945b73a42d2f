extension Elementwise {
  static let trigonometric: [Elementwise] =
    library([
      ("sin", "stablehlo.sine"), ("cos", "stablehlo.cosine"), ("tan", "stablehlo.tan"),
      ("asin", "chlo.asin"), ("acos", "chlo.acos"), ("atan", "chlo.atan"),
    ]) + [Elementwise("atan2", .floats(2), .library("atan2"), stableHLO: "stablehlo.atan2")]
}

extension Elementwise {
  static let trigonometricDerivatives: [String: ElementwiseDerivative] = [
    "sin": .factor { x, _ in Term("cos", x) },
    "cos": .factor { x, _ in -Term("sin", x) },
    "tan": .factor { _, y in y * y + y.constant(1) },
    "asin": .factor { x, _ in
      Term("rsqrt", (x.constant(1) - x) * (x.constant(1) + x))
    },
    "acos": .factor { x, _ in
      -Term("rsqrt", (x.constant(1) - x) * (x.constant(1) + x))
    },
    "atan": ElementwiseDerivative([{ change, x, _ in change / (x[0] * x[0] + x[0].constant(1)) }]),
    "atan2": ElementwiseDerivative([
      { change, x, _ in change * (x[1] / (x[0] * x[0] + x[1] * x[1])) },
      { change, x, _ in change * (-x[0] / (x[0] * x[0] + x[1] * x[1])) },
    ]),
  ]
}
