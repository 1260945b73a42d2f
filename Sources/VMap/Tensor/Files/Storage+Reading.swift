import Device

/// How elements are written in a file, as far as that differs from how they lie in memory.
struct StoredFormat {
  let element: ElementType
  let isBigEndian: Bool

  /// Whether each sequence of bytes stands for the elements that it is in memory.
  var isNative: Bool { element != .bool && !(isBigEndian && element.part.byteCount > 1) }

  /// Brings elements into the byte order of the host, and truth values to 0 or 1.
  func makeNative(_ bytes: UnsafeMutableRawBufferPointer) {
    let width = element.part.byteCount
    if isBigEndian, width > 1 {
      for start in stride(from: 0, through: bytes.count - width, by: width) {
        bytes[start..<start + width].reverse()
      }
    }
    if element == .bool {
      for index in bytes.indices where bytes[index] > 1 { bytes[index] = 1 }
    }
  }
}

extension Storage {
  /// Fills the memory with elements from a source.
  ///
  /// - Returns: How many bytes there were.
  func fill(
    from source: inout some ByteSource & ~Copyable, in format: StoredFormat
  ) throws(VMapError) -> Int {
    // A multiple of all sizes of elements that stays in a core's cache.
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(1 << 18, max(16, byteCount)), alignment: 64)
    defer { block.deallocate() }
    var filled = 0
    while filled < byteCount {
      let wanted = UnsafeMutableRawBufferPointer(
        rebasing: block[..<min(block.count, byteCount - filled)])
      let count = try source.read(into: wanted)
      let part = UnsafeMutableRawBufferPointer(rebasing: wanted[..<count])
      format.makeNative(part)
      try VMapError.onDevice { () throws(DeviceError) in
        try buffer.write(from: UnsafeRawBufferPointer(part), at: filled)
      }
      filled += count
      if count < wanted.count { break }
    }
    return filled
  }

  /// Fewer bytes of a file are copied sooner than mapped.
  static let mappingThreshold = 1 << 20

  /// Elements that stay in a file; nil where they are few, or the system does not map them.
  ///
  /// - Parameter map: Gives so many bytes, which are the elements as they lie in memory.
  init?(_ type: TensorType, mapping map: (Int) -> HostBytes?) throws(VMapError) {
    let byteCount = try Storage.byteCount(of: type.element, type.shape)
    guard byteCount >= Storage.mappingThreshold, let mapped = map(byteCount),
      let storage = try Storage(type, in: mapped)
    else { return nil }
    self = storage
  }

  /// Elements that lie in memory of the host; nil where the device is better given a copy: where kernels
  /// do not reach them and it has room for all.
  ///
  /// - Parameter bytes: The elements, row-major, in the byte order of the host; nobody changes them.
  init?(_ type: TensorType, in bytes: HostBytes) throws(VMapError) {
    let context = try Context.forTensors()
    let alignment = type.element.part.byteCount
    guard Int(bitPattern: bytes.address) % alignment == 0,
      context.reachesHostMemory || bytes.byteCount > context.profile.maximumAllocationBytes
    else { return nil }
    self.init(
      element: type.element, shape: type.shape, buffer: context.makeBuffer(over: bytes))
  }

  /// Gives the bytes of the elements to a closure in order: all at once where the host reaches them, else
  /// copies of some at a time.
  func eachPart(
    _ body: (UnsafeRawBufferPointer) throws(VMapError) -> Void
  ) throws(VMapError) {
    let address = try VMapError.onDevice { () throws(DeviceError) in try buffer.hostAddress() }
    if let address {
      return try withExtendedLifetime(buffer) { () throws(VMapError) in
        try body(UnsafeRawBufferPointer(start: address, count: byteCount))
      }
    }
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(1 << 22, max(16, byteCount)), alignment: 64)
    defer { block.deallocate() }
    for start in stride(from: 0, to: byteCount, by: block.count) {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: block[..<min(block.count, byteCount - start)])
      try VMapError.onDevice { () throws(DeviceError) in try buffer.read(into: part, at: start) }
      try body(UnsafeRawBufferPointer(part))
    }
  }
}
