import Synchronization

/// Memory that kernels read and write, of a size that never changes.
///
/// The contents of a new buffer are undefined. Copies of a reference share the memory; when the
/// last one goes, the memory returns to the context's pool.
public final class Buffer: Sendable {
  /// The size that was asked for, in bytes.
  public let byteCount: Int

  let block: Block
  let session: Session

  init(byteCount: Int, block: Block, session: Session) {
    self.byteCount = byteCount
    self.block = block
    self.session = session
    // What the memory held for another buffer is of no concern.
    block.lastWideWrite.store(0, ordering: .relaxed)
    session.tally.buffersLive.count()
  }

  deinit {
    // In the child of a fork another thread may have held the pool's lock.
    guard !Fork.happened else { return }
    session.tally.buffersLive.count(-1)
    session.pool.give(block, isPending: session.isPending(block))
  }

  /// Waits for pending work on the buffer.
  ///
  /// - Throws: What a kernel that was launched on the buffer failed with; `deviceLost`; `forked`.
  public func wait() throws(DeviceError) { try session.wait(for: block) }

  /// Waits for pending work on the buffer and copies bytes to the host.
  ///
  /// - Parameters:
  ///   - target: Where to copy to; its size says how many bytes are copied.
  ///   - byteOffset: Where in the buffer to start.
  /// - Throws: `invalidArgument` when the range is not inside the buffer; what a kernel that was
  ///   launched on the buffer failed with; `deviceLost`.
  public func read(
    into target: UnsafeMutableRawBufferPointer, at byteOffset: Int = 0
  ) throws(DeviceError) {
    try check(byteOffset, target.count, "read")
    try session.wait(for: block)
    guard let address = target.baseAddress, !target.isEmpty else { return }
    session.tally.bytesCopied.count(target.count)
    if let pointer = block.address {
      address.copyMemory(from: pointer + byteOffset, byteCount: target.count)
    } else if case .object(let object) = block.storage {
      try session.copy("clEnqueueReadBuffer") { queue in
        session.driver.readBuffer(queue, object.raw, byteOffset, target.count, address)
      }
    }
  }

  /// Checks that the host has room for a copy of the whole buffer.
  ///
  /// - Throws: `allocationFailed` where it has not.
  package func requireRoomForCopy() throws(DeviceError) {
    try session.requireRoom(for: byteCount, of: "a copy of the elements")
  }

  /// Waits for pending work on the buffer and copies bytes from the host.
  ///
  /// - Parameters:
  ///   - source: The bytes to copy.
  ///   - byteOffset: Where in the buffer to put the first of them.
  /// - Throws: `invalidArgument` when the range is not inside the buffer; what a kernel that was
  ///   launched on the buffer failed with, unless all of the buffer is replaced; `deviceLost`.
  public func write(
    from source: UnsafeRawBufferPointer, at byteOffset: Int = 0
  ) throws(DeviceError) {
    try check(byteOffset, source.count, "write")
    if case .host(let bytes) = block.storage, !bytes.isWritable {
      throw DeviceError(.invalidArgument, "a buffer of memory that is lent cannot be written")
    }
    try session.wait(for: block, to: source.count == byteCount ? .fill : .update)
    guard let address = source.baseAddress, !source.isEmpty else { return }
    session.tally.bytesCopied.count(source.count)
    if let pointer = block.address {
      (pointer + byteOffset).copyMemory(from: address, byteCount: source.count)
    } else if case .object(let object) = block.storage {
      try session.copy("clEnqueueWriteBuffer") { queue in
        session.driver.writeBuffer(queue, object.raw, byteOffset, source.count, address)
      }
    }
  }

  /// Waits for pending work on the buffer and says where the host finds its bytes, for as long as the
  /// buffer exists; nil where they are in memory of the device.
  ///
  /// - Throws: As `read` does.
  package func hostAddress() throws(DeviceError) -> UnsafeRawPointer? {
    try session.wait(for: block)
    return block.address.map { UnsafeRawPointer($0) }
  }

  /// Waits for pending work on the buffer and gives its bytes to a closure.
  ///
  /// Where the device shares the host's memory nothing is copied; elsewhere the closure gets a copy.
  /// No kernel may write the buffer while the closure runs.
  ///
  /// - Parameter body: What to do with the bytes; the pointer is valid only inside.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws, and a `DeviceError` as `read` does.
  public func withHostBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    if let address = try hostAddress() {
      return try withExtendedLifetime(self) {
        try body(UnsafeRawBufferPointer(start: address, count: byteCount))
      }
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount, alignment: SizeClass.minimum)
    defer { copy.deallocate() }
    try read(into: copy)
    return try body(UnsafeRawBufferPointer(copy))
  }

  func check(
    _ byteOffset: Int, _ count: Int, _ verb: StaticString
  ) throws(DeviceError) {
    guard byteOffset >= 0, byteOffset <= byteCount, count <= byteCount - byteOffset else {
      throw DeviceError(
        .invalidArgument,
        "cannot \(verb) \(count) bytes at \(byteOffset) of a buffer of \(byteCount) bytes")
    }
  }
}
