/// A tree that is one tensor, and whose memory is the reference to its handle.
///
/// A call reads such arguments and makes such results without visiting children.
protocol SingleTensor: TensorTree {
  var handle: TensorHandle { get }
}

extension Tensor: SingleTensor {}
extension AnyTensor: SingleTensor {}

/// Which of the first 64 arguments of a function are single tensors, as bits.
struct SingleTensors: Sendable {
  private var bits: UInt64 = 0

  init<each Input: TensorTree>(_: repeat (each Input).Type) {
    var position: UInt64 = 0
    for type in repeat (each Input).self {
      if type is any SingleTensor.Type { bits |= 1 << position }
      position += 1
    }
  }

  /// Whether the next argument is one.
  mutating func next() -> Bool {
    defer { bits >>= 1 }
    return bits & 1 == 1
  }
}
