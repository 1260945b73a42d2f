extension AnyTensor {
  /// A tensor from a `.npy` file of any version, order and byte order, which is mapped into memory.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - element: The element type that is asked for. A file of `bfloat16`, which NumPy writes without
  ///     a type, is read only where `bfloat16` is asked for.
  /// - Throws: ``VMapError`` where the file cannot be read, is no `.npy` file, is truncated, or has
  ///   elements of a type that is not supported.
  public init(
    contentsOfNPY path: String, expecting element: ElementType? = nil
  ) throws(VMapError) {
    let file = try MappedFile(path)
    do throws(VMapError) {
      try self.init(npy: file.bytes, expecting: element)
    } catch {
      throw error.prefixed("\(path): ")
    }
  }

  /// A tensor from the bytes of a `.npy` file.
  init(
    npy bytes: UnsafeRawBufferPointer, expecting element: ElementType? = nil
  ) throws(VMapError) {
    let header = try NPYHeader(bytes, expecting: element)
    let count = try header.shape.elementCount()
    let width = header.element.byteCount
    guard (bytes.count - header.offset) / width >= count else {
      throw VMapError(
        .parse,
        "npy: the file is truncated: \(count) elements of shape \(header.shape.shapeText) take "
          + "\(count) times \(width) bytes, there are \(bytes.count - header.offset)")
    }
    let elements = UnsafeRawBufferPointer(
      rebasing: bytes[header.offset..<header.offset + count * width])
    let shape = header.isColumnMajor ? header.shape.reversed() : header.shape
    let type = TensorType(element: header.element, shape: shape)
    let stored: AnyTensor
    if header.element == .bool || header.isBigEndian && width > 1 {
      stored = try AnyTensor.converting(elements, type, isBigEndian: header.isBigEndian)
    } else {
      stored = try AnyTensor(type, bytes: elements)
    }
    guard header.isColumnMajor, shape.count > 1 else {
      self = stored
      return
    }
    let permutation = Array(shape.indices.reversed())
    self.init(handle: .apply(Transpose(permutation: permutation), [stored.handle]))
  }

  /// Elements in the byte order of the host; truth values are 0 or 1.
  private static func converting(
    _ elements: UnsafeRawBufferPointer, _ type: TensorType, isBigEndian: Bool
  ) throws(VMapError) -> AnyTensor {
    var bytes = Array(elements)
    let width = type.element.part.byteCount
    if isBigEndian, width > 1 {
      for start in stride(from: 0, to: bytes.count, by: width) {
        bytes[start..<start + width].reverse()
      }
    }
    if type.element == .bool {
      for index in bytes.indices where bytes[index] > 1 { bytes[index] = 1 }
    }
    return try bytes.withUnsafeBytesTyped { bytes throws(VMapError) in
      try AnyTensor(type, bytes: bytes)
    }
  }

  /// Writes a `.npy` file with these elements.
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
