import Synchronization

/// A function of a program that can be launched; many threads may launch it at once.
public final class Kernel: Sendable {
  /// The function's name.
  public let name: String
  /// How many parameters the function has.
  public let parameterCount: Int

  let program: Program
  /// Driver kernels that no launch uses at the moment, for each device.
  ///
  /// One of them must not be used by two threads, as it holds the arguments.
  private let idle: Mutex<[[Handle<KernelObject>]]>
  /// A bit for each device on which the kernel was launched.
  private let launched = Atomic<UInt8>(0)

  /// Makes a first driver kernel, so that a wrong name shows here and not at the launch.
  init(name: String, program: Program) throws(DeviceError) {
    self.name = name
    self.program = program
    let device = program.slots.firstIndex { $0.isBuilt } ?? 0
    let first = try Kernel.make(name, program, device)
    var count: UInt32 = 0
    try DeviceError.check(
      program.session.driver.getKernelInfo(
        first.raw, ProgramQuery.parameterCount, MemoryLayout<UInt32>.size, &count, nil),
      "clGetKernelInfo", "for \"\(name)\"")
    parameterCount = Int(count)
    var kernels = [[Handle<KernelObject>]](repeating: [], count: program.slots.count)
    kernels[device] = [first]
    idle = Mutex(kernels)
  }

  /// Takes a driver kernel, or makes one more; compiles the device's code if it is missing.
  func take(_ device: Int) throws(DeviceError) -> Handle<KernelObject> {
    if let kernel = idle.withLock({ $0[device].popLast() }) { return kernel }
    return try Kernel.make(name, program, device)
  }

  /// Gives a driver kernel back.
  func give(_ kernel: Handle<KernelObject>, _ device: Int) {
    idle.withLock { $0[device].append(kernel) }
  }

  /// What is known of its code on a device, in groups of a size; nil where that does not matter.
  func loadedCode(_ device: Int, local: [Int]) -> LoadedCode? {
    program.slots[device].loaded?.code(of: name, local: local)
  }

  /// Whether the kernel was not launched on a device yet.
  func isNew(_ device: Int) -> Bool {
    launched.load(ordering: .relaxed) & (UInt8(1) << UInt8(device)) == 0
  }

  /// Notes a launch on a device that is done.
  func noteLaunch(_ device: Int) {
    guard isNew(device) else { return }
    launched.bitwiseOr(UInt8(1) << UInt8(device), ordering: .relaxed)
    let slot = program.slots[device]
    BackgroundWork.shared.noteLaunch(fromSource: slot.isFromSource)
    slot.noteLaunch(name)
  }

  private static func make(
    _ name: String, _ program: Program, _ device: Int
  ) throws(DeviceError) -> Handle<KernelObject> {
    let session = program.session
    let built = try program.slots[device].build(in: session)
    var status: Int32 = 0
    let raw = session.driver.createKernel(built.program.raw, name, &status)
    if status == Status.invalidKernelName {
      let names = session.kernelNames(of: built.program).joined(separator: ", ")
      throw DeviceError(
        .invalidArgument, "the program has no kernel \"\(name)\"; it has: \(names)", status: status)
    }
    guard status == 0, let raw else {
      throw DeviceError(.call, "clCreateKernel failed for \"\(name)\"", status: status)
    }
    return Handle(raw, release: session.driver.releaseKernel)
  }
}
