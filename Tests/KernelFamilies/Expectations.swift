import VMap

typealias F = Tensor<Float>
typealias D = Tensor<Double>
typealias I = Tensor<Int32>
typealias B = Tensor<Bool>

/// Checks that a tensor has a shape, and that its elements are those that a function of the index
/// gives.
func expect<Scalar>(
  _ what: String, _ tensor: Tensor<Scalar>, _ shape: [Int], _ element: ([Int]) -> Scalar
) throws {
  try compare(what, tensor, shape) { index, found in
    let expected = element(index)
    return found == expected ? nil : "\(expected)"
  }
}

/// Checks that a tensor's elements are close to those that are computed in double precision.
///
/// - Parameter tolerance: The largest difference, times the expected number where that is above 1.
func expect<Scalar: TensorFloatingPoint>(
  _ what: String, near tensor: Tensor<Scalar>, _ shape: [Int], within tolerance: Double = 1e-5,
  _ element: ([Int]) -> Double
) throws {
  try compare(what, tensor, shape) { index, found in
    let expected = element(index)
    let isNear = abs(Double(found) - expected) <= tolerance * max(1, abs(expected))
    return isNear ? nil : "\(expected)"
  }
}

/// What tells the bits of all results since the last reset from others.
struct Digest {
  nonisolated(unsafe) static var current = Digest()

  /// FNV-1a.
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Takes in a number by its shortest text; one NaN is as good as another.
  mutating func add(_ text: String) {
    for byte in (text == "-nan" ? "nan" : text).utf8 {
      value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
    }
  }
}

private func compare<Scalar>(
  _ what: String, _ tensor: Tensor<Scalar>, _ shape: [Int],
  _ expected: (_ index: [Int], _ found: Scalar) -> String?
) throws {
  let found = try tensor.scalars()
  for scalar in found { Digest.current.add("\(scalar)") }
  guard tensor.shape == shape else {
    throw WrongResult(text: "\(what) has shape \(tensor.shape), not \(shape)")
  }
  var index = [Int](repeating: 0, count: shape.count)
  for scalar in found {
    if let text = expected(index, scalar) {
      throw WrongResult(text: "\(what) at \(index) is \(scalar), not \(text)")
    }
    // The next index in row-major order.
    for dimension in shape.indices.reversed() {
      index[dimension] += 1
      if index[dimension] < shape[dimension] { break }
      index[dimension] = 0
    }
  }
}

/// The sum of a function over a range.
func total(_ count: Int, _ term: (Int) -> Double) -> Double {
  (0..<count).reduce(0) { $0 + term($1) }
}
