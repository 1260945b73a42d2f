import Device
import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// What several loops of a work-item use is made once, where that is not cheap, and kept in a row whose
/// elements are the lanes.
@Suite struct KeptRowTests {
  static let note = "keeps rows"
  static let lengths = [1, 15, 16, 17, 33, 100, 128, 1000, 2048, 2049, 3000]

  private func rows(_ shape: [Int]) throws -> Tensor<Float> {
    try Tensor<Float>(
      shape: shape, scalars: ScheduleTests.samples(shape.reduce(1, *), scale: 0.01, from: -5))
  }

  /// How often the first kernel writes a function down.
  private func uses(of function: String, in lowered: Lowered) -> Int {
    let kernels = lowered.source.components(separatedBy: "kernel __attribute__")
    guard kernels.count > 1 else { return 0 }
    // The functions of the program for long indices come after its last brace.
    let kernel = kernels[1].components(separatedBy: "\n}\n")[0]
    return kernel.components(separatedBy: function + "(").count - 1
  }

  /// The exponentials of a softmax are computed once, those of rows that are too long twice; and each
  /// example by itself has the bits it has in a batch.
  @Test(arguments: lengths) func softmax(_ length: Int) throws {
    let f = vmap { (x: Tensor<Float>) in x.softmax() }
    try DeviceRun.withSixteenLanes {
      let x = try rows([5, length])
      let lowered = try f.lowered(x)
      if length >= 100 {
        let isKept = length <= Partition.rowCapacity
        #expect(lowered.plan.contains(KeptRowTests.note) == isKept, "\(lowered.plan)")
        #expect((uses(of: "vm_exp_f32x16", in: lowered) == 1) == isKept, "\(lowered.source)")
      }
      let result = try f(x)
      let values = try x.scalars()
      let expected = (0..<5).flatMap { row in
        let own = values[row * length..<(row + 1) * length].map { exp(Double($0)) }
        let sum = own.reduce(0, +)
        return own.map { Float($0 / sum) }
      }
      // A sum of positive terms, rounded at most a hundred times in a lane, and an exponential.
      try expectClose(result, expected, within: 1e-5)
      let bits = try result.bitcast(to: UInt32.self).scalars()
      for row in 0..<5 {
        let alone = try f(x[row..<row + 1]).bitcast(to: UInt32.self).scalars()
        #expect(alone == Array(bits[row * length..<(row + 1) * length]))
      }
    }
  }

  /// Rows of several dimensions follow each other in one array.
  @Test(arguments: [5, 16, 21, 40]) func severalDimensions(_ length: Int) throws {
    let f = vmap { (x: Tensor<Float>) -> Tensor<Float> in
      let weights = exp(x - x.max())
      return weights / weights.sum()
    }
    try DeviceRun.withSixteenLanes {
      let x = try rows([4, 3, length])
      let values = try x.scalars()
      let size = 3 * length
      let expected = (0..<4).flatMap { example in
        let own = values[example * size..<(example + 1) * size].map { exp(Double($0)) }
        let sum = own.reduce(0, +)
        return own.map { Float($0 / sum) }
      }
      let plan = try f.lowered(x).plan
      if length >= 40 { #expect(plan.contains(KeptRowTests.note), "\(plan)") }
      // As above.
      try expectClose(f(x), expected, within: 1e-5)
    }
  }

  /// What is cheap is computed again.
  @Test func cheapRows() throws {
    let f = vmap { (x: Tensor<Float>) in x - x.mean() }
    try DeviceRun.withSixteenLanes {
      let x = try rows([5, 200])
      let plan = try f.lowered(x).plan
      #expect(!plan.contains(KeptRowTests.note), "\(plan)")
    }
  }

  /// Other types are kept as registers have them; in all profiles.
  @Test func types() throws {
    func check<Scalar: TensorFloatingPoint>(_ type: Scalar.Type, _ tolerance: Double) throws {
      let values = ScheduleTests.samples(3 * 70, scale: 0.004, from: -2)
      let x = try Tensor<Scalar>(shape: [3, 70], scalars: values.map { Scalar(Double($0)) })
      let result = try vmap { (x: Tensor<Scalar>) in x.softmax() }(x).scalars()
      let sum = (0..<3).map { row in (0..<70).reduce(0) { $0 + Double(result[row * 70 + $1]) } }
      for total in sum { #expect(abs(total - 1) < tolerance) }
      for (place, value) in values.enumerated() {
        let own = values[place / 70 * 70..<(place / 70 + 1) * 70].map { exp(Double($0)) }
        let expected = exp(Double(value)) / own.reduce(0, +)
        #expect(abs(Double(result[place]) - expected) <= tolerance * expected)
      }
    }
    for target in DeviceRun.targets {
      try Context.$override.withValue(target.context) {
        // An exponential, a sum of 70 terms and a quotient, each rounded to the type.
        try check(Float.self, 1e-5)
        try check(Double.self, 1e-13)
        try check(BFloat16.self, 0.05)
      }
    }
  }
}
