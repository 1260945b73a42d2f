import Device

/// A tensor whose element type is known at run time.
///
///     let x = try AnyTensor(contentsOfNPY: "images.npy")
///     let images = try Tensor<Float>(x)
public struct AnyTensor: TensorTree {
  var handle: TensorHandle

  init(handle: TensorHandle) { self.handle = handle }

  /// A tensor without its static type.
  public init<Scalar>(_ tensor: Tensor<Scalar>) { handle = tensor.handle }

  /// A tensor from the bytes of its elements, in row-major order and in the byte order of the host.
  ///
  /// - Parameters:
  ///   - type: The element type and the shape.
  ///   - bytes: The elements; a `bool` is one byte.
  /// - Throws: ``VMapError`` where the bytes do not fill the shape.
  public init(_ type: TensorType, bytes: UnsafeRawBufferPointer) throws(VMapError) {
    try type.shape.check()
    let storage = try Storage(
      element: type.element, shape: type.shape, in: try Context.forTensors())
    guard bytes.count == storage.byteCount else {
      throw VMapError(
        .countMismatch, "\(type) takes \(quantity(storage.byteCount, "byte")), got \(bytes.count)")
    }
    try VMapError.onDevice { () throws(DeviceError) in try storage.buffer.write(from: bytes) }
    handle = TensorHandle(element: type.element, shape: type.shape, .stored(storage))
  }

  /// The type of the elements.
  public var elementType: ElementType { handle.element }

  /// The sizes of the dimensions; `[]` for a scalar.
  ///
  /// Inside a traced function it is the shape of one example.
  public var shape: [Int] {
    if case .traced(let trace, let value) = handle.current { trace.pinExtents(of: value) }
    return handle.visibleShape
  }

  /// The element type and the shape.
  public var type: TensorType { TensorType(element: elementType, shape: shape) }

  /// Gives the bytes of the elements, in row-major order, to a closure.
  ///
  /// Where the device shares the host's memory nothing is copied.
  ///
  /// - Throws: What the closure throws, and ``VMapError`` where an operation before failed, or inside
  ///   a traced function.
  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    let storage = try handle.storage()
    do {
      return try storage.buffer.withHostBytes { bytes in
        try body(UnsafeRawBufferPointer(rebasing: bytes[..<storage.byteCount]))
      }
    } catch let error as DeviceError {
      throw VMapError(error)
    }
  }

  /// Runs what was recorded and waits until the elements are there, without copying them.
  ///
  /// - Throws: ``VMapError`` where an operation before failed, or inside a traced function.
  @discardableResult public func ready() throws(VMapError) -> AnyTensor {
    try handle.ready()
    return self
  }

  /// A tensor is a leaf of every tree.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit.visitTensor(&self)
  }
}

extension Tensor {
  /// A tensor whose element type turns out to be this one.
  ///
  /// - Throws: ``VMapError`` of kind `typeMismatch` where it is another one.
  public init(_ tensor: AnyTensor) throws(VMapError) {
    guard tensor.elementType == Scalar.elementType else {
      throw VMapError(
        .typeMismatch,
        "the elements are \(tensor.elementType.rawValue), not \(Scalar.elementType.rawValue)")
    }
    self.init(handle: tensor.handle)
  }
}

extension AnyTensor: CustomStringConvertible {
  /// The elements, printed as NumPy prints them.
  public var description: String {
    func text<Scalar: TensorScalar>(_: Scalar.Type) -> String {
      Tensor<Scalar>(handle: handle).description
    }
    return text(elementType.scalarType)
  }
}

extension ElementType {
  /// The Swift type of the elements.
  var scalarType: any TensorScalar.Type {
    switch self {
    case .float16: Float16.self
    case .bfloat16: BFloat16.self
    case .float32: Float.self
    case .float64: Double.self
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .uint8: UInt8.self
    case .uint16: UInt16.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    case .complex64: Complex<Float>.self
    case .complex128: Complex<Double>.self
    case .bool: Bool.self
    }
  }
}
