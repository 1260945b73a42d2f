import Device

/// The elements of a tensor, row-major, in memory that the device reaches.
struct Storage: Sendable {
  let element: ElementType
  let shape: [Int]
  let buffer: Buffer

  init(element: ElementType, shape: [Int], buffer: Buffer) {
    self.element = element
    self.shape = shape
    self.buffer = buffer
  }

  /// Storage without elements' values yet.
  init(
    element: ElementType, shape: [Int], in context: Context
  ) throws(VMapError) {
    let bytes = try Storage.byteCount(of: element, shape)
    let buffer = try VMapError.onDevice { () throws(DeviceError) in
      try context.makeBuffer(byteCount: bytes)
    }
    self.init(element: element, shape: shape, buffer: buffer)
  }

  /// How many bytes elements take.
  static func byteCount(of element: ElementType, _ shape: [Int]) throws(VMapError) -> Int {
    let (bytes, overflow) = try shape.elementCount().multipliedReportingOverflow(
      by: element.byteCount)
    if overflow {
      throw VMapError(
        .sizeOverflow, "\(element.rawValue)\(shape.shapeText) has more bytes than an Int can count")
    }
    return bytes
  }

  var byteCount: Int { shape.saturatingProduct(times: element.byteCount) }
}
