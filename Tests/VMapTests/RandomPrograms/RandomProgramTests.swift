import Testing

@testable import VMap
@testable import VMapTestSupport

/// Programs of all operations made at random: `make fuzz` runs more of them, and makes those that fail
/// small.
@Suite struct RandomProgramTests {
  /// How long programs are made and run, in seconds.
  private static let time = Duration.seconds(BatchCheck.isExhaustive ? 600 : 25)

  @Test func programsArePrintedAndRead() throws {
    for seed in 0..<UInt64(400) {
      let random = try ProgramGenerator.make(seed: seed)
      let read = try RandomCase(parsing: random.text)
      #expect(read.text == random.text, "seed \(seed)")
    }
  }

  @Test func everyOperationIsMade() throws {
    var names: Set<String> = []
    for seed in 0..<UInt64(3000) {
      try ProgramGenerator.make(seed: seed).program.body.forEachInstruction {
        names.insert($0.operation.name)
      }
    }
    // Those are made where a program is divided, and of examples of different lengths, which have tests of
    // their own.
    let parts = OperationRegistry.names.filter { $0.hasSuffix("_blocks") || $0.hasPrefix("merge_") }
    let others = parts + ["bind_ragged", "get_dimension_size", "unbind_ragged"]
    #expect(Set(OperationRegistry.names).subtracting(names).sorted() == others.sorted())
  }

  /// The same programs in every run, so that a failure tells of what was changed; others by the seed that
  /// is printed where all tests run.
  @Test(arguments: [false, true]) func programs(withDerivatives: Bool) throws {
    let first = BatchCheck.isExhaustive ? UInt64.random(in: 0..<1_000_000_000) : 500_000
    let target = try #require(DeviceRun.targets.first)
    let clock = ContinuousClock()
    let end = clock.now + Self.time
    var seed = first
    while clock.now < end {
      var random = try ProgramGenerator.make(seed: seed)
      random.isDifferentiated = withDerivatives
      // Compiling those takes most of the time, and `make fuzz` has them.
      if random.program.operationCount < (withDerivatives ? 5 : 10) {
        if case .failed(let failure) = ProgramCheck(random: random).run([target]) {
          Issue.record("seed \(seed): \(failure.kind): \(failure.message)\n\(random.text)")
        }
      }
      seed += 1
    }
    let kind = withDerivatives ? "derivatives of random programs" : "random programs"
    print("\(kind): \(seed - first) from seed \(first)")
  }
}
