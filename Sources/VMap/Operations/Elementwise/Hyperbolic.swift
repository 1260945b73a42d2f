extension Elementwise {
  static let hyperbolic: [Elementwise] = library([
    "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  ])
}
