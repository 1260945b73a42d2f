/// The kind of a device.
public enum DeviceKind: String, Sendable, Hashable, CaseIterable {
  /// A processor whose cores run the kernels.
  case cpu
  /// A graphics processor.
  case gpu
  /// Any other device.
  case accelerator

  init(typeBits: UInt64) {
    if typeBits & 4 != 0 {
      self = .gpu
    } else if typeBits & 2 != 0 {
      self = .cpu
    } else {
      self = .accelerator
    }
  }
}
