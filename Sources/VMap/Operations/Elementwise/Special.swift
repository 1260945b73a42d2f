extension Elementwise {
  static let special: [Elementwise] = library([
    ("erf", "chlo.erf"), ("erfc", "chlo.erfc"), ("erf_inv", "chlo.erf_inv"),
  ])
}
