import StableHLO
import Testing
import VMap

/// What is wrong with a module is said with its place.
@Suite struct ModuleErrorTests {
  private let header = "func.func @main(%a: tensor<3xf32>) -> tensor<3xf32> {\n"

  @Test func syntax() {
    expectError(.syntax, at: (1, 1), naming: "no function", in: "")
    expectError(.syntax, at: (1, 1), naming: "expected a module", in: "hello")
    expectError(.syntax, at: (1, 1), naming: "expected", in: "\u{1}")
    expectError(.syntax, at: (1, 7), naming: "expected", in: "module")
    expectError(
      .invalid, at: (2, 9), naming: "%b is not defined", in: header + " return %b : f32 }")
    expectError(
      .invalid, at: (2, 3), naming: "%a is defined twice",
      in: header + "  %a = stablehlo.add %a, %a : tensor<3xf32>")
    expectError(
      .invalid, at: (2, 28), naming: "operand 0", "tensor<3xf32>", "tensor<4xf32>",
      in: header + "%0 = stablehlo.negate %a : (tensor<4xf32>) -> tensor<4xf32>")
    expectError(
      .invalid, at: (2, 8), naming: "gives 1 result, 2 are named",
      in: header + "%0:2 = stablehlo.negate %a : tensor<3xf32>")
    expectError(
      .invalid, at: (2, 23), naming: "%a has 1 value",
      in: header + "%1 = stablehlo.negate %a#1 : tensor<3xf32>")
    expectError(
      .invalid, naming: "does not end with a return", in: header + "}")
    expectError(
      .invalid, naming: "returns other types", in: header + "return }")
    expectError(
      .syntax, naming: "does not end on its line",
      in: header + "\"stablehlo.add")
    expectError(
      .syntax, naming: "static", in: "func.func @main(%a: tensor<?xf32>) { return }")
    expectError(
      .syntax, naming: "blocks",
      in: header + "return %a : tensor<3xf32>\n^bb1:\nreturn %a : tensor<3xf32> }")
    expectError(
      .invalid, naming: "@main is defined twice",
      in: "func.func @main() { return }\nfunc.func @main() { return }")
  }

  @Test func contradictions() {
    expectError(
      .invalid, at: (2, 6), naming: "stablehlo.add", "f32[3]", "f32[2]",
      in: header + "%0 = stablehlo.add %a, %a : tensor<2xf32>\nreturn %a : tensor<3xf32> }")
    expectError(
      .invalid, at: (2, 6), naming: "stablehlo.transpose", "permutation",
      in: header + "%0 = stablehlo.transpose %a, dims = [1] : tensor<3xf32>\n"
        + "return %a : tensor<3xf32> }")
    expectError(
      .invalid, naming: "attribute permutation is missing",
      in: header + "%0 = stablehlo.transpose %a : tensor<3xf32>\nreturn %a : tensor<3xf32> }")
    expectError(
      .invalid, naming: "no function @f",
      in: header + "%0 = call @f(%a) : (tensor<3xf32>) -> tensor<3xf32>\n"
        + "return %a : tensor<3xf32> }")
    expectError(
      .invalid, naming: "calls itself",
      in: header + "%0 = call @main(%a) : (tensor<3xf32>) -> tensor<3xf32>\n"
        + "return %0 : tensor<3xf32> }")
    expectError(
      .invalid, naming: "there is no function @main; the module has @f",
      in: "func.func @f() { return }")
    expectError(
      .invalid, naming: "stablehlo.while", "should return tensor<i1>",
      in: header + """
        %0 = stablehlo.while(%x = %a) : tensor<3xf32>
        cond { stablehlo.return %x : tensor<3xf32> } do { stablehlo.return %x : tensor<3xf32> }
        return %a : tensor<3xf32> }
        """)
    expectError(
      .invalid, naming: "dot_general",
      in: header + "%0 = stablehlo.dot_general %a, %a, contracting_dims = [3] x [0] "
        + ": (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>\nreturn %a : tensor<3xf32> }")
  }

