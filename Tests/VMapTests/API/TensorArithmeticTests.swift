import Testing
import VMap

/// Operators and functions of elements.
@Suite struct TensorArithmeticTests {
  typealias Ints = Tensor<Int32>
  typealias Floats = Tensor<Float>

  @Test func operatorsOfIntegers() throws {
    let (x, y) = (Ints([-7, 7, -7, 7]), Ints([3, 3, -3, -3]))
    try expectAll([
      (x + y, [4], [-4, 10, -10, 4]), (x - y, [4], [-10, 4, -4, 10]),
      (x * y, [4], [-21, 21, 21, -21]),
      (x / y, [4], [-2, 2, 2, -2]), (x % y, [4], [-1, 1, -1, 1]), (-x, [4], [7, -7, 7, -7]),
      (floorDivide(x, y), [4], [-3, 2, 2, -3]), (mod(x, y), [4], [2, 1, -1, -2]),
      (mod(x, 4), [4], [1, 3, 1, 3]), (floorDivide(x, 2), [4], [-4, 3, -4, 3]),
      (x + 1, [4], [-6, 8, -6, 8]), (1 - x, [4], [8, -6, 8, -6]), (2 * x, [4], [-14, 14, -14, 14]),
      (21 / x, [4], [-3, 3, -3, 3]), (x ** 2, [4], [49, 49, 49, 49]), (x ** 0, [4], [1, 1, 1, 1]),
      (maximum(x, y), [4], [3, 7, -3, 7]), (minimum(x, 0), [4], [-7, 0, -7, 0]),
      (clamp(x, min: -1, max: 5), [4], [-1, 5, -1, 5]), (clip(x, min: 0), [4], [0, 7, 0, 7]),
      (abs(x), [4], [7, 7, 7, 7]), (sign(x), [4], [-1, 1, -1, 1]), (+x, [4], [-7, 7, -7, 7]),
    ])
    expectError(.typeMismatch, naming: "-1") { try (x ** -1).scalars() }
  }

  @Test func bits() throws {
    let x = Tensor<UInt8>([0b1100, 0b1010, 255])
    try expectAll([
      (x & 0b0110, [3], [0b0100, 0b0010, 0b0110]), (x | 1, [3], [13, 11, 255]),
      (x ^ 0xff, [3], [243, 245, 0]), (~x, [3], [243, 245, 0]), (x << 1, [3], [24, 20, 254]),
      (x >> 2, [3], [3, 2, 63]), (1 << Tensor<UInt8>([0, 3, 7]), [3], [1, 8, 128]),
      (populationCount(x), [3], [2, 2, 8]), (countLeadingZeros(x), [3], [4, 4, 0]),
      (x + x, [3], [24, 20, 254]), (x / 3, [3], [4, 3, 85]),
    ])
    try expect(Tensor<Int8>([-128, 64, -1]) >> 1, [3], [-64, 32, -1])
    try expect(-Tensor<Int8>([-128, 5]), [2], [-128, -5])
  }

  @Test func comparisonsAndLogic() throws {
    let (x, y) = (Floats([1, 2, .nan]), Floats([2, 2, .nan]))
    let (p, q) = (Tensor([true, true, false]), Tensor([true, false, false]))
    try expectAll([
      (x .< y, [3], [true, false, false]), (x .<= y, [3], [true, true, false]),
      (x .> 1, [3], [false, true, false]), (1 .>= x, [3], [true, false, false]),
      (x .== y, [3], [false, true, false]), (x .!= y, [3], [true, false, true]),
      (p .&& q, [3], [true, false, false]), (p .|| q, [3], [true, true, false]),
      (p ^ q, [3], [false, true, false]), (.!p, [3], [false, false, true]),
      (isnan(x), [3], [false, false, true]), (isfinite(x / 0), [3], [false, false, false]),
      (isinf(x / 0), [3], [true, true, false]),
    ])
    try expect(select(p, Ints([1, 2, 3]), 0), [3], [1, 2, 0])
    try expect(`where`(q, 9, Ints([1, 2, 3])), [3], [9, 2, 3])
  }

