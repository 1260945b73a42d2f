import Device

@testable import VMap

/// Compiles programs side by side in one of the driver's: their kernels for short indices are what they
/// would be alone.
///
/// A program costs PoCL twice as much as a kernel in it, most of which is reading OpenCL's own header.
enum JointCompilation {
  /// More kernels than this are divided: the driver goes through all of them for each.
  private static let capacity = 24

  /// Compiles what is not compiled yet, and gives what went wrong.
  ///
  /// A program that the device cannot run is left for its run, which then fails.
  static func compile(
    _ programs: [VMap.Program], on target: DeviceRun.Target
  ) throws -> [Mismatch] {
    try Context.$override.withValue(target.context) {
      var missing: [ObjectIdentifier: Executable] = [:]
      var order: [ObjectIdentifier] = []
      for program in programs {
        guard let executable = try? Executable.make(for: program), !executable.isCompiled else {
          continue
        }
        let id = ObjectIdentifier(executable)
        if missing.updateValue(executable, forKey: id) == nil { order.append(id) }
      }
      var log: [Mismatch] = []
      var group: [Executable] = []
      var count = 0
      for executable in order.compactMap({ missing[$0] }) {
        let kernels = executable.plan.plan.kernels.count
        if count + kernels > capacity {
          log += try compile(group, on: target)
          (group, count) = ([], 0)
        }
        group.append(executable)
        count += kernels
      }
      return try log + compile(group, on: target)
    }
  }

  private static func compile(
    _ executables: [Executable], on target: DeviceRun.Target
  ) throws -> [Mismatch] {
    if executables.isEmpty { return [] }
    let (source, functions) = try source(executables)
    let built: Device.Program
    do throws(DeviceError) {
      built = try target.context.makeProgram(source: source, options: Executable.options)
    } catch {
      return [Mismatch("\(target): compiled together: \(error)")]
    }
    for (executable, functions) in zip(executables, functions) {
      try executable.takeKernels(of: built, functions)
    }
    return []
  }

  /// The kernels of all programs, and once what several of them call; the function of each kernel.
  private static func source(
    _ executables: [Executable]
  ) throws -> (text: String, functions: [[String?]]) {
    var helpers = MemoryHelpers()
    var written = KernelFunctions()
    var functions: [[String?]] = []
    for (number, executable) in executables.enumerated() {
      var own: [String?] = []
      let source = executable.source
      for (kernelNumber, kernel) in executable.plan.plan.kernels.enumerated() {
        guard source.functions[.int32]?[kernelNumber] != nil else {
          own.append(nil)
          continue
        }
        let emitter = KernelEmitter(
          kernel, starts: source.arguments[kernelNumber].starts, index: .int32, helpers: helpers,
          countsIterations: false)
        own.append(written.add(try emitter.emit(), named: "p\(number)_\(kernel.name)"))
        helpers = emitter.helpers
      }
      functions.append(own)
    }
    return (try helpers.source() + written.text, functions)
  }
}
