import CDLPack
import Device

/// Elements that another library was given.
final class LentElements {
  /// The elements as DLPack describes them.
  let tensor: DLTensor
  /// Whether they are a copy, which may be written.
  let isCopied: Bool
  private let buffer: Buffer
  private let copy: UnsafeMutableRawPointer?
  /// The shape, and the strides behind it.
  private let sizes: UnsafeMutablePointer<Int64>

  /// Waits for the elements, and copies them where the host does not reach them.
  init(_ storage: Storage) throws(VMapError) {
    buffer = storage.buffer
    let address = try VMapError.onDevice { () throws(DeviceError) in
      try storage.buffer.hostAddress()
    }
    var copy: UnsafeMutableRawPointer?
    if address == nil {
      let bytes = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(1, storage.byteCount), alignment: 64)
      do throws(VMapError) {
        try VMapError.onDevice { () throws(DeviceError) in
          try storage.buffer.requireRoomForCopy()
          try storage.buffer.read(
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<storage.byteCount]))
        }
      } catch {
        bytes.deallocate()
        throw error
      }
      copy = bytes.baseAddress
    }
    self.copy = copy
    isCopied = copy != nil
    let rank = storage.shape.count
    sizes = .allocate(capacity: max(1, 2 * rank))
    var stride: Int64 = 1
    for dimension in (0..<rank).reversed() {
      sizes[dimension] = Int64(storage.shape[dimension])
      sizes[rank + dimension] = stride
      stride *= max(1, sizes[dimension])
    }
    tensor = DLTensor(
      data: copy ?? address.map(UnsafeMutableRawPointer.init(mutating:)),
      device: DLDevice(device_type: DLDeviceType(kDLCPU), device_id: 0), ndim: Int32(rank),
      dtype: DLDataType(storage.element), shape: sizes, strides: sizes + rank, byte_offset: 0)
  }

  deinit {
    sizes.deallocate()
    copy?.deallocate()
  }

  /// The address of this, which is kept until it is released.
  func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  static func release(_ address: UnsafeMutableRawPointer?) {
    guard let address else { return }
    Unmanaged<LentElements>.fromOpaque(address).release()
  }
}

extension DLDataType {
  /// How DLPack calls a type of elements.
  init(_ element: ElementType) {
    let code =
      switch element {
      case .bool: kDLBool
      case .bfloat16: kDLBfloat
      case .float16, .float32, .float64: kDLFloat
      case .complex64, .complex128: kDLComplex
      case .int8, .int16, .int32, .int64: kDLInt
      case .uint8, .uint16, .uint32, .uint64: kDLUInt
      }
    self.init(code: UInt8(code), bits: UInt8(8 * element.byteCount), lanes: 1)
  }
}
