import Device

/// Elements that are elsewhere than where they are needed.
extension Storage {
  /// Storage for elements that come and go piece by piece: on the host, where the device allocates no
  /// so much at once.
  init(inPieces element: ElementType, _ shape: [Int], in context: Context) throws(VMapError) {
    let bytes = try Storage.byteCount(of: element, shape)
    let buffer = try VMapError.onDevice { () throws(DeviceError) in
      try context.makeBufferForPieces(
        byteCount: bytes, of: "\(TensorType(element: element, shape: shape))")
    }
    self.init(element: element, shape: shape, buffer: buffer)
  }

  /// Whether kernels of a context can be given the elements.
  func isReachable(from context: Context) -> Bool { buffer.isReachable(from: context) }

  /// Whether the memory is a file's.
  var isFile: Bool { buffer.isFile }

  /// The same memory for kernels of another context; nil where they do not reach it.
  func alias(in context: Context) throws(VMapError) -> Storage? {
    let alias = try VMapError.onDevice { () throws(DeviceError) -> Buffer? in
      try buffer.alias(in: context)
    }
    return alias.map { Storage(element: element, shape: shape, buffer: $0) }
  }

  /// A copy that kernels of a context can be given.
  func copied(to context: Context) throws(VMapError) -> Storage {
    let copy = try Storage(element: element, shape: shape, in: context)
    try VMapError.onDevice { () throws(DeviceError) in
      try copy.buffer.copy(from: buffer, at: 0, count: byteCount, to: 0)
    }
    return copy
  }

  /// The elements, where kernels of a context can be given them.
  func reachable(from context: Context) throws(VMapError) -> Storage {
    isReachable(from: context) ? self : try copied(to: context)
  }

  /// A copy of some elements along a dimension that kernels of a context can be given.
  func rows(
    _ rows: Range<Int>, along dimension: Int, in context: Context
  ) throws(VMapError) -> Storage {
    var part = shape
    part[dimension] = rows.count
    let copy = try Storage(element: element, shape: part, in: context)
    try copy.copyRows(of: self, rows, along: dimension, to: 0..<rows.count)
    return copy
  }

  /// Copies some elements along a dimension of other storage of the same shape but for that dimension.
  func copyRows(
    of source: Storage, _ rows: Range<Int>, along dimension: Int, to own: Range<Int>
  ) throws(VMapError) {
    let pairs = zip(source.pieces(of: rows, along: dimension), pieces(of: own, along: dimension))
    try VMapError.onDevice { () throws(DeviceError) in
      for (from, to) in pairs {
        try buffer.copy(
          from: source.buffer, at: from.offset, count: from.piece.count, to: to.offset)
      }
    }
  }

  /// The bytes of some elements along a dimension.
  func byteCount(of rows: Range<Int>, along dimension: Int) -> Int {
    shape[dimension] == 0 ? 0 : byteCount / shape[dimension] * rows.count
  }

  /// Some elements along a dimension, one after another.
  func bytes(of rows: Range<Int>, along dimension: Int) throws(VMapError) -> [UInt8] {
    try VMapError.onDevice { () throws(DeviceError) in
      try [UInt8].filled(count: byteCount(of: rows, along: dimension)) {
        target throws(DeviceError) in
        for (piece, offset) in pieces(of: rows, along: dimension) {
          try buffer.read(into: UnsafeMutableRawBufferPointer(rebasing: target[piece]), at: offset)
        }
      }
    }
  }

  /// Replaces some elements along a dimension.
  func write(
    _ bytes: ArraySlice<UInt8>, to rows: Range<Int>, along dimension: Int
  ) throws(VMapError) {
    let result = bytes.withUnsafeBytes { source in
      Result { () throws(DeviceError) in
        for (piece, offset) in pieces(of: rows, along: dimension) {
          try buffer.write(from: UnsafeRawBufferPointer(rebasing: source[piece]), at: offset)
        }
      }
    }
    try VMapError.onDevice { () throws(DeviceError) in try result.get() }
  }

  /// Where neighbouring elements are among those rows, and in the memory.
  private func pieces(
    of rows: Range<Int>, along dimension: Int
  ) -> [(piece: Range<Int>, offset: Int)] {
    let length = shape[(dimension + 1)...].reduce(element.byteCount, *)
    let size = rows.count * length
    guard size > 0 else { return [] }
    return (0..<shape[..<dimension].reduce(1, *)).map { number in
      let offset = (number * shape[dimension] + rows.lowerBound) * length
      return (number * size..<(number + 1) * size, offset)
    }
  }
}
