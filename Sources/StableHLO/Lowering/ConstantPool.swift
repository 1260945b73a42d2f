import Synchronization
import VMap

/// The tensors of a module's constants, each made at its first use.
final class ConstantPool: Sendable {
  private let tensors = Mutex<[Int: AnyTensor]>([:])

  /// The tensor of a constant, which stands at an offset of the text.
  func tensor(
    _ value: DenseSyntax, _ type: TensorType, at offset: Int
  ) throws(VMapError) -> AnyTensor {
    if let known = tensors.withLock({ $0[offset] }) { return known }
    let made: Result<AnyTensor, VMapError> = value.bytes.withUnsafeBytes { bytes in
      Result { () throws(VMapError) in try AnyTensor(type, bytes: bytes) }
    }
    let tensor = try made.get()
    return tensors.withLock { tensors in
      let kept = tensors[offset] ?? tensor
      tensors[offset] = kept
      return kept
    }
  }
}