  @Test func allThatIsNotSupportedIsNamedAtOnce() throws {
    let text =
      header + """
        %c = stablehlo.constant dense<1.0> : tensor<f8E4M3FN>
        %0 = "stablehlo.all_reduce"(%a) <{channel = 0 : i64}> ({
        ^bb0(%x: tensor<f32>, %y: tensor<f32>):
          %1 = stablehlo.compare LT, %x, %y : (tensor<f32>, tensor<f32>) -> tensor<i1>
          stablehlo.return %1 : tensor<i1>
        }) : (tensor<3xf32>) -> tensor<3xf32>
        %2 = "chlo.mine"(%0) : (tensor<3xf32>) -> tensor<3xf32>
        %3 = call @f(%2) : (tensor<3xf32>) -> tensor<3xf32>
        return %3 : tensor<3xf32> }
        func.func @f(%a: tensor<3xf32>) -> tensor<3xf32> {
          %0 = stablehlo.custom_call @mine(%a) : (tensor<3xf32>) -> tensor<3xf32>
          %1 = "chlo.mine"(%0) : (tensor<3xf32>) -> tensor<3xf32>
          return %1 : tensor<3xf32>
        }
        func.func @unused(%a: tensor<3xf32>) -> tensor<3xf32> {
          %0 = "chlo.other"(%a) : (tensor<3xf32>) -> tensor<3xf32>
          return %0 : tensor<3xf32>
        }
        """
    let error = try #require(
      #expect(throws: StableHLOError.self) { try StableHLO.function(text) })
    #expect(error.kind == .unsupported)
    #expect(
      error.unsupported == [
        "elements of type f8E4M3FN", "stablehlo.all_reduce", "chlo.mine",
        "stablehlo.custom_call @mine",
      ])
  }

  /// What is not seen is named by its number, and the mark in front of UTF-8 is no part of the text.
  @Test func invisibleCharacters() throws {
    let text = header + "%0 = stablehlo.negate %a : tensor<3xf32>\nreturn %0 : tensor<3xf32>\n}"
    #expect(try StableHLO.function("\u{feff}" + text).parameters.count == 1)
    expectError(
      .syntax, at: (2, 6), naming: "found \"\\u{200B}\"",
      in: text.replacing("= stablehlo", with: "= \u{200b}stablehlo"))
    expectError(.syntax, naming: "found \"\\u{0}\"", in: "\0" + text)
    expectError(
      .invalid, naming: "@a\\u{0}b", in: "func.func @\"a\\00b\"() { return }")
    let folder = try TemporaryFolder()
    let wide = try folder.write("wide.mlir", [0xff, 0xfe] + text.utf8.flatMap { [$0, 0] })
    let error = #expect(throws: StableHLOError.self) {
      try StableHLO.function(contentsOfFile: wide)
    }
    #expect(error?.message.contains("UTF-16") == true)
  }

  /// Functions of elements are verified as everything else is.
  @Test func loopsInFunctionsOfElements() {
    for (condition, words) in [
      ("stablehlo.return", "its regions should return tensor<i1>"),
      ("stablehlo.return %l : tensor<f32>", "its regions should return tensor<i1>"),
    ] {
      expectError(
        .invalid, naming: "stablehlo.while", words,
        in: Modules.main(
          "(%a: tensor<3xf32>, %z: tensor<f32>) -> tensor<f32>",
          """
          %0 = stablehlo.reduce(%a init: %z) across dimensions = [0]
            : (tensor<3xf32>, tensor<f32>) -> tensor<f32>
          reducer(%x: tensor<f32>, %y: tensor<f32>) {
            %1 = stablehlo.while(%l = %x) : tensor<f32>
            cond {
              \(condition)
            } do {
              stablehlo.return %l : tensor<f32>
            }
            stablehlo.return %1 : tensor<f32>
          }
          return %0 : tensor<f32>
          """))
    }
  }

  @Test func filesAreNamed() throws {
    let missing = try #require(
      #expect(throws: StableHLOError.self) {
        try StableHLO.function(contentsOfFile: "/nowhere/x.mlir")
      })
    #expect(missing.kind == .unreadable)
    #expect("\(missing)".hasPrefix("/nowhere/x.mlir: "))
  }
}
