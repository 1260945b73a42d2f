extension Elementwise {
  static let hyperbolic: [Elementwise] = library([
    ("sinh", "chlo.sinh"), ("cosh", "chlo.cosh"), ("tanh", "stablehlo.tanh"),
    ("asinh", "chlo.asinh"), ("acosh", "chlo.acosh"), ("atanh", "chlo.atanh"),
  ])
}
