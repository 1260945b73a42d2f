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
}
