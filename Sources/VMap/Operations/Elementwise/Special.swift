extension Elementwise {
  static let special: [Elementwise] = library([
    ("erf", "chlo.erf"), ("erfc", "chlo.erfc"), ("erf_inv", "chlo.erf_inv"),
    ("lgamma", "chlo.lgamma"), ("digamma", "chlo.digamma"),
    ("bessel_i1e", "chlo.bessel_i1e"),
  ])
}
