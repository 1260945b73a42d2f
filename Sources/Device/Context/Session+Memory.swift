import Synchronization

extension Session {
  /// Makes a buffer from the pool or from the driver.
  func makeBuffer(byteCount: Int, limit: Int) throws(DeviceError) -> Buffer {
    try checkUsable()
    guard byteCount >= 0 else {
      throw DeviceError(.invalidArgument, "a buffer cannot have \(byteCount) bytes")
    }
    guard let rounded = SizeClass.capacity(for: byteCount) else {
      throw DeviceError(.sizeOverflow, "\(byteCount) bytes are more than memory can have")
    }
    guard byteCount <= limit else {
      throw DeviceError(
        .allocationFailed,
        """
        a buffer of \(byteCount) bytes is larger than the \(limit) bytes that \
        \(selection.wide.description.name) allocates at once; use a smaller batch
        """)
    }
    // Rounding must not push a request beyond what the device gives.
    let capacity =
      roundsSizes ? min(rounded, max(limit, SizeClass.minimum)) : max(1, byteCount)
    if pool.isOverfull { try settleWide() }
    return Buffer(byteCount: byteCount, block: try makeBlock(capacity), session: self)
  }

  /// Makes a buffer of memory that somebody lends; nil where kernels do not reach it.
  func makeBuffer(
    over bytes: UnsafeRawBufferPointer, keeping owner: any Sendable
  ) throws(DeviceError) -> Buffer? {
    try checkUsable()
    guard sharesMemory, devices.allSatisfy(\.description.takesAnyAddress),
      let address = bytes.baseAddress
    else { return nil }
    // What is lent stays with its owner until the queue is done with it.
    if pool.isOverfull { try settleWide() }
    let block = Block(
      lent: address, capacity: bytes.count, by: owner, context: context, driver: driver)
    return Buffer(byteCount: bytes.count, block: block, session: self)
  }

  /// Gives the driver back everything that no buffer uses.
  func releaseIdleMemory() throws(DeviceError) {
    try settleWide()
    // Another thread may have submitted more meanwhile: what that uses stays.
    pool.drain(upTo: wide?.lastCompleted ?? .max)
  }

  private func makeBlock(_ capacity: Int) throws(DeviceError) -> Block {
    if let block = pool.take(capacity) {
      tally.buffersReused.count()
      return block
    }
    do {
      return try allocate(capacity)
    } catch {
      // What the pool keeps may be what is missing.
      try releaseIdleMemory()
    }
    do {
      return try allocate(capacity)
    } catch {
      let refusal =
        error.available.map {
          "\(capacity) bytes have no room in the \($0) that the machine has left"
        }
        ?? "\(error.call) gave no memory for \(capacity) bytes"
      throw DeviceError(
        .allocationFailed,
        """
        \(refusal), also after the pool was freed; \
        \(tally.buffersLive.load(ordering: .relaxed)) buffers are in use. Use a smaller batch or \
        drop results that are no longer needed
        """, status: error.status == 0 ? nil : error.status)
    }
  }

  /// Throws where there is no room for what is to be allocated, or copied to the host.
  func requireRoom(
    for byteCount: Int, of what: String, within limit: Int = .max
  ) throws(DeviceError) {
    let available = limit == .max ? room(for: byteCount) : limit
    guard let available, byteCount > available else { return }
    throw DeviceError(
      .allocationFailed,
      "\(what) would take \(byteCount) bytes, and \(available) are left; use a smaller batch")
  }

  /// How many bytes the machine has left; nil where that is not known, or where few are asked for.
  private func room(for byteCount: Int) -> Int? {
    byteCount < HostMemory.threshold ? nil : availableMemory()
  }

  private func allocate(_ capacity: Int) throws(Block.Refusal) -> Block {
    if sharesMemory, let available = room(for: capacity), capacity > available {
      throw Block.Refusal(call: "clSVMAlloc", status: 0, available: available)
    }
    let block = try Block(
      capacity: capacity, shared: sharesMemory, context: context, driver: driver)
    tally.bytesAllocated.count(capacity)
    return block
  }
}
