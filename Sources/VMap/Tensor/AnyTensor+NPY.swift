import Device

extension AnyTensor {
  /// A tensor from a `.npy` file of any version, order and byte order.
  ///
  /// - Parameters:
  ///   - path: A regular file, or `/dev/stdin`.
  ///   - element: The element type that is asked for. A file of `bfloat16`, which NumPy writes without
  ///     a type, is read only where `bfloat16` is asked for.
  /// - Throws: ``VMapError`` where the file cannot be read, is no `.npy` file, is truncated, or has
  ///   elements of a type that is not supported.
  public init(
    contentsOfNPY path: String, expecting element: ElementType? = nil
  ) throws(VMapError) {
    var file = try InputFile(path)
    do throws(VMapError) {
      try self.init(npy: &file, expecting: element)
    } catch {
      throw error.prefixed("\(path): ")
    }
  }

  /// A tensor from the bytes of a `.npy` file, read once, from the first to the last.
  init(
    npy source: inout some ByteSource & ~Copyable, expecting element: ElementType? = nil
  ) throws(VMapError) {
    let header = try NPYHeader(from: &source, expecting: element)
    let count = try header.shape.elementCount()
    let width = header.element.byteCount
    func truncated(_ available: Int, _ what: String) -> VMapError {
      VMapError(
        .parse,
        "npy: the file \(what): \(count) elements of shape \(header.shape.shapeText) take "
          + "\(count) times \(width) bytes, there are \(available)")
    }
    let expected = source.byteCount
    if let expected, expected / width < count { throw truncated(expected, "is truncated") }
    let shape = header.isColumnMajor ? header.shape.reversed() : header.shape
    let storage = try Storage(
      element: header.element, shape: shape, in: try Context.forTensors())
    let filled = try storage.fill(from: &source) { header.makeNative($0) }
    guard filled == storage.byteCount else {
      throw truncated(
        filled, expected == nil ? "is truncated" : "was truncated while it was read")
    }
    let stored = TensorHandle(storage)
    guard header.isColumnMajor, shape.count > 1 else {
      self.init(handle: stored)
      return
    }
    let permutation = Array(shape.indices.reversed())
    self.init(handle: .apply(Transpose(permutation: permutation), [stored]))
  }

  /// Writes a `.npy` file with these elements.
  ///
  /// A file that was there is replaced by the whole new one, or stays as it is: the elements are
  /// written beside it first. What is no regular file, as a pipe, is written as it is.
  ///
  /// - Throws: ``VMapError`` where the file cannot be written, or an operation before failed.
  public func write(toNPY path: String) throws(VMapError) {
    let header = NPYHeader.bytes(handle.element, handle.shape)
    do {
      try withBytes { bytes in
        try header.withUnsafeBytes { try File.write([$0, bytes], to: path) }
      }
    } catch {
      throw VMapError(caught: error)
    }
  }

  /// A tensor of zeros.
  package static func zeros(_ type: TensorType) throws(VMapError) -> AnyTensor {
    try type.shape.check()
    let value = TensorHandle.apply(Literal(value: .zero(type.element)), [])
    let result = TensorHandle.apply(Broadcast(shape: type.shape, dimensions: []), [value])
    if case .failed(let error) = result.current { throw error }
    return AnyTensor(handle: result)
  }
}

extension Storage {
  /// Fills the memory with bytes of a source, which pass through a closure that may change them.
  ///
  /// - Returns: How many bytes there were.
  fileprivate func fill(
    from source: inout some ByteSource & ~Copyable,
    _ change: (UnsafeMutableRawBufferPointer) -> Void
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
      change(part)
      try VMapError.onDevice { () throws(DeviceError) in
        try buffer.write(from: UnsafeRawBufferPointer(part), at: filled)
      }
      filled += count
      if count < wanted.count { break }
    }
    return filled
  }
}

extension NPYHeader {
  /// Brings elements into the byte order of the host, and truth values to 0 or 1.
  fileprivate func makeNative(_ bytes: UnsafeMutableRawBufferPointer) {
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
