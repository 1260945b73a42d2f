import StableHLO
import Testing
import VMap

/// Texts made to exhaust the stack, the memory or the time end in an error.
@Suite(.timeLimit(.minutes(2))) struct HostileTextTests {
  private func refuse(_ text: String, at location: SourceLocation = #_sourceLocation) {
    #expect(throws: StableHLOError.self, sourceLocation: location) {
      try StableHLO.function(text)
    }
  }

  private func many(_ text: String, _ count: Int = 100_000) -> String {
    String(repeating: text, count: count)
  }

  @Test func nesting() {
    refuse(many("module {"))
    refuse("func.func @main() attributes {a = \(many("["))")
    refuse("func.func @main() attributes {a = \(many("{a = "))")
    refuse("func.func @main(%a: \(many("(")))")
    refuse("func.func @main(%a: \(many("tensor<")))")
    refuse("func.func @main(%a: tuple\(many("<")))")
    refuse("func.func @main() { %0 = stablehlo.constant dense<\(many("["))")
    refuse("func.func @main() { \(many("\"a.b\"() ({ ")) }")
    refuse("func.func @main() loc\(many("("))")
    refuse("{-# \(many("{"))")
  }

  @Test func sizes() {
    refuse("func.func @main(%a: tensor<9223372036854775807x9223372036854775807xf32>) { return }")
    refuse("func.func @main(%a: tensor<0x9223372036854775807x9xf32>) { return }")
    refuse("func.func @main(%a: tensor<99999999999999999999xf32>) { return }")
    refuse("func.func @main() { %0:999999999999 = stablehlo.add }")
    refuse("func.func @main() { %0:99999999999999999999 = stablehlo.add }")
    refuse(
      "func.func @main(%a: tensor<f32>) { %0 = stablehlo.broadcast_in_dim %a, "
        + "dims = dense<0> : tensor<99999999999xi64> : (tensor<f32>) -> tensor<3xf32>\nreturn }")
    refuse(
      "func.func @main(%a: tensor<3xf32>) { %z = stablehlo.constant dense<0.0> : tensor<f32>\n"
        + "%0 = stablehlo.pad %a, %z, low = [9223372036854775807], high = [9223372036854775807], "
        + "interior = [9223372036854775807] : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>\n"
        + "return }")
  }

  /// A large constant of one value takes no memory before it is used.
  @Test func splats() throws {
    let type = "tensor<100000000000xf32>"
    let f = try StableHLO.function(
      Modules.main(
        "() -> tensor<f32>",
        """
        %0 = stablehlo.constant dense<1.0> : \(type)
        %1 = stablehlo.slice %0 [0:1] : (\(type)) -> tensor<1xf32>
        %2 = stablehlo.reshape %1 : (tensor<1xf32>) -> tensor<f32>
        return %2 : tensor<f32>
        """))
    #expect(try jit(f)([])[0].scalars(Float.self) == [1])
  }

  /// Functions that call the next one twice each: 2^60 operations, if they were written out.
  @Test func callsThatMultiply() {
    let type = "tensor<f32>"
    let functions = (0..<60).map { number in
      """
      func.func @f\(number)(%a: \(type)) -> \(type) {
        %0 = call @f\(number + 1)(%a) : (\(type)) -> \(type)
        %1 = call @f\(number + 1)(%0) : (\(type)) -> \(type)
        return %1 : \(type)
      }
      """
    }
    expectError(
      .invalid, naming: "more than 1000000 operations",
      in: """
        func.func @main(%a: \(type)) -> \(type) {
          %0 = call @f0(%a) : (\(type)) -> \(type)
          return %0 : \(type)
        }
        \(functions.joined(separator: "\n"))
        func.func @f60(%a: \(type)) -> \(type) {
          %0 = stablehlo.negate %a : \(type)
          return %0 : \(type)
        }
        """)
  }

  /// Aliases of pairs of pairs: 4^60 types, if they were written out.
  @Test func aliasesThatMultiply() {
    let aliases = (1..<60).map { number in
      let pair = "(!t\(number - 1), !t\(number - 1))"
      return "!t\(number) = \(pair) -> \(pair)\n"
    }
    let header = "!t0 = () -> tensor<f32>\n" + aliases.joined()
    expectError(
      .unsupported, naming: "not supported yet: ((",
      in: header + "func.func @main(%a: !t59) -> !t59 { return %a : !t59 }")
    expectError(
      .invalid, naming: "operand 0 of func.return is ((",
      in: header + "func.func @main(%a: !t59) -> !t58 { return %a : !t58 }")
  }

  /// A chain of aliases is as deep as what it stands for.
  @Test func aliasesThatNest() {
    let types = (1..<100_000).map { "!t\($0) = (!t\($0 - 1)) -> ()\n" }.joined()
    expectError(.syntax, naming: "nested more than 200 deep", in: "!t0 = () -> ()\n" + types)
    let lists = (1..<100_000).map { "#t\($0) = [#t\($0 - 1)]\n" }.joined()
    expectError(.syntax, naming: "nested more than 200 deep", in: "#t0 = []\n" + lists)
  }

  @Test func longNamesAreNotRepeated() throws {
    let name = many("n", 1_000_000)
    for text in [
      "func.func @\(name)() { return }",
      "func.func @main(%a: tuple<\(name)>) -> tensor<f32> { return %a : tuple<\(name)> }",
      "func.func @main() { \"\(name)\"() : () -> ()\n return }",
      "func.func @main() -> tensor<\(name)> { return }",
    ] {
      let error = try #require(
        #expect(throws: StableHLOError.self) { try StableHLO.function(text) })
      #expect(error.message.utf8.count < 11_000)
    }
  }

  /// Loops inside of loops, through calls: types of states are found level by level.
  @Test func loopsInsideLoops() {
    let type = "tensor<f32>"
    let functions = (0..<20).map { number in
      """
      func.func @f\(number)(%a: \(type)) -> \(type) {
        %0 = stablehlo.while(%x = %a) : \(type)
        cond {
          %1 = stablehlo.compare LT, %x, %x : (\(type), \(type)) -> tensor<i1>
          stablehlo.return %1 : tensor<i1>
        } do {
          %1 = func.call @f\(number + 1)(%x) : (\(type)) -> \(type)
          stablehlo.return %1 : \(type)
        }
        return %0 : \(type)
      }
      """
    }
    expectError(
      .invalid, naming: "nested more than 10 deep",
      in: functions.joined(separator: "\n").replacing("@f0(", with: "@main(")
        + "func.func @f20(%a: \(type)) -> \(type) { return %a : \(type) }")
  }
}
