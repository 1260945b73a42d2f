extension Elementwise {
  static let trigonometric: [Elementwise] =
    library([
      ("sin", "stablehlo.sine"), ("cos", "stablehlo.cosine"), ("tan", "stablehlo.tan"),
      ("asin", "chlo.asin"), ("acos", "chlo.acos"), ("atan", "chlo.atan"),
    ]) + [Elementwise("atan2", .floats(2), .library("atan2"), stableHLO: "stablehlo.atan2")]
}
