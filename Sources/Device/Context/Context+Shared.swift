import Synchronization

private let sharedContext = Mutex<Context?>(nil)
private let sharedConfiguration = Mutex(Context.Configuration())

extension Context {
  /// Sets what the process's context is made with, before it is first asked for.
  package static func configureShared(_ configuration: Configuration) {
    sharedConfiguration.withLock { $0 = configuration }
  }

  /// Gives the process's context, made at the first call.
  ///
  /// A call after one that failed tries again, and a context whose device was lost is replaced.
  ///
  /// - Returns: The context for the device that `VMAP_DEVICE` names, with the profile that
  ///   `VMAP_PROFILE` names.
  /// - Throws: As the initializer does.
  public static func shared() throws(DeviceError) -> Context {
    // Before the lock, which may have been held when the process was forked.
    try Fork.check()
    return try sharedContext.withLock { (shared) throws(DeviceError) -> Context in
      if let shared, !shared.session.wasLost { return shared }
      let context = try Context(
        device: nil, profile: nil, configuration: sharedConfiguration.withLock { $0 })
      shared = context
      return context
    }
  }
}
