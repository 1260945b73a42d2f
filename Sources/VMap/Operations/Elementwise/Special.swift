extension Elementwise {
  static let special: [Elementwise] = library(["erf", "erfc", "erf_inv"])
}
