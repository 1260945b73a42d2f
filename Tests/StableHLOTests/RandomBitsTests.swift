import StableHLO
import Testing
import VMap

/// `rng_bit_generator` beside XLA on the CPU, as JAX 0.10.2 has it.
@Suite struct RandomBitsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let algorithm: String
    let state: [UInt64]
    let type: String
    let next: [UInt64]
    let bits: [UInt64]

    init(
      _ algorithm: String, _ state: [UInt64], _ type: String, next: [UInt64], _ bits: [UInt64]
    ) {
      (self.algorithm, self.state, self.type) = (algorithm, state, type)
      (self.next, self.bits) = (next, bits)
    }

    var testDescription: String { "\(algorithm) \(state) \(type)" }

    func function() throws -> AnyFunction {
      let state = "tensor<\(state.count)xui64>"
      return try StableHLO.function(
        Modules.main(
          "(%s: \(state)) -> (\(state), tensor<\(type)>)",
          """
          %a, %b = stablehlo.rng_bit_generator %s, algorithm = \(algorithm)
            : (\(state)) -> (\(state), tensor<\(type)>)
          return %a, %b : \(state), tensor<\(type)>
          """))
    }
  }

  /// Counters that overflow, every kind of shape, and elements of every size.
  static let cases: [Case] = [
    Case(
      "PHILOX", [3, 5], "6xui32", next: [3, 7],
      [514065308, 1112787925, 433431800, 1887756390, 1925109534, 224787284]),
    Case(
      "DEFAULT", [3, 5], "3xui64", next: [3, 7],
      [4779387745772766108, 8107851958298453240, 965454035261773598]),
    Case(
      "PHILOX", [3, .max], "6xui32", next: [3, 1],
      [1733508001, 547713088, 2905953186, 834471078, 1995848961, 2377083460]),
    Case(
      "PHILOX", [9223372036854775811, .max, 7], "6xui32", next: [9223372036854775811, 1, 8],
      [3037228401, 780973846, 2264708677, 2269848877, 205450747, 245000783]),
    Case(
      "PHILOX", [3, .max, .max], "5xui16", next: [3, 1, 0],
      [19543, 10853, 24558, 46963, 19831]),
    Case("PHILOX", [3, 5, 7], "ui64", next: [3, 6, 7], [15585328198562319241]),
    Case(
      "THREE_FRY", [1099511627779, .max], "3xui64", next: [1099511627779, 2],
      [18119328369271432463, 9239851509653640358, 7067843065148553784]),
    Case(
      "THREE_FRY", [3, 4294967295], "2x3xui32", next: [3, 4294967298],
      [3248146454, 2778816879, 1695102754, 305922057, 3729279488, 1836661289]),
    Case(
      "THREE_FRY", [3, 5], "3x4xui16", next: [3, 11],
      [48227, 21371, 22265, 18483, 25724, 22394, 37990, 6582, 13215, 36942, 15344, 62455]),
    Case(
      "THREE_FRY", [3, 5], "3x5x1xui8", next: [3, 14],
      [99, 123, 249, 51, 124, 102, 182, 159, 78, 240, 14, 157, 54, 0, 143]),
    Case("THREE_FRY", [3, 5], "5xi8", next: [3, 8], [99, 123, 249, 51, 124]),
    Case("THREE_FRY", [3, 5], "ui32", next: [3, 6], [1109507171]),
    Case("THREE_FRY", [3, 5], "0x3xui32", next: [3, 5], []),
    Case("PHILOX", [3, 5], "0xui32", next: [3, 5], []),
    Case(
      "PHILOX", [3, 5], "4xf32", next: [3, 6], [514065308, 1112787925, 433431800, 1887756390]),
    Case("PHILOX", [3, 5], "2xbf16", next: [3, 6], [0x39C, 0xCBD5]),
  ]

  /// The elements' bits.
  private func bits(_ x: AnyTensor) throws -> [UInt64] {
    try x.withBytes { bytes in
      let size = x.elementType.byteCount
      return stride(from: 0, to: bytes.count, by: size).map { start in
        bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
  }

  @Test(arguments: cases) func answersOfXLA(_ given: Case) throws {
    let results = try jit(given.function())([AnyTensor([given.state.count], given.state)])
    #expect(try results[0].scalars(UInt64.self) == given.next)
    #expect(try bits(results[1]) == given.bits)
  }

  /// Every example has a state of its own.
  @Test func states() throws {
    for index in [0, 6] {
      let given = Self.cases[index]
      let f = try vmap(given.function(), outAxes: [0, 0])
      let states = [given.state, given.state.map { $0 &+ 1 }, given.state].flatMap { $0 }
      let results = try f([AnyTensor([3, given.state.count], states)])
      let (next, bits) = (try results[0].scalars(UInt64.self), try bits(results[1]))
      let (words, count) = (given.next.count, given.bits.count)
      #expect(Array(next[..<words]) == given.next && Array(next[(2 * words)...]) == given.next)
      #expect(Array(bits[..<count]) == given.bits && Array(bits[(2 * count)...]) == given.bits)
      #expect(Array(bits[count..<2 * count]) != given.bits)
    }
  }

  @Test func whatIsRefused() throws {
    let uniform = """
      %0 = stablehlo.constant dense<0.0> : tensor<f32>
      %1 = stablehlo.constant dense<1.0> : tensor<f32>
      %2 = stablehlo.constant dense<3> : tensor<1xi64>
      %3 = stablehlo.rng %0, %1, %2, distribution = UNIFORM
        : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<3xf32>
      return %3 : tensor<3xf32>
      """
    let error = try #require(
      #expect(throws: StableHLOError.self) {
        try StableHLO.function(Modules.main("() -> tensor<3xf32>", uniform))
      })
    #expect(error.kind == .unsupported)
    #expect(error.unsupported == ["stablehlo.rng without a state"])
    for (algorithm, count) in [("THREE_FRY", 3), ("PHILOX", 4), ("DEFAULT", 1), ("NONE", 2)] {
      let given = Case(algorithm, [UInt64](repeating: 1, count: count), "3xui32", next: [], [])
      let error = #expect(throws: StableHLOError.self) { try given.function() }
      #expect(error?.message.contains("rng_bit_generator") == true, "\(error as Any)")
    }
  }
}
