import Foundation
import Testing
import VMap

/// The `vmap` command as one of several processes, as their launchers start it.
@Suite struct LaunchedProcessTests {
  private static let function = Modules.main(
    "(%a: tensor<3xf32>) -> (tensor<3xf32>, tensor<f32>)",
    """
    %0 = stablehlo.tanh %a : tensor<3xf32>
    %1 = stablehlo.dot_general %0, %a, contracting_dims = [0] x [0]
      : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
    return %0, %1 : tensor<3xf32>, tensor<f32>
    """)

  /// What the launchers say to a process.
  private static let launchers:
    [@Sendable (_ rank: Int, _ count: Int, _ job: String) -> [String: String]] = [
      {
        [
          "OMPI_COMM_WORLD_RANK": "\($0)", "OMPI_COMM_WORLD_SIZE": "\($1)", "PMIX_NAMESPACE": $2,
        ]
      },
      { ["PMI_RANK": "\($0)", "PMI_SIZE": "\($1)", "PMI_JOBID": $2] },
      { ["SLURM_PROCID": "\($0)", "SLURM_STEP_NUM_TASKS": "\($1)", "SLURM_JOB_ID": $2] },
    ]

  @Test(arguments: [0, 1, 2]) func processesWriteTheirRows(launcher: Int) throws {
    let folder = try TemporaryFolder()
    let module = try folder.write("f.mlir", Self.function)
    let x = try Tensor<Float>(
      shape: [3, 10], scalars: (0..<30).map { Float($0 * 7 % 11) / 5 - 1 })
    try x.write(toNPY: folder.path("x.npy"))
    let call = ["run", module, "--in-axes", "1", folder.path("x.npy"), "--out-axes", "1,0", "-o"]
    func results(_ name: String) -> [String] {
      ["a", "b"].map { folder.path("\($0)-\(name).npy") }
    }
    let alone = try Command.run(call + results("alone"))
    #expect(alone.status == 0, "\(alone.errors)")
    let job = UUID().uuidString
    // A launcher starts them together; here each begins where the one before has ended.
    for rank in 0..<3 {
      let outcome = try Command.run(
        call + results("shared"), environment: Self.launchers[launcher](rank, 3, job))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(FileManager.default.fileExists(atPath: results("shared")[0]) == (rank == 2))
    }
    for (one, other) in zip(results("alone"), results("shared")) {
      #expect(try Data(contentsOf: URL(filePath: one)) == Data(contentsOf: URL(filePath: other)))
    }
    #expect(try folder.names().filter { $0.hasSuffix(".tmp") } == [])
  }

  @Test func mistakesOfSeveralProcesses() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write("f.mlir", Self.function)
    try Tensor<Float>.ones([4, 3]).write(toNPY: folder.path("x.npy"))
    let environment = Self.launchers[0](1, 2, "job")
    let calls = [
      ["run", module, "--in-axes", "0", folder.path("x.npy")],
      ["run", module, folder.path("x.npy"), "-o", folder.path("a.npy"), folder.path("b.npy")],
      ["run", module, "--in-axes", "0", folder.path("x.npy"), "-o", folder.path("a.npz")],
    ]
    for call in calls {
      let outcome = try Command.run(call, environment: environment)
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("2 processes were started together"), "\(outcome.errors)")
    }
    let missing = try Command.run(
      [
        "run", module, "--in-axes", "0", folder.path("x.npy"), "-o",
        folder.path("none/a.npy"), folder.path("b.npy"),
      ], environment: environment)
    #expect(missing.status != 0)
    #expect(missing.errors.contains("cannot write"), "\(missing.errors)")
    #expect(try folder.names().filter { $0.hasSuffix(".tmp") } == [])
  }
}
