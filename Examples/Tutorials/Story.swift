import VMap

/// One tutorial: prints as it goes, and counts the answers that are not as expected.
struct Story {
  private(set) var failures = 0

  init(_ title: String) { print("\n\(title)\n\(String(repeating: "─", count: title.count))") }

  /// Prints a result and compares it with the answer in row-major order.
  mutating func show<Scalar>(
    _ label: String, _ result: Tensor<Scalar>, is answer: [Scalar]
  ) throws {
    print("\(label):\n\(result)")
    note(try result.scalars() == answer, "expected \(answer)")
  }

  /// Prints a result and compares it with the answer, up to rounding.
  mutating func show(
    _ label: String, _ result: Tensor<Float>, isNear answer: [Float], tolerance: Float = 1e-5
  ) throws {
    print("\(label):\n\(result)")
    try compare(result, answer, tolerance)
  }

  /// Compares a result that is too long to print.
  mutating func compare(
    _ result: Tensor<Float>, _ answer: [Float], _ tolerance: Float = 1e-5
  ) throws {
    let scalars = try result.scalars()
    let isNear =
      scalars.count == answer.count
      && zip(scalars, answer).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    note(isNear, "expected \(answer)")
  }

  /// Prints the error of a call that must fail in a certain way.
  mutating func showError(
    _ label: String, _ kind: VMapError.Kind, _ call: () throws(VMapError) -> Void
  ) {
    do throws(VMapError) {
      try call()
      note(false, "\(label): expected an error")
    } catch {
      print("\(label):\n  \(error)")
      note(error.kind == kind, "expected \(kind)")
    }
  }

  /// Counts a failure where something does not hold.
  mutating func note(_ holds: Bool, _ problem: @autoclosure () -> String) {
    guard !holds else { return }
    failures += 1
    print("WRONG: \(problem())")
  }
}

/// Numbers without a pattern, the same ones each time.
func scattered(_ shape: [Int], seed: UInt64) throws -> Tensor<Float> {
  var state = seed
  let scalars = (0..<shape.reduce(1, *)).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 23) - 1
  }
  return try Tensor(shape: shape, scalars: scalars)
}
