import Testing

@testable import VMap
@testable import VMapTestSupport

/// The interpreter's elementwise operations against values worked out by hand: it judges everything
/// else, so nothing computed may judge it.
@Suite struct InterpreterElementTests {
  static func numbers(
    _ name: String, _ operands: [Double]..., as type: ElementType = .float32
  ) throws -> [Double] {
    try ElementwiseMeaning.result(
      name, operands.map { ReferenceTensor(type, [$0.count], numbers: $0) }
    ).numbers
  }

  static func integers(
    _ name: String, _ operands: [Int]..., as type: ElementType = .int32
  ) throws -> [Int] {
    try ElementwiseMeaning.result(
      name, operands.map { ReferenceTensor(type, [$0.count], integers: $0) }
    ).integers
  }

  @Test func numbersAreRoundedToTheirType() throws {
    #expect(try Self.numbers("add", [16_777_216], [1]) == [16_777_216])
    #expect(try Self.numbers("add", [16_777_216], [1], as: .float64) == [16_777_217])
    #expect(try Self.numbers("div", [1], [3]) == [0.3333333432674408])
    #expect(try Self.numbers("sqrt", [4]) == [2])
    // Rounded twice, the product and the sum would cancel to 0.
    #expect(try Self.numbers("fma", [1 + 0x1p-12], [1 - 0x1p-12], [-1]) == [-0x1p-24])
    #expect(try Self.numbers("mul", [3e38], [10]) == [.infinity])
  }

  @Test func numbersThatAreNone() throws {
    let greater = try Self.numbers("max", [.nan, 1, -.infinity], [1, .nan, 2])
    #expect(greater.map(\.isNaN) == [true, true, false])
    #expect(try Self.numbers("min", [.nan, 3], [1, 2])[1] == 2)
    #expect(try Self.numbers("min", [.nan], [1])[0].isNaN)
    #expect(try Self.numbers("sign", [-2, 0, 5, .infinity]) == [-1, 0, 1, 1])
    #expect(try Self.numbers("sign", [.nan])[0].isNaN)
    #expect(try Self.numbers("sign", [-0.0])[0].sign == .minus)
    #expect(try Self.numbers("rem", [5.5, -5.5, 5.5], [2, 2, -2]) == [1.5, -1.5, 1.5])
    #expect(try Self.numbers("rem", [1], [0])[0].isNaN)
    #expect(try Self.numbers("clamp", [0, 0, 5], [-1, 7, 1], [4, 4, 3]) == [0, 4, 3])
    #expect(try Self.numbers("pow", [2, 0, -8], [10, 0, 1]) == [1024, 1, -8])
  }

  @Test func roundings() throws {
    let x = [-2.5, -1.5, -0.4, 0.5, 1.5, 2.5]
    #expect(try Self.numbers("floor", x) == [-3, -2, -1, 0, 1, 2])
    #expect(try Self.numbers("ceil", x) == [-2, -1, 0, 1, 2, 3])
    #expect(try Self.numbers("trunc", x) == [-2, -1, 0, 0, 1, 2])
    #expect(try Self.numbers("round", x) == [-3, -2, 0, 1, 2, 3])
    #expect(try Self.numbers("round_nearest_even", x) == [-2, -2, 0, 0, 2, 2])
  }

  @Test func functionsAtKnownPlaces() throws {
    let values: [(String, Double, Double)] = [
      ("exp", 1, 2.718281828459045), ("exp2", 3, 8), ("expm1", 1e-10, 1.00000000005e-10),
      ("log", 10, 2.302585092994046), ("log2", 8, 3), ("log10", 1000, 3),
      ("log1p", 1e-10, 9.9999999995e-11), ("logistic", 0, 0.5), ("cbrt", -27, -3),
      ("rsqrt", 4, 0.5), ("sin", 1, 0.8414709848078965), ("cos", 1, 0.5403023058681398),
      ("tan", 1, 1.557407724654902), ("asin", 1, 1.570796326794897),
      ("acos", 0.5, 1.047197551196598), ("atan", 1, 0.7853981633974483),
      ("sinh", 1, 1.175201193643801), ("cosh", 1, 1.543080634815244),
      ("tanh", 1, 0.7615941559557649), ("asinh", 1, 0.881373587019543),
      ("acosh", 2, 1.316957896924817), ("atanh", 0.5, 0.5493061443340549),
      ("erf", 1, 0.8427007929497149), ("erfc", 1, 0.1572992070502851),
      ("erf_inv", 0.5, 0.4769362762044699), ("erf_inv", 0.999, 2.326753765513525),
      ("lgamma", 5, 3.178053830347946), ("lgamma", -0.5, 1.265512123484645),
      ("bessel_i1e", 1, 0.2079104153497085), ("bessel_i1e", -30, -0.07191633059864756),
      ("digamma", 1, -0.577215664901533), ("digamma", -0.5, 0.036489973978576),
    ]
    for (name, x, expected) in values {
      let value = try Self.numbers(name, [x], as: .float64)[0]
      #expect((value - expected).magnitude <= 4e-15 * max(1, expected.magnitude), "\(name)")
    }
    #expect(try Self.numbers("atan2", [1, -1, 0], [-1, -1, -1], as: .float64)[2] == .pi)
    #expect(try Self.numbers("erf_inv", [1, -1], as: .float64) == [.infinity, -.infinity])
  }

