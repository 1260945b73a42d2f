import Device
import Testing

@Suite struct ProgramTests {
  @Test func theSameSourceAndOptionsGiveTheSameProgram() throws {
    let context = try makeContext()
    let first = try context.makeProgram(source: testSource)
    #expect(try context.makeProgram(source: testSource) === first)
    #expect(context.counters.programsBuilt == 1)
    #expect(context.counters.programsReused == 1)
    #expect(try context.makeProgram(source: testSource, options: "-DX=1") !== first)
    #expect(try context.makeProgram(source: testSource + " ") !== first)
    #expect(context.counters.programsBuilt == 3)
  }

  @Test func theProgramUsedLongestAgoIsDropped() throws {
    let context = try makeContext { $0.programLimit = 2 }
    weak var dropped: Program?
    weak var kept: Program?
    do {
      kept = try context.makeProgram(source: testSource)
      dropped = try context.makeProgram(source: testSource, options: "-DX=1")
      _ = try context.makeProgram(source: testSource)
      _ = try context.makeProgram(source: testSource, options: "-DX=2")
    }
    #expect(dropped == nil)
    #expect(kept != nil)
  }

  @Test func aBuildErrorHasTheLogAndIsNotRemembered() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults)
    for _ in 0..<2 {
      let error = deviceError {
        try context.makeProgram(source: "kernel void f() { undeclared_thing = 1; }")
      }
      #expect(error?.kind == .buildFailed)
      #expect(error?.statusName == "CL_BUILD_PROGRAM_FAILURE")
      #expect(error?.buildLog?.contains("undeclared_thing") == true)
      #expect(error?.description.contains("undeclared_thing") == true)
    }
    // PoCL is asked again with the declarations of everything.
    #expect(faults.calls["clBuildProgram"] == (CPU.isPoCL ? 4 : 2))
    faults.fail("clBuildProgram", -6, times: 1)
    #expect(deviceError { try context.makeProgram(source: testSource) }?.status == -6)
    _ = try context.makeProgram(source: testSource)
  }

  @Test func wrongOptionsAreABuildError() throws {
    let context = try makeContext()
    let error = deviceError {
      try context.makeProgram(source: testSource, options: "-no-such-option")
    }
    #expect(error?.kind == .buildFailed)
    #expect(error?.message.contains("-no-such-option") == true)
    let zero = deviceError { try context.makeProgram(source: testSource, options: "-w\0") }
    #expect(zero?.kind == .invalidArgument)
  }

  @Test func anUnknownKernelIsAnErrorThatNamesTheOthers() throws {
    let program = try makeContext().makeProgram(source: testSource)
    let error = deviceError { try program.kernel("skale") }
    #expect(error?.kind == .invalidArgument)
    #expect(error?.message.contains("scale") == true && error?.message.contains("spin") == true)
    #expect(Set(program.kernelNames) == ["scale", "spin"])
    #expect(try program.kernel("scale").parameterCount == 4)
  }

  @Test(.enabled(if: CPU.isPair, "there is one device"))
  func onlyTheDeviceThatIsUsedIsBuilt() throws {
    let context = try makeContext()
    let kernel = try context.makeProgram(source: testSource, first: .wide).kernel("spin")
    let data = try context.makeBuffer([Float](repeating: 1, count: 64))
    for (placement, built) in [(Placement.wide, 1), (.immediate, 2), (.wide, 2)] {
      try context.launch(
        kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: placement)
      #expect(context.counters.programsBuilt == built)
    }
  }
}
