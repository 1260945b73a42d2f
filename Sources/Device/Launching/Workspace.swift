/// What one thread needs to launch kernels one after another: buffers by number, and a queue.
///
/// Only one thread may use a workspace at a time.
public final class Workspace {
  let session: Session
  /// The buffers that kernels are given.
  public let buffers: BufferTable
  /// The buffers that the workspace itself keeps alive.
  @exclusivity(unchecked) private var owned: [Buffer?]
  @exclusivity(unchecked) private var ownsAny = false
  /// A queue for launches in the calling thread, taken at the first of them.
  @exclusivity(unchecked) private var rawQueue: OpaquePointer?
  @exclusivity(unchecked) private var queue: Handle<QueueObject>?

  /// Makes a workspace without buffers.
  ///
  /// - Parameters:
  ///   - context: Where its kernels run.
  ///   - bufferCount: How many numbers there are.
  public init(_ context: Context, bufferCount: Int) {
    session = context.session
    buffers = BufferTable(count: bufferCount)
    owned = [Buffer?](repeating: nil, count: bufferCount)
  }

  deinit {
    buffers.deallocate()
    guard !Fork.happened, let queue else { return }
    session.immediate?.give(queue)
  }

  /// The buffer with a number.
  public subscript(number: Int) -> Buffer? { buffers[number]?.takeUnretainedValue() }

  /// Gives a buffer a number, and keeps it alive.
  public func keep(_ buffer: Buffer, at number: Int) {
    owned[number] = buffer
    ownsAny = true
    buffers.lend(Unmanaged.passUnretained(buffer), at: number)
  }

  /// Lets go of the buffers that the workspace kept alive.
  public func releaseKept() {
    guard ownsAny else { return }
    ownsAny = false
    for number in owned.indices { owned[number] = nil }
  }

  /// Lets go of some of those buffers; kernels that were launched may still use them.
  public func releaseKept(_ numbers: [Int]) {
    guard ownsAny else { return }
    for number in numbers { owned[number] = nil }
  }

  /// The queue for launches in the calling thread, where there are such.
  func immediateQueue() throws(DeviceError) -> OpaquePointer? {
    if let rawQueue { return rawQueue }
    queue = try session.immediate?.take()
    rawQueue = queue?.raw
    return rawQueue
  }
}
