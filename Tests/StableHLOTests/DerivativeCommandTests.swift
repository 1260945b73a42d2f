import Foundation
import Testing
import VMap

/// Derivatives by the `vmap` command, run as a process.
@Suite struct DerivativeCommandTests {
  private let folder: TemporaryFolder
  private let module: String
  private let inputs: [String]

  /// The sum of x² y for vectors x and y, and files of them: two x, one y.
  init() throws {
    folder = try TemporaryFolder()
    module = try folder.write(
      "f.mlir",
      Modules.main(
        "(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<f32>",
        """
        %0 = stablehlo.multiply %x, %x : tensor<2xf32>
        %1 = stablehlo.dot_general %0, %y, contracting_dims = [0] x [0]
          : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
        return %1 : tensor<f32>
        """))
    inputs = [folder.path("x.npy"), folder.path("y.npy")]
    try Tensor<Float>([[1, 2], [3, 4]]).write(toNPY: inputs[0])
    try Tensor<Float>([5, 7]).write(toNPY: inputs[1])
  }

  private func results(_ count: Int, _ options: [String], _ more: String...) throws -> [[Float]] {
    let outputs = (0..<count).map { folder.path("result\($0).npy") }
    let outcome = try Command.run(
      ["run", module] + options + inputs + more + ["-o"] + outputs)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try outputs.map { try Tensor<Float>(contentsOfNPY: $0).scalars() }
  }

  @Test func gradients() throws {
    let expected: [[Float]] = [[10, 28, 30, 56], [1, 4, 9, 16]]
    #expect(try results(2, ["--grad", "0,1", "--in-axes", "0,none"]) == expected)
    #expect(try results(1, ["--grad", "1", "--in-axes", "0,none"]) == [expected[1]])
    #expect(
      try results(2, ["--value-and-grad", "0", "--in-axes", "0,none"]) == [[33, 157], expected[0]])
  }

  @Test func changesAndSecondDerivatives() throws {
    let tangent = folder.path("tangent.npy")
    try Tensor<Float>([1, -1]).write(toNPY: tangent)
    #expect(
      try results(2, ["--jvp", "0", "--in-axes", "0,none,none"], tangent)
        == [[33, 157], [-18, -26]])
    #expect(
      try results(1, ["--hessian", "0", "--in-axes", "0,none"]) == [[10, 0, 0, 14, 10, 0, 0, 14]])
  }

  @Test func showsDerivatives() throws {
    let outcome = try Command.run(["show", module, "--grad", "0", "--in-axes", "0,none"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("kernel __attribute__"))
  }

  @Test(arguments: [
    (["--grad", "2"], Int32(1), "--grad names argument 2, @main has 2 arguments, counted from 0"),
    (["--hessian", "0,1"], 64, "--hessian names 2 arguments, it takes one"),
    (["--grad", "0,0"], 64, "--grad names an argument twice"),
    (["--grad", "0", "--jvp", "0"], 64, "--grad and --jvp are given"),
    (["--grad", "-1"], 64, "--grad"),
    (["--grad", "0", "--max-iterations", "3"], 64, "--max-iterations is given with --grad"),
  ])
  func mistakes(options: [String], status: Int32, message: String) throws {
    for command in ["run", "show"] {
      let outcome = try Command.run([command, module] + options + inputs)
      #expect(outcome.status == status && outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  @Test func resultsThatAreNoScalar() throws {
    let vector = try folder.write(
      "vector.mlir",
      Modules.main(
        "(%x: tensor<2xf32>) -> tensor<2xf32>", "return %x : tensor<2xf32>"))
    let outcome = try Command.run(["run", vector, "--grad", "0", inputs[1]])
    #expect(
      outcome.status == 1 && outcome.errors.contains("scalar")
        && outcome.errors.contains("f32[2]"), "\(outcome.errors)")
  }
}
