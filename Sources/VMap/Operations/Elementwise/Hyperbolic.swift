extension Elementwise {
  static let hyperbolic: [Elementwise] = library([
    "sinh": 30, "cosh": 25, "tanh": 22, "asinh": 30, "acosh": 30, "atanh": 30,
  ])
}
