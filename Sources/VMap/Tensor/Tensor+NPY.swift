extension Tensor {
  /// A tensor from the bytes of a `.npy` file, of any version, order and byte order.
  ///
  /// - Throws: ``VMapError`` of kind `parse` where the bytes are none or too few, `typeMismatch` where
  ///   the elements have another type.
  public init(npy bytes: [UInt8]) throws(VMapError) {
    let header = try NPYHeader(bytes)
    guard header.element == Scalar.elementType else {
      throw VMapError(
        .typeMismatch,
        "npy: the elements are \(header.element.rawValue), not \(Scalar.elementType.rawValue)")
    }
    let count = try header.shape.elementCount()
    let width = header.element.byteCount
    guard (bytes.count - header.offset) / width >= count else {
      throw VMapError(
        .parse,
        "npy: the file is truncated: \(count) elements of shape \(header.shape.shapeText) take "
          + "\(count) times \(width) bytes, there are \(bytes.count - header.offset)")
    }
    var elements = Array(bytes[header.offset..<header.offset + count * width])
    if header.isBigEndian, width > 1 {
      for start in stride(from: 0, to: elements.count, by: width) {
        elements[start..<start + width].reverse()
      }
    }
    if header.element == .bool {
      for index in elements.indices where elements[index] > 1 { elements[index] = 1 }
    }
    let scalars = elements.withUnsafeBytes { raw in
      (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * width, as: Scalar.self) }
    }
    guard header.isColumnMajor else {
      try self.init(shape: header.shape, scalars: scalars)
      return
    }
    let reversed = try Tensor(shape: header.shape.reversed(), scalars: scalars)
    self = reversed.transposed()
  }

  /// A tensor from a `.npy` file.
  ///
  ///     let w = try Tensor<Float>(contentsOfNPY: "weights.npy")
  ///
  /// - Throws: ``VMapError`` where the file cannot be read, is no `.npy` file or has other elements.
  public init(contentsOfNPY path: String) throws(VMapError) {
    let bytes = try File.read(path)
    do throws(VMapError) { try self.init(npy: bytes) } catch { throw error.prefixed("\(path): ") }
  }

  /// The bytes of a `.npy` file with these elements.
  ///
  /// - Throws: ``VMapError`` where an operation before failed, or inside a traced function.
  public func npyBytes() throws(VMapError) -> [UInt8] {
    let scalars = try scalars()
    return NPYHeader.bytes(Scalar.elementType, handle.shape)
      + scalars.withUnsafeBytes { Array($0) }
  }

  /// Writes a `.npy` file with these elements.
  ///
  /// - Throws: ``VMapError`` where the file cannot be written, or an operation before failed.
  public func write(toNPY path: String) throws(VMapError) {
    try File.write(npyBytes(), to: path)
  }
}
