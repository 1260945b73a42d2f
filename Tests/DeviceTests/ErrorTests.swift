import Device
import Testing

@Suite struct ErrorTests {
  @Test(arguments: [
    (0, "CL_SUCCESS"), (-1, "CL_DEVICE_NOT_FOUND"), (-5, "CL_OUT_OF_RESOURCES"),
    (-11, "CL_BUILD_PROGRAM_FAILURE"), (-19, "CL_KERNEL_ARG_INFO_NOT_AVAILABLE"),
    (-30, "CL_INVALID_VALUE"), (-36, "CL_INVALID_COMMAND_QUEUE"),
    (-54, "CL_INVALID_WORK_GROUP_SIZE"), (-72, "CL_MAX_SIZE_RESTRICTION_EXCEEDED"),
    (-1001, "CL_PLATFORM_NOT_FOUND_KHR"), (-1057, "CL_DEVICE_PARTITION_FAILED_EXT"),
    (-12345, "unknown OpenCL status -12345"), (7, "unknown OpenCL status 7"),
  ]) func statusNames(status: Int32, name: String) {
    #expect(DeviceError.name(ofStatus: status) == name)
  }

  @Test func everyCoreStatusHasAName() {
    for status in Array(Int32(-19)...0) + Array(-72...(-30)) {
      #expect(DeviceError.name(ofStatus: status).hasPrefix("CL_"), "\(status)")
    }
  }

  @Test func theDescriptionHasEverythingThatIsKnown() {
    let error = DeviceError(.buildFailed, "it broke", status: -11, buildLog: "line 1: no")
    #expect(
      error.description == "it broke [CL_BUILD_PROGRAM_FAILURE, -11]\nline 1: no")
    #expect(DeviceError(.forked, "why").description == "why")
    #expect(DeviceError(.forked, "why").statusName == nil)
  }
}
