/// What one thread needs to launch kernels one after another: buffers by number, and a queue.
///
/// Only one thread may use a workspace at a time.
public final class Workspace {
  let session: Session
  /// The buffers that kernels are given, some of them kept alive by whoever lent them.
  let buffers: UnsafeMutablePointer<Unmanaged<Buffer>?>
  /// The buffers that the workspace itself keeps alive.
  private var owned: [Buffer?]
  private var ownsAny = false
  /// A queue for launches in the calling thread, taken at the first of them.
  private var queue: Handle<QueueObject>?

  /// Makes a workspace without buffers.
  ///
  /// - Parameters:
  ///   - context: Where its kernels run.
  ///   - bufferCount: How many numbers there are.
  public init(_ context: Context, bufferCount: Int) {
    session = context.session
    buffers = .allocate(capacity: bufferCount)
    buffers.initialize(repeating: nil, count: bufferCount)
    owned = [Buffer?](repeating: nil, count: bufferCount)
  }

  deinit {
    buffers.deinitialize(count: owned.count).deallocate()
    guard !Fork.happened, let queue else { return }
    session.immediate?.give(queue)
  }

  /// The buffer with a number.
  public subscript(number: Int) -> Buffer? { buffers[number]?.takeUnretainedValue() }

  /// Gives a buffer a number, without keeping it alive: the caller does until the last launch.
  public func lend(_ buffer: Buffer, at number: Int) {
    buffers[number] = Unmanaged.passUnretained(buffer)
  }

  /// Gives a buffer a number, and keeps it alive.
  public func keep(_ buffer: Buffer, at number: Int) {
    owned[number] = buffer
    ownsAny = true
    lend(buffer, at: number)
  }

  /// Lets go of the buffers that the workspace kept alive.
  public func releaseKept() {
    guard ownsAny else { return }
    ownsAny = false
    for number in owned.indices { owned[number] = nil }
  }

  /// The queue for launches in the calling thread.
  func immediateQueue(_ queues: QueuePool) throws(DeviceError) -> OpaquePointer {
    if let queue { return queue.raw }
    let taken = try queues.take()
    queue = taken
    return taken.raw
  }
}
