import Testing

@testable import VMap
@testable import VMapTestSupport

/// How far the interpreter lets a device be from it.
@Suite struct InterpreterBoundTests {
  static func element(_ number: Double, bound: Double = 0) -> ReferenceScalar {
    ReferenceScalar(bits: ElementType.float32.bits(number), bound: bound)
  }

  static func apply(_ name: String, _ x: ReferenceScalar...) throws -> ReferenceScalar {
    try ErrorBounds.apply(name, .float32, x)
  }

  @Test func basicOperationsOnExactOperandsAreExact() throws {
    for name in ["add", "sub", "mul", "div", "max", "rem"] {
      #expect(try Self.apply(name, Self.element(1), Self.element(3)).bound == 0)
    }
    #expect(try Self.apply("sqrt", Self.element(2)).bound == 0)
  }

  @Test func functionsOfTheLibraryAreWithinTheirUlps() throws {
    // 1 ulp of the library and half of one of the reference's rounding, at a result between 2 and 4.
    #expect(try Self.apply("exp", Self.element(1)).bound == 1.5 * 0x1p-22)
  }

  @Test func errorsOfOperandsGoOn() throws {
    let x = Self.element(2, bound: 0.25)
    let sum = try Self.apply("add", x, x).bound
    #expect(0.5 <= sum && sum < 0.5001)
    let square = try Self.apply("mul", x, x).bound
    #expect(1.0625 <= square && square < 1.0626)
    let quotient = try Self.apply("div", Self.element(1), x).bound
    #expect(1 / 1.75 - 0.5 <= quotient && quotient < 0.0715)
  }

  @Test func whatRoundingDecidesIsOpen() throws {
    let x = Self.element(1, bound: 0.1)
    #expect(try Self.apply("floor", x).bound == 1)
    #expect(try Self.apply("div", x, Self.element(0.05, bound: 0.1)).bound == .infinity)
    let type = ElementType.float32
    let close = ReferenceTensor(type, [2], [x, Self.element(1.05)])
    let far = ReferenceTensor(type, [2], [x, Self.element(2)])
    let greatest = ArgReduce(isMaximum: true, dimension: 0)
    #expect(try OperationMeaning.result(of: greatest, [close]).values[0].bound == .infinity)
    #expect(try OperationMeaning.result(of: greatest, [far]).values[0].bound == 0)
  }

  @Test func sumsAreWithinTheErrorOfAnyOrder() {
    let type = ElementType.float32
    let terms = [1.0, 1e-8, -1]
    let sum = ErrorBounds.sum(terms, errors: 0, type)
    #expect(type.number(sum.bits) == Double(Float(1e-8)))
    #expect(sum.bound >= 2 * 0x1p-24 * 2 && sum.bound < 2 * 0x1p-24 * 2.001)
    #expect(ErrorBounds.sum([0.1], errors: 0, type).bound == 0)
  }
}
