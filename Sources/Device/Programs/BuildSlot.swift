import Synchronization

/// A program's code for one device: nothing at first, then made once.
///
/// Each device has a driver program of its own, as compiling for both at once takes twice the time
/// and most programs only ever run on one of them.
final class BuildSlot: Sendable {
  struct Built: Sendable {
    let program: Handle<ProgramObject>
    let log: String
    /// Whether it was compiled in this process, not loaded from disk.
    let isFromSource: Bool
    /// What the driver has loaded of it, where that matters.
    var loaded: LoadedProgram?
  }

  private struct State {
    var built: Built?
    /// The kernels not launched on the device yet, while a binary is still to be written.
    var unlaunched: Set<String> = []
  }

  let device: FoundDevice
  let source: String
  let options: String
  private let state = Mutex(State())

  init(device: FoundDevice, source: String, options: String) {
    self.device = device
    self.source = source
    self.options = options
  }

  /// The driver's program, where there is one.
  var program: Handle<ProgramObject>? { state.withLock { $0.built?.program } }

  /// What the driver has loaded of the program, where that matters.
  var loaded: LoadedProgram? { state.withLock { $0.built?.loaded } }

  /// Whether the code is there.
  var isBuilt: Bool { program != nil }

  /// Whether the code is there and was compiled in this process.
  var isFromSource: Bool { state.withLock { $0.built?.isFromSource ?? false } }

  /// The code, made now if it is missing; other threads that need it wait.
  @discardableResult
  func build(in session: Session) throws(DeviceError) -> Built {
    try state.withLock { (state) throws(DeviceError) -> Built in
      if let built = state.built { return built }
      let isConfused = device.description.confusesCode
      let key = session.cache != nil || isConfused ? self.key : nil
      var built: Built
      if let key, let cached = load(key, session) {
        session.tally.programsLoaded.count()
        built = cached
      } else {
        built = try compile(session)
        session.tally.programsBuilt.count()
      }
      if let key, isConfused {
        built.loaded = LoadedProgram.with(key, for: device.description, in: session)
      }
      state.built = built
      if built.isFromSource, let key, session.cache != nil {
        state.unlaunched = Set(session.kernelNames(of: built.program))
        session.saveLater(self, built, key)
      }
      return built
    }
  }

  /// Notes a kernel's first launch: once all of them were launched, reading the binary out compiles
  /// nothing more and can be done at once.
  func noteLaunch(_ kernel: String) {
    let isComplete = state.withLock { state -> Bool in
      state.unlaunched.remove(kernel) != nil && state.unlaunched.isEmpty
    }
    if isComplete { BackgroundWork.shared.makeCheap(self) }
  }

  private var key: CacheKey {
    CacheKey(source: source, options: options, device: device.description)
  }

  /// Whether a binary is on disk, so that making the code should compile nothing.
  func isOnDisk(_ session: Session) -> Bool { session.cache?.holds(key) ?? false }

  private func load(_ key: CacheKey, _ session: Session) -> Built? {
    guard let binary = session.cache?.load(key) else { return nil }
    let driver = session.driver
    var status: Int32 = 0
    let raw = binary.withUnsafeBufferPointer {
      driver.createProgramWithBinary(session.context.raw, device.device.raw, $0, &status)
    }
    if let raw {
      let program = Handle<ProgramObject>(raw, release: driver.releaseProgram)
      if status == 0, compileCode(of: program, options: options, session) == 0 {
        return Built(program: program, log: "", isFromSource: false)
      }
    }
    session.cache?.remove(key)
    return nil
  }

  private func compile(_ session: Session) throws(DeviceError) -> Built {
    if device.description.readsLongHeader {
      let (built, outcome, _) = try compile(
        BuiltinDeclarations.text(for: source) + source,
        options: "\(options) \(BuiltinDeclarations.options)", session)
      if let built { return built }
      // What is missing there is found in the header; other failures are no program's.
      if outcome != BuildSlot.buildProgramFailure { throw refusal(outcome, log: "") }
      session.tally.headersRead.count()
    }
    let (built, outcome, log) = try compile(source, options: options, session)
    guard let built else { throw refusal(outcome, log: log) }
    return built
  }

  private static let buildProgramFailure: Int32 = -11

  private func refusal(_ status: Int32, log: String) -> DeviceError {
    var suffix = options.isEmpty ? "" : " with options \"\(options)\""
    if device.description.isPoCL, let problem = DriverCache.problem { suffix += "; \(problem)" }
    return DeviceError(
      .buildFailed,
      "the compiler of \(device.description.name) refused a program\(suffix)",
      status: status, buildLog: log)
  }

  private func compile(
    _ text: String, options: String, _ session: Session
  ) throws(DeviceError) -> (built: Built?, status: Int32, log: String) {
    let driver = session.driver
    var status: Int32 = 0
    var text = text
    let raw = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        driver.createProgram(session.context.raw, $0, &status)
      }
    }
    guard status == 0, let raw else {
      throw DeviceError(.call, "clCreateProgramWithSource failed", status: status)
    }
    let program = Handle<ProgramObject>(raw, release: driver.releaseProgram)
    let outcome = compileCode(of: program, options: options, session)
    let log = buildLog(program, session)
    let built = Built(program: program, log: log, isFromSource: true)
    return (outcome == 0 ? built : nil, outcome, log)
  }

  /// One driver's compilers at work, where they may not be many.
  private static let compiler = Mutex<Void>(())

  private func compileCode(
    of program: Handle<ProgramObject>, options: String, _ session: Session
  ) -> Int32 {
    let build = {
      BackgroundWork.shared.compiling {
        session.driver.buildProgram(program.raw, self.device.device.raw, options)
      }
    }
    guard device.description.compilesOneAtATime else { return build() }
    return Self.compiler.withLock { _ in build() }
  }

  private func buildLog(_ program: Handle<ProgramObject>, _ session: Session) -> String {
    let log = try? driverText("clGetProgramBuildInfo") { size, bytes, needed in
      session.driver.getBuildInfo(
        program.raw, device.device.raw, ProgramQuery.buildLog, size, bytes, needed)
    }
    return log ?? ""
  }
}
