import Testing

/// How much the type checker has to try: its scopes are counted, as time depends on the machine.
@Suite struct TypeCheckerWorkTests {
  /// Expressions of plain Swift, which the operators of tensors must not make slow.
  static let plain = """
    func literals(a: [Float]) -> Bool { a == [-0.5 + 4, 2 * 3, 1] }
    func differences(a: [Float]) -> Bool { a == [4 - 0.5, 2 * 3, 1] }
    func chain(x: Double, y: Double) -> Double { -x * 2 + 3 * y - 1 / (x + 2) }
    func logic(a: Int, b: Int) -> Bool { a + 1 > b * 2 && b - a < 10 || a == b }
    func closures(a: [Int]) -> Int { a.map { $0 * 2 + 1 }.filter { $0 > 3 }.reduce(0, +) }
    func bounds(x: Float) -> Float { max(min(x * 2, 1), 0) + abs(x - 1) }
    func conversion(n: Int) -> [Double] { (0..<n).map { Double($0) * 0.5 - 1 } }
    func squares(a: [Double], b: [Double]) -> Double {
      zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    }
    """

  /// Expressions of tensors, of which none is to be split.
  static let tensors = """
    typealias F = Tensor<Float>
    func sigmoid(x: F) -> F { 1 / (1 + exp(-x)) }
    func gelu(x: F) -> F { 0.5 * x * (1 + tanh(0.797 * (x + 0.0447 * x * x * x))) }
    func step(x: F, k: [F], dt: Float) -> F { x + dt / 6 * (k[0] + 2 * k[1] + 2 * k[2] + k[3]) }
    func horner(x: F) -> F { ((((x * 0.1 + 0.2) * x + 0.3) * x + 0.4) * x + 0.5) * x + 1 }
    func collatz(n: Tensor<Int32>) -> Tensor<Int32> { select(n & 1 .== 0, n >> 1, 3 * n + 1) }
    func mapped(x: F) throws -> F {
      try vmap { (x: F) in tanh(x * 2 + 1) * 0.5 + exp(x / 3 - 1) * 2 - log(x + 1) * x }(x)
    }
    func pair(x: F, y: F) throws -> F {
      try vmap { (x: F, y: F) in (x * 2 + 1, y * x - 1) }(x, y).0
    }
    """

  @Test func theImportDoesNotSlowPlainSwift() throws {
    let alone = try CompilerRun(of: Self.plain)
    let imported = try CompilerRun(of: "import VMap\n" + Self.plain)
    #expect(alone.errors.isEmpty && imported.errors.isEmpty)
    // It is 1.26 times as many, and was 1.43.
    #expect(alone.scopeCount > 1000)
    #expect(
      Double(imported.scopeCount) < 1.35 * Double(alone.scopeCount),
      "\(imported.scopeCount) scopes, \(alone.scopeCount) without the import")
  }

  @Test func expressionsOfTensorsAreFound() throws {
    let run = try CompilerRun(of: "import VMap\n" + Self.tensors)
    #expect(run.errors.isEmpty, "\(run.errors)")
    #expect(run.scopeCount > 100 && run.scopeCount < 5_000, "\(run.scopeCount) scopes")
  }
}
