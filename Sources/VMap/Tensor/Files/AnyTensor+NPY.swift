import Device

extension AnyTensor {
  /// A tensor from a `.npy` file of any version, order and byte order.
  ///
  /// - Parameters:
  ///   - path: A regular file, or `/dev/stdin`.
  ///   - element: The element type that is asked for. A file of `bfloat16`, which NumPy writes without
  ///     a type, is read only where `bfloat16` is asked for.
  ///   - mapped: Whether the elements may stay in the file and be read when they are used, as with
  ///     `mmap_mode` of NumPy: where the device reaches the host's memory, and they take 1 MiB or more in
  ///     the byte order of the host. The file must stay as it is then: whoever shortens it ends the process.
  /// - Throws: ``VMapError`` where the file cannot be read, is no `.npy` file, is truncated, or has
  ///   elements of a type that is not supported.
  public init(
    contentsOfNPY path: String, expecting element: ElementType? = nil, mapped: Bool = false
  ) throws(VMapError) {
    var file = try InputFile(path)
    do throws(VMapError) {
      let header = try NPYHeader(from: &file, expecting: element)
      if mapped, header.format.isNative,
        let storage = try Storage(header.storedType, mapping: { file.mapped($0) })
      {
        self.init(storage, arrangedBy: header)
      } else {
        try self.init(header, from: &file)
      }
    } catch {
      throw error.prefixed("\(path): ")
    }
  }

  /// A tensor from the bytes of a `.npy` file, read once, from the first to the last.
  init(
    npy source: inout some ByteSource & ~Copyable, expecting element: ElementType? = nil
  ) throws(VMapError) {
    try self.init(NPYHeader(from: &source, expecting: element), from: &source)
  }

  /// A tensor from the bytes behind the header of a `.npy` file.
  private init(
    _ header: NPYHeader, from source: inout some ByteSource & ~Copyable
  ) throws(VMapError) {
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
    let type = header.storedType
    let storage = try Storage(
      inPieces: type.element, type.shape, in: try Context.forTensors())
    let filled = try storage.fill(from: &source, in: header.format)
    guard filled == storage.byteCount else {
      throw truncated(
        filled, expected == nil ? "is truncated" : "was truncated while it was read")
    }
    self.init(storage, arrangedBy: header)
  }

  /// A tensor of the elements of a `.npy` file, which may be there column by column.
  private init(_ storage: Storage, arrangedBy header: NPYHeader) {
    let stored = TensorHandle(storage)
    guard header.isColumnMajor, storage.shape.count > 1 else {
      self.init(handle: stored)
      return
    }
    let permutation = Array(storage.shape.indices.reversed())
    self.init(handle: .apply(Transpose(permutation: permutation), [stored]))
  }

  /// Writes a `.npy` file with these elements.
  ///
  /// A file that was there is replaced by the whole new one, or stays as it is: the elements are
  /// written beside it first. What is no regular file, as a pipe, is written as it is.
  ///
  /// - Throws: ``VMapError`` where the file cannot be written, or an operation before failed.
  public func write(toNPY path: String) throws(VMapError) {
    try handle.ready()
    let storage = try handle.storage()
    let header = NPYHeader.bytes(storage.element, storage.shape)
    try File.write(to: path) { output throws(VMapError) in
      try header.withUnsafeBytesTyped { bytes throws(VMapError) in try output.write(bytes) }
      try storage.eachPart { bytes throws(VMapError) in try output.write(bytes) }
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
