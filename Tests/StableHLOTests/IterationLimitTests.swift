import Foundation
import StableHLO
import Testing
import VMap

/// Loops that may never end, with a limit.
@Suite struct IterationLimitTests {
  /// Doubles x while it is below 100, which never happens to 0; `body` comes in between.
  private static func doubling(_ body: String = "") -> String {
    """
    func.func @main(%x: tensor<f32>) -> tensor<f32> {
      %0 = stablehlo.while(%a = %x) : tensor<f32>
      cond {
        %c = stablehlo.constant dense<100.0> : tensor<f32>
        %1 = stablehlo.compare LT, %a, %c : (tensor<f32>, tensor<f32>) -> tensor<i1>
        stablehlo.return %1 : tensor<i1>
      } do {
        %1 = stablehlo.add %a, %a : tensor<f32>
        \(body)
        stablehlo.return %1 : tensor<f32>
      }
      return %0 : tensor<f32>
    }
    """
  }

  @Test func examplesStopForThemselves() throws {
    let f = try StableHLO.function(Self.doubling(), maximumIterations: 7)
    #expect(
      f.results == [
        TensorType(element: .float32, shape: []), TensorType(element: .bool, shape: []),
      ])
    let results = try vmap(f)([AnyTensor([5], [1, 0, 200, 0.5, 3] as [Float])])
    // 1 is there after seven iterations, 0.5 would take one more.
    #expect(try results[0].scalars() == [128, 0, 200, 64, 192] as [Float])
    #expect(try results[1].scalars() == [false, true, false, true, false])
    let alone = try jit(f)([AnyTensor([], [0] as [Float])])
    #expect(try alone[1].scalars() == [true])
    let error = #expect(throws: StableHLOError.self) {
      try StableHLO.function(Self.doubling(), maximumIterations: -1)
    }
    #expect(error?.message.contains("maximumIterations") == true)
  }

  /// A loop in a branch in a loop: the outer ones end with it.
  @Test func whatIsInsideIsNoticed() throws {
    let inner = """
      %z = stablehlo.constant dense<8.0> : tensor<f32>
      %p = stablehlo.compare EQ, %1, %z : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %2 = "stablehlo.if"(%p) ({
        %3 = stablehlo.while(%b = %1) : tensor<f32>
        cond {
          %4 = stablehlo.compare LT, %1, %z : (tensor<f32>, tensor<f32>) -> tensor<i1>
          %5 = stablehlo.not %4 : tensor<i1>
          stablehlo.return %5 : tensor<i1>
        } do {
          stablehlo.return %b : tensor<f32>
        }
        stablehlo.return %3 : tensor<f32>
      }, {
        stablehlo.return %1 : tensor<f32>
      }) : (tensor<i1>) -> tensor<f32>
      """
    let f = try StableHLO.function(Self.doubling(inner), maximumIterations: 50)
    let results = try vmap(f)([AnyTensor([4], [1, 3, 2, 0] as [Float])])
    #expect(try results[0].scalars() == [8, 192, 8, 0] as [Float])
    #expect(try results[1].scalars() == [true, false, true, true])
  }

  @Test func theCommandNamesThem() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write("f.mlir", Self.doubling())
    let (input, output) = (folder.path("x.npy"), folder.path("y.npy"))
    try Tensor<Float>([[1, 0, 200], [0, 3, 5]]).write(toNPY: input)
    let maps = ["--in-axes", "0", "--in-axes", "0", "--out-axes", "0", "--out-axes", "1"]
    let limited = ["run", module, "--max-iterations", "9", input] + maps
    let outcome = try Command.run(limited + ["-o", output])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "2 of 6 examples stopped by --max-iterations: [0, 1], [1, 0]\n")
    #expect(try Tensor<Float>(contentsOfNPY: output).shape == [3, 2])
    let report = try Command.run(limited + ["--json"])
    #expect(report.output.filter { !$0.isWhitespace }.contains("\"stopped\":[[0,1],[1,0]]"))
    let never = try Command.run(["run", module, input, "--time-limit", "2"] + maps)
    #expect(never.status == 1)
    #expect(never.errors.contains("there is no result after --time-limit 2.0 seconds"))
    for option in ["--max-iterations", "--time-limit"] {
      #expect(try Command.run(["run", module, input, option, "-1"]).status == 64)
    }
  }
}
