import Testing
import VMap

/// Operators and functions in the forms that take a number in the place of a tensor, and functions of
/// several dimensions.
@Suite struct ScalarOperandTests {
  typealias Ints = Tensor<Int32>
  typealias Floats = Tensor<Float>
  typealias Bools = Tensor<Bool>

  @Test func integersOnTheLeft() throws {
    let x = Ints([1, 2, 3])
    try expectAll([
      (7 % x, [3], [0, 1, 1]), (6 & x, [3], [0, 2, 2]), (4 | x, [3], [5, 6, 7]),
      (1 ^ x, [3], [0, 3, 2]), (-16 >> x, [3], [-8, -4, -2]),
    ])
  }

  @Test func comparisonsWithNumbersOnTheLeft() throws {
    let x = Ints([1, 2, 3])
    try expectAll([
      (2 .< x, [3], [false, false, true]), (2 .<= x, [3], [false, true, true]),
      (2 .> x, [3], [true, false, false]), (2 .>= x, [3], [true, true, false]),
      (2 .== x, [3], [false, true, false]), (2 .!= x, [3], [true, false, true]),
    ])
  }

  @Test func truthValues() throws {
    let x = Bools([true, false])
    try expectAll([
      (x .&& true, [2], [true, false]), (false .&& x, [2], [false, false]),
      (x .|| true, [2], [true, true]), (false .|| x, [2], [true, false]),
    ])
  }

  @Test func functions() throws {
    let x = Floats([-2, 0.5, 3])
    let mask = x .> 0
    try expectAll([
      (VMap.where(mask, x, 7), [3], [7, 0.5, 3]), (VMap.where(mask, 7, x), [3], [-2, 7, 7]),
      (floorDivide(x, 2), [3], [-1, 0, 1]),
    ])
    try expectAllClose([(pow(x, 2), [3], [4, 0.25, 9])])
  }

  /// Beside JAX 0.10.2.
  @Test func activations() throws {
    let x = Floats([-2, 0, 0.5, 3])
    try expectAllClose([
      (logistic(x), [4], [0.11920291930437088, 0.5, 0.622459352016449, 0.9525741338729858]),
      (silu(x), [4], [-0.23840583860874176, 0, 0.3112296760082245, 2.857722282409668]),
      (gelu(x), [4], [-0.045402348041534424, 0, 0.3457140028476715, 2.9963626861572266]),
      (besselI1e(x), [4], [-0.2152692824602127, 0, 0.15642079710960388, 0.1968267261981964]),
    ])
  }

  @Test func severalDimensions() throws {
    let x = try Floats.counting(2, 3)
    #expect(try (x .> 1).sum(axes: [0, 1]).scalars() == [4])
    let deviation = x.standardDeviation(axes: [0, 1])
    try expectAllClose([(deviation, [], [Float(35.0 / 12).squareRoot()])])
  }

  @Test func boundsThatAreTensors() throws {
    let (sum, index) = fori(Ints(1), Ints(4), Ints(10), Ints(0)) { i, sum, _ in (sum + i, i) }
    #expect(try sum.scalar() == 16)
    #expect(try index.scalar() == 3)
  }
}
