import Foundation
import Testing

/// Calls that users could make by mistake end in a typed error, and never take the process down.
///
/// Each one runs in a process of its own, so that a trap is seen and names its case.
@Suite struct BadCallTests {
  @Test(.timeLimit(.minutes(5))) func everyBadCallEndsInItsError() async throws {
    let program = try #require(BadCallProgram.find(), "bad-calls is not built")
    let names = try program.names()
    #expect(names.count >= 300)
    #expect(Set(names).count == names.count)
    let outcomes = await program.run(names, processes: 3)
    #expect(outcomes.count == names.count)
    for outcome in outcomes where !outcome.isExpected {
      Issue.record("\(outcome)")
    }
  }

  @Test func whatEndsOtherwiseIsNoticed() throws {
    let program = try #require(BadCallProgram.find(), "bad-calls is not built")
    let crash = program.run("crash")
    #expect(crash.isSignal && !crash.isExpected)
    let unknown = program.run("no such case")
    #expect(!unknown.isSignal && !unknown.isExpected)
    #expect("\(unknown)".contains("there is no case of this name"))
  }

  /// What is compiled for a call that fails is never launched, and is written to disk at exit: here
  /// also after launches of what came from disk.
  @Test func aFailureAfterLaunchesFromDiskEndsWell() throws {
    let program = try #require(BadCallProgram.find(), "bad-calls is not built")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vmap-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func expectItsError() throws {
      // A driver's own cache would leave nothing to compile.
      let driver = folder.appendingPathComponent("driver-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: driver, withIntermediateDirectories: true)
      let outcome = program.run(
        "memory.batch",
        environment: [
          "VMAP_CACHE": "1", "VMAP_CACHE_DIR": folder.appendingPathComponent("binaries").path,
          "POCL_CACHE_DIR": driver.path,
        ])
      #expect(outcome.isExpected, "\(outcome)")
    }
    try expectItsError()
    let binaries = try FileManager.default.contentsOfDirectory(
      at: folder.appendingPathComponent("binaries"), includingPropertiesForKeys: nil)
    #expect(binaries.count > 1)
    for binary in binaries {
      try FileManager.default.removeItem(at: binary)
      try expectItsError()
    }
  }
}
