extension Elementwise {
  static let special: [Elementwise] = library(["erf": 25, "erfc": 40, "erf_inv": 35])
}
