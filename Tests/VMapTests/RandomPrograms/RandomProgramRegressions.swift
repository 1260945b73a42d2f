import Testing

@testable import VMap
@testable import VMapTestSupport

/// Programs that a driver or this compiler once got wrong, as `make fuzz` prints them.
@Suite struct RandomProgramRegressions {
  struct Regression: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String

    var testDescription: String { name }

    /// - Parameter text: The seeds of the inputs, the sizes of the runs and the program.
    init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  @Test(arguments: all) func regression(_ regression: Regression) throws {
    let random = try RandomCase(parsing: regression.text)
    for target in DeviceRun.targets {
      if case .failed(let failure) = ProgramCheck(random: random).run([target]) {
        Issue.record("\(failure.profile): \(failure.kind): \(failure.message)")
      }
    }
  }
}
