import Testing

@testable import VMap
@testable import VMapTestSupport

/// The derivatives of all elementwise operations that have some.
@Suite struct ElementwiseDerivativeTests {
  typealias Input = BatchCheck.Input

  /// An operation on vectors of two numbers from intervals in which it is smooth.
  private static func check(
    _ name: String, _ domains: ClosedRange<Double>..., of type: ElementType = .float64
  ) -> DerivativeCheck {
    let inputs = domains.enumerated().map { number, domain in
      Input.numbers(type, [2], in: domain.lowerBound, domain.upperBound, seed: number)
    }
    var check = DerivativeCheck(name, inputs) { _, x in
      let operation = try Elementwise.make(
        name: name, attributes: Attributes(operation: name, []))
      return [try .step(operation, x)]
    }
    check.runsSecondDerivatives = false
    return check
  }

  static var real: [DerivativeCheck] {
    [
      check("add", -4...4, -4...4), check("sub", -4...4, -4...4), check("mul", -4...4, -4...4),
      check("div", -4...4, 1...4), check("rem", 3.2...3.8, 1.1...1.4), check("max", -2...0, 1...4),
      check("min", -2...0, 1...4), check("neg", -4...4), check("abs", 0.5...4),
      check("sign", 0.5...4), check("pow", 0.5...3, -2...2),
      check("square", -4...4), check("fma", -4...4, -4...4, -4...4),
      check("exp", -2...2), check("exp2", -2...2), check("expm1", -2...2), check("log", 0.5...4),
      check("log2", 0.5...4), check("log10", 0.5...4), check("log1p", -0.4...4),
      check("logistic", -4...4), check("cbrt", 0.5...4), check("rsqrt", 0.5...4),
      check("sqrt", 0.5...4),
      check("sin", -4...4), check("cos", -4...4), check("tan", -1...1), check("asin", -0.7...0.7),
      check("acos", -0.7...0.7), check("atan", -4...4), check("atan2", 0.5...4, 0.5...4),
      check("sinh", -2...2), check("cosh", -2...2), check("tanh", -2...2), check("asinh", -4...4),
      check("acosh", 1.5...4), check("atanh", -0.7...0.7),
      check("erf", -2...2), check("erfc", -2...2), check("erf_inv", -0.7...0.7),
      check("bessel_i1e", 0.5...4),
      check("clamp", -1...0, 0.5...1, 2...3),
    ] + Elementwise.rounding.map { check($0.name, 1.1...1.4) } + [choice, parts]
  }

  private static var choice: DerivativeCheck {
    DerivativeCheck(
      "select",
      [.moderate(.bool, [2]), .moderate(.float64, [2]), .moderate(.float64, [2], seed: 1)]
    ) { _, x in [Term.select(Term(x[0]), Term(x[1]), Term(x[2])).handle] }
  }

  private static var parts: DerivativeCheck {
    DerivativeCheck(
      "complex", [.moderate(.float64, [2]), .moderate(.float64, [2], seed: 1)]
    ) { _, x in [Term("complex", Term(x[0]), Term(x[1]), as: .complex128).handle] }
  }

  static var complex: [DerivativeCheck] {
    [
      "add", "sub", "mul", "div", "neg", "exp", "log", "sin", "cos", "tan", "tanh", "sqrt", "rsqrt",
      "abs", "conj", "real", "imag", "pow", "expm1", "log1p", "logistic",
    ].map { name in
      let isBinary = ["add", "sub", "mul", "div", "pow"].contains(name)
      return isBinary
        ? check(name, 0.5...1.5, 0.5...1.5, of: .complex128)
        : check(name, 0.5...1.5, of: .complex128)
    }
  }

  @Test func realNumbers() throws { expectNone(try Self.real.mismatches()) }

  @Test func complexNumbers() throws { expectNone(try Self.complex.mismatches()) }

  /// The derivatives of logarithms of the gamma function, whose series are tensors of their own, against
  /// differences of fourth order: see ``DerivativeCheck``.
  @Test func gammaFunctions() throws {
    let x = Tensor<Double>([0.7, 1, 1.9, 3.5, 20])
    let one = Tensor<Double>([1, 1, 1, 1, 1])
    let functions: [@Sendable (Tensor<Double>) -> Tensor<Double>] = [
      { lgamma($0) }, { digamma($0) },
    ]
    for f in functions {
      let slopes = try vmap(grad(f))(x)
      let second = try vmap(grad(grad(f)))(x).scalars()
      let forward = try jvp(f, x, one).1.scalars()
      let step = 1e-3
      func differences(
        _ f: (Tensor<Double>) throws -> Tensor<Double>
      ) throws -> [Double] {
        let at = try [-2, -1, 1, 2].map { try f(x + Double($0) * step) }
        return try (((at[0] - at[3]) + (at[2] - at[1]) * 8) * (1 / (12 * step))).scalars()
      }
      let expected = try zip(differences(f), differences { try vmap(grad(f))($0) })
      for (number, wanted) in expected.enumerated() {
        let slope = try slopes.scalars()[number]
        #expect(slope == forward[number])
        #expect(abs(slope - wanted.0) <= 1e-8 * (1 + abs(slope)))
        #expect(abs(second[number] - wanted.1) <= 1e-8 * (1 + abs(second[number])))
      }
    }
  }

  /// Every operation on floating-point numbers that gives some has a derivative, which is in the table.
  @Test func allAreInTheTable() {
    let known = Set(Self.real.map(\.name) + Self.complex.map(\.name))
    // As in JAX the derivative of nextafter is 0, whatever the function does. The others are above.
    let missing = Set(Elementwise.derivatives.keys).subtracting(
      known.union(["nextafter", "lgamma", "digamma"]))
    #expect(missing.isEmpty, "\(missing)")
  }
}
