/// A program in OpenCL C, compiled for the context's devices.
///
/// Where a context pairs two devices, the second one's code is compiled when it is first needed, or
/// in the background by `Context.warm`.
public final class Program: Sendable {
  /// What the compiler said, such as warnings; empty when it said nothing.
  public let buildLog: String

  let session: Session
  /// One for each of the session's devices.
  let slots: [BuildSlot]

  /// Compiles or loads the program for one of the devices.
  init(
    source: String, options: String, session: Session, firstDevice: Int
  ) throws(DeviceError) {
    guard !options.utf8.contains(0) else {
      throw DeviceError(.invalidArgument, "the options of a program contain a zero byte")
    }
    self.session = session
    let slots = session.devices.map { device in
      // Where a driver may choose, it approximates.
      let rounding =
        device.description.roundsQuotients ? " -cl-fp32-correctly-rounded-divide-sqrt" : ""
      return BuildSlot(device: device, source: source, options: options + rounding)
    }
    self.slots = slots
    buildLog = try slots[firstDevice].build(in: session).log
  }

  /// Gives one of the program's kernels.
  ///
  /// - Parameter name: The name of the function in the source.
  /// - Returns: A kernel that any number of threads may launch.
  /// - Throws: `invalidArgument` when the program has no such kernel.
  public func kernel(_ name: String) throws(DeviceError) -> Kernel {
    try session.checkUsable()
    return try Kernel(name: name, program: self)
  }

  /// The names of the program's kernels.
  public var kernelNames: [String] {
    for slot in slots {
      if let program = slot.program { return session.kernelNames(of: program) }
    }
    return []
  }
}

extension Session {
  func kernelNames(of program: Handle<ProgramObject>) -> [String] {
    let text = try? driverText("clGetProgramInfo") { size, bytes, needed in
      driver.getProgramInfo(program.raw, ProgramQuery.kernelNames, size, bytes, needed)
    }
    return (text ?? "").split(separator: ";").map(String.init)
  }
}
