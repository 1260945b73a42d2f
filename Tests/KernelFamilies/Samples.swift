import VMap

/// A tensor together with its elements as Swift sees them.
struct Samples<Scalar: TensorScalar>: Sendable {
  let shape: [Int]
  let scalars: [Scalar]

  init(_ shape: [Int], _ element: (Int) -> Scalar) {
    self.shape = shape
    scalars = (0..<shape.reduce(1, *)).map(element)
  }

  /// An element.
  subscript(_ index: Int...) -> Scalar { self[index] }

  /// An element.
  subscript(_ index: [Int]) -> Scalar {
    scalars[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }

  /// The tensor, newly made.
  var tensor: Tensor<Scalar> {
    get throws { try Tensor(shape: shape, scalars: scalars) }
  }
}

extension Samples where Scalar: TensorFloatingPoint {
  /// Numbers in [low, high), the same in every run.
  static func random(
    _ shape: [Int], _ seed: Int = 0, in low: Double = -2, _ high: Double = 2
  ) -> Samples {
    Samples(shape) { Scalar(low + (high - low) * Double(hash($0, seed) % 4096) / 4096) }
  }
}

extension Samples where Scalar: TensorInteger {
  /// Integers of a range, the same in every run.
  static func random(_ shape: [Int], _ seed: Int = 0, in range: ClosedRange<Int>) -> Samples {
    Samples(shape) {
      Scalar(truncatingIfNeeded: range.lowerBound + Int(hash($0, seed) % UInt64(range.count)))
    }
  }
}

extension Samples<Bool> {
  /// Truth values, the same in every run; one in three is true.
  static func random(_ shape: [Int], _ seed: Int = 0) -> Samples {
    Samples(shape) { hash($0, seed) % 3 == 0 }
  }
}

/// SplitMix64's output function.
private func hash(_ number: Int, _ seed: Int) -> UInt64 {
  var z = UInt64(number + 1) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(seed) &* 0x2545_f491_4f6c_dd1d
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
