import COpenCL

/// The properties of programs, kernels and launches that the module asks for.
enum ProgramQuery {
  static let kernelNames = UInt32(CL_PROGRAM_KERNEL_NAMES)
  static let binarySizes = UInt32(CL_PROGRAM_BINARY_SIZES)
  static let binaries = UInt32(CL_PROGRAM_BINARIES)
  static let buildLog = UInt32(CL_PROGRAM_BUILD_LOG)
  static let parameterCount = UInt32(CL_KERNEL_NUM_ARGS)
  static let commandStart = UInt32(CL_PROFILING_COMMAND_START)
  static let commandEnd = UInt32(CL_PROFILING_COMMAND_END)
}
