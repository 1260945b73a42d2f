import Synchronization

extension Session {
  /// Waits until everything submitted to the wide queue is done.
  ///
  /// What a launch failed with is told to whoever uses what it wrote.
  ///
  /// - Returns: What went wrong with the waiting.
  @discardableResult
  func settleWide() throws(DeviceError) -> WideQueue.Failure? {
    guard let wide else { return nil }
    let failure = wide.finish()
    if let failure, DeviceError.meansLoss(failure.status) { throw error(of: failure) }
    pool.freeSurplus(upTo: wide.lastCompleted)
    return failure
  }

  /// Waits until everything submitted to the wide queue is done, and throws what failed of it, as far
  /// as this was not thrown here before.
  func finishWide() throws(DeviceError) {
    let failure = try settleWide()
    if let failure = wide?.takeUnreported() ?? failure { throw error(of: failure) }
  }

  /// Whether there are launches on the wide queue that may not be done.
  var hasPendingLaunches: Bool { wide?.isBusy ?? false }

  /// Whether launches on the wide queue may still use the block.
  func isPending(_ block: Block) -> Bool { wide?.isPending(block) ?? false }

  /// Whether a block can only be used after waiting for it.
  func mustWait(for block: Block) -> Bool {
    guard let wide else { return false }
    return wide.isPending(block) || wide.hasFailures
  }

  /// Waits for the launches on the wide queue that use the block, so that it can be used elsewhere.
  ///
  /// - Throws: What the launch failed with that the contents are from, unless they are replaced.
  func wait(for block: Block, to access: BufferAccess = .read) throws(DeviceError) {
    try checkUsable()
    guard let wide, mustWait(for: block) else { return }
    if wide.isPending(block) {
      let failure = try settleWide()
      // Where waiting does not work, a kernel may still use the block.
      if let failure, wide.isPending(block) { throw error(of: failure) }
    }
    if access == .fill {
      block.lastWideWrite.store(0, ordering: .relaxed)
    } else if let failure = wide.failure(of: block) {
      throw error(of: failure)
    }
  }

  func error(of failure: WideQueue.Failure) -> DeviceError {
    self.failure(failure.status, "clFinish", kernels: failure.names)
  }
}
