extension Elementwise {
  static let trigonometric: [Elementwise] =
    library([
      "sin", "cos", "tan", "asin", "acos", "atan",
    ]) + [Elementwise("atan2", .floats(2), .library("atan2"))]
}
