extension Elementwise {
  static let trigonometric: [Elementwise] =
    library([
      "sin": 40, "cos": 40, "tan": 50, "asin": 25, "acos": 25, "atan": 25,
    ]) + [Elementwise("atan2", .floats(2), .library("atan2", cost: 35))]
}
