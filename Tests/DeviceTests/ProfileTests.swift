import Device
import Glibc
import Testing

@Suite struct ProfileTests {
  @Test func forcedProfilesChangeTheShapeAndKeepTheLimits() throws {
    let base = try makeContext().profile
    let nvidia = try Profile.forced("nvidia", base: base)
    #expect(nvidia.laneWidth == 1 && nvidia.workGroupSize == 32 && nvidia.usesLocalMemory)
    #expect(nvidia.kind == .gpu && nvidia.computeUnits == 64)
    #expect(nvidia.maximumAllocationBytes == base.maximumAllocationBytes)
    for (name, lanes) in [("scalar", 1), ("lanes4", 4), ("lanes8", 8), ("lanes16", 16)] {
      let profile = try Profile.forced(name, base: base)
      #expect(profile.laneWidth == lanes && profile.name == name)
      #expect(profile.workGroupSize == base.workGroupSize)
    }
  }

  @Test func everyNameOfAForcedProfileWorks() throws {
    let base = try makeContext().profile
    for name in Profile.forcedNames { #expect(try Profile.forced(name, base: base).name == name) }
  }

  @Test func aNumberTakesAnotherSchedule() throws {
    let base = try makeContext().profile
    let profile = try Profile.forced("lanes8/3", base: base)
    #expect(profile.laneWidth == 8 && profile.schedule == 3)
    for name in ["lanes8/", "lanes8/-1", "lanes8/1/2", "lanes8/x"] {
      let error = deviceError { _ = try Profile.forced(name, base: base) }
      #expect(error?.kind == .invalidProfile)
    }
  }

  @Test func anUnknownProfileIsAnErrorThatNamesTheOthers() {
    let error = deviceError { try Context(device: "cpu", profile: "amd") }
    #expect(error?.kind == .invalidProfile)
    #expect(error?.message.contains("lanes16") == true)
  }

  @Test func aContextCanHaveAForcedProfile() throws {
    #expect(try Context(device: "cpu", profile: "lanes4").profile.laneWidth == 4)
  }

  @Test(.enabled(if: getenv("VMAP_PROFILE") == nil, "a profile is forced"))
  func theProfileOfTheCPU() throws {
    let profile = try makeContext().profile
    #expect([1, 4, 8, 16].contains(profile.laneWidth))
    #expect(profile.workGroupSize == 64 && profile.kind == .cpu && profile.name == "cpu")
    #expect(profile.maximumArgumentBytes >= 1024)
  }
}
