import Device
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
    /// Rows of examples of different lengths, which only a map takes apart.
    case ragged(TensorHandle, RowSegments)
    /// An operation failed: whoever reads it is told.
    case failed(VMapError)
  }

  let element: ElementType
  /// The shape; of a traced value, the one when it was made.
  let shape: [Int]
  /// The elements' memory once it is there: set once, before ``isStored``.
  @exclusivity(unchecked) nonisolated(unsafe) private var memory: Buffer?
  private let isStored: Atomic<Bool>
  /// The state of a tensor that is not stored.
  private let pending: Mutex<State?>

  init(element: ElementType, shape: [Int], _ state: State) {
    self.element = element
    self.shape = shape
    if case .stored(let storage) = state {
      memory = storage.buffer
      isStored = Atomic(true)
      pending = Mutex(nil)
    } else {
      isStored = Atomic(false)
      pending = Mutex(state)
    }
  }

  /// A tensor whose elements are stored.
  convenience init(_ storage: Storage) {
    self.init(element: storage.element, shape: storage.shape, .stored(storage))
  }

  static func failed(_ error: VMapError, _ element: ElementType = .float32) -> TensorHandle {
    TensorHandle(element: element, shape: [], .failed(error))
  }

  /// The memory of stored elements; nil where the state is another one.
  var buffer: Buffer? { isStored.load(ordering: .acquiring) ? memory : nil }

  /// The trace whose value this is.
  var trace: Trace? {
    if case .traced(let trace, _) = current { trace } else { nil }
  }

  /// Gives stored elements a number in a workspace, which does not keep them alive.
  func lend(to buffers: BufferTable, at number: Int) -> Bool {
    guard isStored.load(ordering: .acquiring), let reference else { return false }
    buffers.lend(reference, at: number)
    return true
  }

  var current: State {
    if let buffer { return .stored(Storage(element: element, shape: shape, buffer: buffer)) }
    return pending.withLock { pending in
      // Only what is stored meanwhile is not pending.
      pending
        ?? memory.map { .stored(Storage(element: element, shape: shape, buffer: $0)) }
        ?? .failed(VMapError(.internalInconsistency, "a tensor has no state"))
    }
  }

  /// Replaces a recorded operation by what it gave.
  func settle(_ new: State) {
    pending.withLock { pending in
      guard case .recorded = pending else { return }
      guard case .stored(let storage) = new else {
        pending = new
        return
      }
      memory = storage.buffer
      isStored.store(true, ordering: .releasing)
      pending = nil
    }
  }

  /// The memory without ownership: counting references would take as long as the rest of a call.
  private var reference: Unmanaged<Buffer>? { memory.map(Unmanaged.passUnretained) }

  /// Lends the memory if nobody else has the tensor or the memory, so that it may be written again.
  static func lendIfUnshared(
    _ handle: inout TensorHandle?, to buffers: BufferTable, at number: Int
  ) -> Bool {
    guard isKnownUniquelyReferenced(&handle),
      let unowned = handle.map(Unmanaged.passUnretained)
    else { return false }
    return unowned._withUnsafeGuaranteedRef { handle in
      isKnownUniquelyReferenced(&handle.memory) && handle.lend(to: buffers, at: number)
    }
  }

  var type: TensorType { TensorType(element: element, shape: shape) }

  /// Runs what was recorded and waits until the elements are there.
  func ready() throws(VMapError) {
    if isStored.load(ordering: .acquiring), let reference {
      let failure = reference._withUnsafeGuaranteedRef { buffer -> DeviceError? in
        do throws(DeviceError) { try buffer.wait() } catch { return error }
        return nil
      }
      if let failure { throw VMapError(failure) }
      return
    }
    let buffer = try storage().buffer
    do throws(DeviceError) { try buffer.wait() } catch { throw VMapError(error) }
  }

  /// The stored elements, after running what was recorded.
  func storage() throws(VMapError) -> Storage {
    switch current {
    case .stored(let storage): return storage
    case .failed(let error): throw error
    case .ragged: throw TensorHandle.hasNoOneShape
    case .recorded(let recording):
      do throws(VMapError) {
        let storage = try recording.run(shape)
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
