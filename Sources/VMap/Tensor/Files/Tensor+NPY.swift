extension Tensor {
  /// A tensor from the bytes of a `.npy` file, of any version, order and byte order.
  ///
  /// - Throws: ``VMapError`` of kind `parse` where the bytes are none or too few, `typeMismatch` where
  ///   the elements have another type.
  public init(npy bytes: [UInt8]) throws(VMapError) {
    let tensor = try bytes.withUnsafeBytesTyped { bytes throws(VMapError) in
      var source = MemorySource(bytes)
      return try AnyTensor(npy: &source, expecting: Scalar.elementType)
    }
    do throws(VMapError) { try self.init(tensor) } catch { throw error.prefixed("npy: ") }
  }

  /// A tensor from a `.npy` file.
  ///
  ///     let w = try Tensor<Float>(contentsOfNPY: "weights.npy")
  ///
  /// - Throws: ``VMapError`` where the file cannot be read, is no `.npy` file or has other elements.
  public init(contentsOfNPY path: String) throws(VMapError) {
    let tensor = try AnyTensor(contentsOfNPY: path, expecting: Scalar.elementType)
    do throws(VMapError) { try self.init(tensor) } catch { throw error.prefixed("\(path): ") }
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
    try AnyTensor(self).write(toNPY: path)
  }
}
