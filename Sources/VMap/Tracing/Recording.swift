/// An operation on tensors outside any trace, run through the same pipeline at the first read.
final class Recording: Sendable {
  /// Longer chains run at once, so that neither programs nor the stack grow without bound.
  static let maximumDepth = 64

  let operation: any Operation
  let operands: [TensorHandle]
  /// The length of the longest chain of recorded operations that ends here.
  let depth: Int
  /// Whether it is made of constants alone, and so costs nothing to make again.
  let isConstant: Bool

  init(_ operation: any Operation, _ operands: [TensorHandle]) {
    self.operation = operation
    self.operands = operands
    var depth = 1
    var isConstant = true
    for operand in operands {
      guard case .recorded(let recording) = operand.current else {
        isConstant = false
        continue
      }
      depth = max(depth, recording.depth + 1)
      isConstant = isConstant && recording.isConstant
    }
    self.depth = depth
    self.isConstant = isConstant && depth <= 12
  }

  /// Runs the recorded operations up to this one, whose result has a shape.
  func run(_ shape: [Int]) throws(VMapError) -> Storage {
    if let result = try runElementwise(shape) { return result }
    let trace = Trace()
    return try trace.run([try trace.replay(self)])[0]
  }
}

extension TensorHandle {
  /// Applies an operation with one result.
  static func apply(_ operation: any Operation, _ operands: [TensorHandle]) -> TensorHandle {
    for operand in operands {
      if case .traced(let trace, _) = operand.current {
        return trace.emit(operation, operands)[0]
      }
    }
    do throws(VMapError) {
      for operand in operands {
        switch operand.current {
        case .failed(let error): throw error
        case .ragged: throw TensorHandle.hasNoOneShape
        case .stored, .recorded, .traced: break
        }
      }
      let type = try operation.resultTypes(operands.map(\.type))[0]
      let recording = Recording(operation, operands)
      let handle = TensorHandle(element: type.element, shape: type.shape, .recorded(recording))
      if recording.depth >= Recording.maximumDepth { _ = try handle.storage() }
      return handle
    } catch {
      return .failed(error)
    }
  }
}