  @Test func neighbours() throws {
    let up = try Self.numbers(
      "nextafter", [0, 1, -1, 0x1p-14, 65504], [1, 9, 9, 9, .infinity], as: .float16)
    #expect(up == [0x1p-24, 0x1.004p0, -0x1.ffcp-1, 0x1.004p-14, .infinity])
    let down = try Self.numbers(
      "nextafter", [0, 1, 0x1p-126, .infinity], [-1, 0, 0, 0], as: .bfloat16)
    #expect(down == [-0x1p-133, 1 - 0x1p-8, 0x1p-126 - 0x1p-133, 0x1.fep127])
    #expect(try Self.numbers("nextafter", [0], [-0.0])[0].sign == .minus)
    #expect(try Self.numbers("nextafter", [.nan, 1], [1, .nan]).allSatisfy(\.isNaN))
  }

  @Test func integersWrapAround() throws {
    let (least, most) = (Int(Int32.min), Int(Int32.max))
    #expect(try Self.integers("add", [most], [1]) == [least])
    #expect(try Self.integers("mul", [65536, 3], [65536, -5]) == [0, -15])
    #expect(try Self.integers("neg", [least, 4]) == [least, -4])
    #expect(try Self.integers("abs", [least, -4]) == [least, 4])
    #expect(try Self.integers("sub", [0], [1], as: .uint8) == [255])
    #expect(try Self.integers("square", [16, 20], as: .uint8) == [0, 144])
    #expect(try Self.integers("div", [7, -7, 5, least], [2, 2, 0, -1]) == [3, -3, -1, least])
    #expect(try Self.integers("div", [9, 9], [0, 2], as: .uint8) == [255, 4])
    #expect(try Self.integers("rem", [7, -7, 5, least], [4, 4, 0, -1]) == [3, -3, 5, 0])
    #expect(try Self.integers("sign", [-9, 0, 9]) == [-1, 0, 1])
    #expect(try Self.integers("clamp", [0, 0], [-5, 9], [3, 3]) == [0, 3])
  }

  @Test func bits() throws {
    #expect(try Self.integers("not", [0, 5], as: .uint8) == [255, 250])
    #expect(try Self.integers("not", [0, 1], as: .bool) == [1, 0])
    #expect(try Self.integers("xor", [0, 1, 1], [1, 1, 0], as: .bool) == [1, 0, 1])
    #expect(try Self.integers("shift_left", [1, 1, 3], [31, 32, -1]) == [Int(Int32.min), 0, 0])
    #expect(try Self.integers("shift_right_logical", [-1, -1], [28, 32]) == [15, 0])
    let shift = "shift_right_arithmetic"
    #expect(try Self.integers(shift, [-16, -16, 16], [2, 99, 99]) == [-4, -1, 0])
    #expect(try Self.integers(shift, [0x80], [7], as: .uint8) == [255])
    #expect(try Self.integers("population_count", [-1, 5], as: .int8) == [8, 2])
    #expect(try Self.integers("clz", [0, 1, -1], as: .int8) == [8, 7, 0])
  }

  @Test func comparisons() throws {
    let (a, b): ([Double], [Double]) = ([1, 2, 2, .nan], [2, 2, 1, 1])
    func truth(_ name: String) throws -> [Int] {
      let operands = [a, b].map { ReferenceTensor(.float32, [4], numbers: $0) }
      return try ElementwiseMeaning.result(name, operands).integers
    }
    #expect(try truth("lt") == [1, 0, 0, 0])
    #expect(try truth("le") == [1, 1, 0, 0])
    #expect(try truth("eq") == [0, 1, 0, 0])
    #expect(try truth("ne") == [1, 0, 1, 1])
    #expect(try truth("ge") == [0, 1, 1, 0])
    #expect(try truth("gt") == [0, 0, 1, 0])
    #expect(try Self.integers("lt", [0, 1], [1, 0], as: .bool) == [1, 0])
  }

  @Test func conversions() throws {
    func convert(_ x: ReferenceTensor, _ target: ElementType) throws -> ReferenceTensor {
      try OperationMeaning.result(of: Convert(target: target, keepsBits: false), [x])
    }
    let x = ReferenceTensor(.float32, [6], numbers: [1.9, -1.9, 300, -300, .nan, .infinity])
    #expect(try convert(x, .int8).integers == [1, -1, 127, -128, 0, 127])
    #expect(try convert(x, .uint8).integers == [1, 0, 255, 0, 0, 255])
    #expect(try convert(x, .bool).integers == [1, 1, 1, 1, 1, 1])
    let y = ReferenceTensor(.int32, [3], integers: [300, -1, 16_777_217])
    #expect(try convert(y, .uint8).integers == [44, 255, 1])
    #expect(try convert(y, .float32).numbers == [300, -1, 16_777_216])
    let one = ReferenceTensor(.float32, [], numbers: [1])
    let bits = try OperationMeaning.result(of: Convert(target: .int32, keepsBits: true), [one])
    #expect(bits.integers == [0x3f80_0000])
  }
}
