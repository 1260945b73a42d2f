import Device

/// An array of any rank with elements of one type: an immutable value.
///
///     let x = Tensor<Float>([1, 2, 3])
///     try (x * 2 + 1).scalars()     // [3.0, 5.0, 7.0]
///
/// Operations outside a `vmap` are recorded and run
/// together when an element is read. They do not throw: what fails gives a tensor whose reading
/// throws.
public struct Tensor<Scalar: TensorScalar>: TensorTree {
  var handle: TensorHandle

  init(handle: TensorHandle) { self.handle = handle }

  /// A tensor of a shape from its elements in row-major order.
  ///
  /// - Throws: ``VMapError`` where the elements do not fill the shape.
  ///
  ///       let w = try Tensor<Float>(shape: [2, 2], scalars: [1, 2, 3, 4])
  public init(shape: [Int], scalars: [Scalar]) throws(VMapError) {
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw VMapError(.invalidArgument, "shape \(shape.shapeText) has a negative size")
    }
    let count = try shape.elementCount()
    guard scalars.count == count else {
      throw VMapError(
        .countMismatch,
        "shape \(shape.shapeText) takes \(quantity(count, "scalar")), got \(scalars.count)")
    }
    let storage = try Storage(
      inPieces: Scalar.elementType, shape, in: try Context.forTensors())
    try VMapError.onDevice { () throws(DeviceError) in
      try scalars.withUnsafeBytesTyped { bytes throws(DeviceError) in
        try storage.buffer.write(from: bytes)
      }
    }
    handle = TensorHandle(element: Scalar.elementType, shape: shape, .stored(storage))
  }

  /// A vector of elements.
  public init(_ scalars: [Scalar]) {
    do throws(VMapError) {
      try self.init(shape: [scalars.count], scalars: scalars)
    } catch {
      self.init(handle: .failed(error, Scalar.elementType))
    }
  }

  /// A matrix of rows of equal length; rows of other lengths give a tensor whose reading throws.
  @_disfavoredOverload public init(_ rows: [[Scalar]]) {
    do throws(VMapError) {
      let length = rows.first?.count ?? 0
      guard rows.allSatisfy({ $0.count == length }) else {
        throw VMapError(
          .countMismatch, "rows of a matrix have lengths \(rows.map(\.count).shapeText)")
      }
      try self.init(shape: [rows.count, length], scalars: rows.flatMap { $0 })
    } catch {
      self.init(handle: .failed(error, Scalar.elementType))
    }
  }

  /// A scalar: a tensor of rank 0.
  public init(_ value: Scalar) {
    self.init(handle: .apply(Literal(value: value.literal), []))
  }

  /// The sizes of the dimensions; `[]` for a scalar, and for a tensor that failed, whose error reading
  /// it throws.
  ///
  /// Inside a traced function it is the shape of one example.
  public var shape: [Int] {
    if case .traced(let trace, let value) = handle.current { trace.pinExtents(of: value) }
    return handle.visibleShape
  }

  /// What went wrong, of a tensor that could not be computed; nil as long as nobody has tried.
  ///
  ///     Tensor<Float>([1, 2, 3])[5].failure?.kind     // .invalidArgument
  public var failure: VMapError? {
    if case .failed(let error) = handle.current { error } else { nil }
  }

  /// The number of dimensions.
  public var rank: Int { handle.shape.count }

  /// The number of elements.
  public var count: Int { shape.saturatingProduct() }

  /// The elements in row-major order.
  ///
  /// - Throws: ``VMapError`` where an operation before failed, or inside a traced function.
  public func scalars() throws(VMapError) -> [Scalar] {
    let storage = try handle.storage()
    let count = storage.shape.saturatingProduct()
    return try VMapError.onDevice { () throws(DeviceError) in
      try storage.buffer.requireRoomForCopy()
      return try Array<Scalar>.filled(count: count) { bytes throws(DeviceError) in
        try storage.buffer.read(into: bytes)
      }
    }
  }

  /// Runs what was recorded and waits until the elements are there, without copying them.
  ///
  /// - Throws: ``VMapError`` where an operation before failed, or inside a traced function.
  ///
  /// After `jax.Array.block_until_ready`.
  @discardableResult public func ready() throws(VMapError) -> Tensor {
    try handle.ready()
    return self
  }

  /// Waits until the elements are there while other tasks go on.
  ///
  ///     let y = try await f(xs).ready()
  ///
  /// - Throws: ``VMapError`` where an operation before failed, or inside a traced function.
  @discardableResult public func ready() async throws(VMapError) -> Tensor {
    let handle = handle
    let result = await withCheckedContinuation { continuation in
      Workers.start {
        continuation.resume(returning: Result { () throws(VMapError) in try handle.ready() })
      }
    }
    try result.get()
    return self
  }

  /// The element of a scalar.
  ///
  /// - Throws: ``VMapError`` where the tensor has another rank.
  public func scalar() throws(VMapError) -> Scalar {
    let scalars = try scalars()
    guard shape.isEmpty, let scalar = scalars.first else {
      throw VMapError(.shapeMismatch, "a tensor of shape \(shape.shapeText) is no scalar")
    }
    return scalar
  }

  /// A tensor is a leaf of every tree.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    var tensor = AnyTensor(handle: handle)
    try visit.visitTensor(&tensor)
    handle = tensor.handle
  }
}

extension Array where Element: TensorScalar {
  func withUnsafeBytesTyped<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let result = withUnsafeBytes { bytes in Result { () throws(E) in try body(bytes) } }
    return try result.get()
  }

  static func filled<E: Error>(
    count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) -> [Element] {
    var failure: E?
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(E) {
        try body(UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }
}