  @Test func functionsOfNumbers() throws {
    let x = Floats([-1.5, 0.25, 2.5])
    let y = Floats([0.5, 4, 1])
    try expectAllClose([
      (exp(x), [3], [0.22313015, 1.2840255, 12.182493]), (log(y), [3], [-0.6931472, 1.3862944, 0]),
      (sqrt(y), [3], [0.70710677, 2, 1]), (rsqrt(y), [3], [1.4142135, 0.5, 1]),
      (cbrt(x), [3], [-1.1447142, 0.62996054, 1.3572087]), (square(x), [3], [2.25, 0.0625, 6.25]),
      (sin(x), [3], [-0.997495, 0.24740396, 0.5984722]),
      (cos(x), [3], [0.0707372, 0.9689124, -0.8011436]),
      (tanh(x), [3], [-0.9051482, 0.24491866, 0.9866143]),
      (x ** 3, [3], [-3.375, 0.015625, 15.625]),
      (y ** x, [3], [2.828427, 1.4142135, 1]), (2 ** x, [3], [0.35355338, 1.1892071, 5.656854]),
      (x ** -2, [3], [0.44444445, 16, 0.16]), (hypot(x, y), [3], [1.5811388, 4.007805, 2.6925824]),
      (logaddexp(x, y), [3], [0.626928, 4.0232453, 2.7014134]),
      (sigmoid(x), [3], [0.18242553, 0.5621765, 0.9241418]), (relu(x), [3], [0, 0.25, 2.5]),
      (softplus(x), [3], [0.20141327, 0.8259395, 2.5788896]), (reciprocal(y), [3], [2, 0.25, 1]),
      (floorDivide(x, y), [3], [-3, 0, 2]),
      (mod(x, y), [3], [0, 0.25, 0.5]), (x % y, [3], [-0, 0.25, 0.5]),
    ])
    try expectAll([
      (floor(x), [3], [-2, 0, 2]), (ceil(x), [3], [-1, 1, 3]), (trunc(x), [3], [-1, 0, 2]),
      (round(x), [3], [-2, 0, 2]), (sign(x), [3], [-1, 1, 1]), (abs(x), [3], [1.5, 0.25, 2.5]),
    ])
  }

  @Test func broadcasting() throws {
    let (column, row) = (Ints([[1], [2]]), Ints([10, 20, 30]))
    try expectAll([
      (column + row, [2, 3], [11, 21, 31, 12, 22, 32]), (row - Ints(1), [3], [9, 19, 29]),
      (Ints.ones([2, 1, 2]) * Ints([[1, 2], [3, 4]]), [2, 2, 2], [1, 2, 3, 4, 1, 2, 3, 4]),
      (row + Ints.ones([0, 1]), [0, 3], []),
    ])
    expectError(.shapeMismatch, naming: "add", "[2]", "[3]") {
      try (Ints([1, 2]) + Ints([1, 2, 3])).scalars()
    }
    expectError(.shapeMismatch, naming: "[2,3]", "[2,1,2]") {
      try maximum(Ints.ones([2, 3]), Ints.ones([2, 1, 2])).scalars()
    }
    expectError(.shapeMismatch, naming: "select") {
      try select(Tensor([true, false]), row, row).scalars()
    }
  }

  @Test func conversions() throws {
    let x = Floats([-1.7, 0.5, 300, .nan, .infinity])
    try expect(x.asType(Int32.self), [5], [-1, 0, 300, 0, .max])
    try expect(x.asType(Bool.self), [5], [true, true, true, true, true])
    try expect(Ints([-1, 256, 0]).asType(UInt8.self), [3], [255, 0, 0])
    try expect(Tensor([true, false]).asType(Double.self), [2], [1, 0])
    try expect(Floats([1, -0.0]).bitcast(to: UInt32.self), [2], [0x3f80_0000, 0x8000_0000])
    try expect(Tensor<Int64>([1 << 40]).asType(Float.self), [1], [1_099_511_627_776])
  }
}
