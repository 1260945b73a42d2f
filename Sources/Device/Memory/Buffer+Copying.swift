extension Buffer {
  /// Whether kernels of a context can be given the buffer.
  package func isReachable(from context: Context) -> Bool {
    session === context.session && (!block.isLent || session.reachesHostMemory)
  }

  /// The same memory for kernels of another context; nil where they do not reach it.
  ///
  /// Who uses both waits for the kernels of one before those of the other.
  package func alias(in context: Context) throws(DeviceError) -> Buffer? {
    try session.wait(for: block)
    guard context.session.reachesHostMemory, let address = block.address else { return nil }
    let bytes = HostBytes(
      lent: UnsafeRawBufferPointer(start: address, count: byteCount), by: self,
      isWritable: true)
    return bytes.map { context.makeBuffer(over: $0) }
  }

  /// Copies bytes of another buffer, of any context or of the host.
  ///
  /// - Throws: As `read` and `write` do.
  package func copy(
    from source: Buffer, at start: Int, count: Int, to end: Int
  ) throws(DeviceError) {
    try source.check(start, count, "copy")
    try source.session.wait(for: source.block)
    if let address = source.block.address {
      return try write(from: UnsafeRawBufferPointer(start: address + start, count: count), at: end)
    }
    if let address = block.address {
      try check(end, count, "copy")
      try session.wait(for: block, to: .update)
      return try source.read(
        into: UnsafeMutableRawBufferPointer(start: address + end, count: count), at: start)
    }
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count, alignment: SizeClass.minimum)
    defer { bytes.deallocate() }
    try source.read(into: bytes, at: start)
    try write(from: UnsafeRawBufferPointer(bytes), at: end)
  }

  /// Whether the memory is a file's.
  package var isFile: Bool {
    if case .host(let bytes) = block.storage { bytes.isFile } else { false }
  }

  /// Gives up the pages of a part of a file, which come again when they are needed.
  package func letGo(of range: Range<Int>) {
    if case .host(let bytes) = block.storage { bytes.letGo(of: range) }
  }
}

extension Context {
  /// Whether kernels can be given memory of the host that is not OpenCL's.
  package var reachesHostMemory: Bool { session.reachesHostMemory }

  /// A buffer over memory of the host, which kernels read where it is, or come by in pieces.
  package func makeBuffer(over bytes: HostBytes) -> Buffer {
    let block = Block(
      bytes, context: session.context, driver: session.driver, tally: session.tally)
    return Buffer(byteCount: bytes.byteCount, block: block, session: session)
  }

  /// A buffer for elements that kernels may take piece by piece: on the host, where it is larger than
  /// what the device allocates at once.
  ///
  /// - Parameter what: What takes the bytes, for the error.
  /// - Throws: As ``makeBuffer(byteCount:)``.
  package func makeBufferForPieces(
    byteCount: Int, of what: @autoclosure () -> String
  ) throws(DeviceError) -> Buffer {
    guard byteCount > profile.maximumAllocationBytes else {
      return try makeBuffer(byteCount: byteCount)
    }
    try session.requireRoom(for: byteCount, of: what())
    return makeBuffer(over: try HostBytes(byteCount: byteCount))
  }
}
