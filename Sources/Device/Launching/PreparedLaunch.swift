/// A driver kernel with its arguments set, ready to enqueue.
struct PreparedLaunch {
  let name: String
  let kernel: Handle<KernelObject>
  let grid: LaunchGrid
  /// The memory that the kernel uses.
  let uses: [BlockUse]
  /// Parts of memory objects among the arguments, needed until the kernel is done.
  let parts: [Handle<MemoryObject>]
}

extension Session {
  /// Sets a driver kernel's arguments.
  func prepare(
    _ name: String, _ kernel: Handle<KernelObject>, _ arguments: [Argument], _ grid: LaunchGrid
  ) throws(DeviceError) -> PreparedLaunch {
    var uses: [BlockUse] = []
    var parts: [Handle<MemoryObject>] = []
    for (index, argument) in arguments.enumerated() {
      if case .buffer(let buffer, _) = argument {
        uses.append(BlockUse(block: buffer.block, access: .update))
      }
      if let part = try set(argument, at: index, of: kernel, name) { parts.append(part) }
    }
    return PreparedLaunch(name: name, kernel: kernel, grid: grid, uses: uses, parts: parts)
  }

  /// Sets one argument of a driver kernel.
  ///
  /// - Returns: A part of a memory object, needed until the kernel is done.
  @discardableResult
  func set(
    _ argument: Argument, at index: Int, of kernel: Handle<KernelObject>, _ name: String
  ) throws(DeviceError) -> Handle<MemoryObject>? {
    tally.argumentsSet.count()
    var part: Handle<MemoryObject>?
    let status: Int32
    switch argument {
    case .buffer(let buffer, let offset):
      status = try set(buffer, offset, at: index, of: kernel, name, &part)
    case .int32(let value): status = set(value, at: index, of: kernel)
    case .int64(let value): status = set(value, at: index, of: kernel)
    case .uint32(let value): status = set(value, at: index, of: kernel)
    case .uint64(let value): status = set(value, at: index, of: kernel)
    case .float(let value): status = set(value, at: index, of: kernel)
    case .double(let value): status = set(value, at: index, of: kernel)
    case .bytes(let bytes):
      status = driver.setArgument(kernel.raw, UInt32(index), bytes.count, bytes)
    }
    guard status == 0 else {
      throw DeviceError(
        .invalidArgument,
        """
        argument \(index) of "\(name)", of \(argument.byteCount) bytes, does not fit the \
        kernel's parameter
        """, status: status)
    }
    return part
  }

  private func set<T: BitwiseCopyable>(
    _ value: T, at index: Int, of kernel: Handle<KernelObject>
  ) -> Int32 {
    withUnsafePointer(to: value) {
      driver.setArgument(kernel.raw, UInt32(index), MemoryLayout<T>.size, $0)
    }
  }

  private func set(
    _ buffer: Buffer, _ offset: Int, at index: Int, of kernel: Handle<KernelObject>,
    _ name: String, _ part: inout Handle<MemoryObject>?
  ) throws(DeviceError) -> Int32 {
    guard buffer.session === self else {
      // After a loss a new context finds tensors of the old one.
      try buffer.session.checkUsable()
      throw DeviceError(
        .invalidArgument, "argument \(index) of \"\(name)\" is a buffer of another context")
    }
    guard offset >= 0, offset <= buffer.byteCount else {
      throw DeviceError(
        .invalidArgument,
        """
        argument \(index) of "\(name)" starts at byte \(offset) of a buffer of \
        \(buffer.byteCount) bytes
        """)
    }
    switch buffer.block.storage {
    case .host(let bytes):
      guard reachesHostMemory else {
        throw DeviceError(
          .invalidArgument,
          "argument \(index) of \"\(name)\" is in the host's memory, which kernels cannot reach")
      }
      return driver.setSharedArgument(kernel.raw, UInt32(index), bytes.address + offset)
    case .shared(let pointer):
      return driver.setSharedArgument(kernel.raw, UInt32(index), pointer + offset)
    case .object(let object):
      guard offset > 0, offset < buffer.block.capacity else {
        return set(object.raw, at: index, of: kernel)
      }
      var status: Int32 = 0
      let size = buffer.block.capacity - offset
      let raw = driver.createSubBuffer(object.raw, offset, size, &status)
      guard status == 0, let raw else {
        throw DeviceError(
          .invalidArgument,
          """
          argument \(index) of "\(name)" starts at byte \(offset); the device wants a multiple of \
          \(selection.wide.description.alignment)
          """, status: status)
      }
      part = Handle(raw, release: driver.releaseBuffer)
      return set(raw, at: index, of: kernel)
    }
  }
}
