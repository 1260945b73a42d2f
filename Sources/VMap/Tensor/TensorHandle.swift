import Synchronization

/// What a ``Tensor`` refers to: stored elements, a recorded operation, or a value of a trace.
final class TensorHandle: Sendable {
  enum State: Sendable {
    /// Elements in memory.
    case stored(Storage)
    /// An operation on tensors outside any trace, run at the first read.
    case recorded(Recording)
    /// A value of the program that a trace is writing.
    case traced(Trace, ValueID)
    /// An operation failed: whoever reads it is told.
    case failed(VMapError)
  }

  let element: ElementType
  /// The shape; of a traced value, the one when it was made.
  let shape: [Int]
  private let state: Mutex<State>

  init(element: ElementType, shape: [Int], _ state: State) {
    self.element = element
    self.shape = shape
    self.state = Mutex(state)
  }

  static func failed(_ error: VMapError, _ element: ElementType = .float32) -> TensorHandle {
    TensorHandle(element: element, shape: [], .failed(error))
  }

  var current: State { state.withLock { $0 } }

  /// Replaces a recorded operation by what it gave.
  func settle(_ new: State) {
    state.withLock { if case .recorded = $0 { $0 = new } }
  }

  var type: TensorType { TensorType(element: element, shape: shape) }

  /// The stored elements, after running what was recorded.
  func storage() throws(VMapError) -> Storage {
    switch current {
    case .stored(let storage): return storage
    case .failed(let error): throw error
    case .recorded(let recording):
      do throws(VMapError) {
        let storage = try recording.run()
        settle(.stored(storage))
        return storage
      } catch {
        settle(.failed(error))
        throw error
      }
    case .traced(let trace, _):
      throw trace.isFinished
        ? VMapError(
          .tracerEscaped, "a value of a traced function was read after the function had returned")
        : VMapError(
          .valueOfTracer,
          "the elements of a traced \(type) are not known while its function is traced: "
            + "use select, whileLoop or another operation on tensors instead")
    }
  }
}
