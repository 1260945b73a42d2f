extension Context {
  /// Compiles a program, or gives it again when source and options are the same.
  ///
  /// - Parameters:
  ///   - source: The program in OpenCL C.
  ///   - options: Options of the driver's compiler.
  ///   - placement: Where its kernels will be launched first; code for the other device of a pair
  ///     is compiled when it is needed.
  /// - Returns: The program.
  /// - Throws: `buildFailed` with the compiler's log; `deviceLost`; `forked`; `call`.
  public func makeProgram(
    source: String, options: String = "", first placement: Placement = .immediate
  ) throws(DeviceError) -> Program {
    try session.checkUsable()
    let key = ProgramTable.Key(source: source, options: options)
    if let program = programs.program(key) {
      session.tally.programsReused.count()
      return program
    }
    let program = try Program(
      source: source, options: options, session: session,
      firstDevice: session.deviceIndex(wide: placement.isWide))
    return programs.add(program, for: key)
  }

  /// Compiles a kernel for another placement in the background, so that the first launch there
  /// does not wait for the compiler.
  ///
  /// The work starts after the first launch of any kernel in the process. With PoCL the code is one for
  /// any local size, which takes more time than that of one size.
  ///
  /// - Parameters:
  ///   - kernel: A kernel of one of this context's programs; the others of its program come along.
  ///   - placement: Where the kernel will be launched.
  public func warm(_ kernel: Kernel, for placement: Placement) {
    guard !Fork.happened, kernel.program.session === session else { return }
    session.warmLater(kernel.program.slots[session.deviceIndex(wide: placement.isWide)])
  }

  /// Writes the binaries of all programs to disk that are not there yet, and waits for that.
  ///
  /// It happens by itself at a calm moment, or when the process exits, once a kernel was launched;
  /// a program that only compiles calls this.
  public func flushPrograms() {
    guard !Fork.happened else { return }
    BackgroundWork.shared.flush()
  }

  /// The directory of the binaries on disk; nil when there is none that is safe to use, when
  /// `VMAP_CACHE` is 0, or when the driver keeps its code itself and `VMAP_CACHE_DIR` names none.
  public var cacheDirectory: String? { session.cache?.directory.path }
}
