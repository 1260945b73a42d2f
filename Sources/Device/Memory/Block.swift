import Glibc
import Synchronization

/// Memory obtained from the driver, or memory of the host: what buffers are made of and what the pool
/// keeps.
final class Block: Sendable {
  enum Storage {
    /// Memory that the host and the devices address alike.
    case shared(UnsafeMutableRawPointer)
    /// A memory object, reached by copies.
    case object(Handle<MemoryObject>)
    /// Memory of the host that no driver gave.
    case host(HostBytes)
  }

  // Blocks are handed out to one buffer at a time; the driver orders the accesses of kernels.
  nonisolated(unsafe) let storage: Storage
  let capacity: Int
  /// A number that no other block has: addresses come back, numbers do not.
  let number = Block.numbers.wrappingAdd(1, ordering: .relaxed).newValue
  /// The number of the last wide launch that was given this block, 0 for none.
  ///
  /// It outlives the buffer: the pool may hand the block out again while that launch is running.
  let lastWideLaunch = Atomic<UInt64>(0)
  /// The number of the wide launch that the contents are from, 0 when they are from elsewhere.
  let lastWideWrite = Atomic<UInt64>(0)

  /// Whether the memory is not the driver's: then it is never given to another buffer.
  var isLent: Bool {
    if case .host = storage { true } else { false }
  }

  private static let numbers = Atomic<UInt64>(0)
  private let driver: Driver
  private let context: Handle<ContextObject>
  private let tally: Tally

  /// Asks the driver for memory.
  init(
    capacity: Int, shared: Bool, context: Handle<ContextObject>, driver: Driver, tally: Tally
  ) throws(Refusal) {
    if shared {
      // PoCL 3.1 refuses any larger alignment.
      let pointer = driver.allocateShared(context.raw, capacity, UInt32(SizeClass.minimum))
      guard let pointer else { throw Refusal(call: "clSVMAlloc", status: 0) }
      Block.preferLargePages(pointer, capacity)
      Block.sharedByteCount.add(capacity, ordering: .relaxed)
      storage = .shared(pointer)
    } else {
      var status: Int32 = 0
      let object = driver.createBuffer(context.raw, capacity, &status)
      guard status == 0, let object else { throw Refusal(call: "clCreateBuffer", status: status) }
      storage = .object(Handle(object, release: driver.releaseBuffer))
    }
    self.capacity = capacity
    self.context = context
    self.driver = driver
    self.tally = tally
    tally.bytesAllocated.count(capacity)
    tally.bytesHeld.count(capacity)
  }

  /// Memory of the host.
  init(_ bytes: HostBytes, context: Handle<ContextObject>, driver: Driver, tally: Tally) {
    storage = .host(bytes)
    capacity = bytes.byteCount
    self.context = context
    self.driver = driver
    self.tally = tally
  }

  /// Where the host finds the bytes, if it can address them.
  var address: UnsafeMutableRawPointer? {
    switch storage {
    case .shared(let pointer): pointer
    case .host(let bytes): bytes.address
    case .object: nil
    }
  }

  /// Asks for pages of 2 MiB, where they are given to those who ask, as NumPy does.
  ///
  /// A kernel that streams through its memory waits less for translations then, and fresh memory is
  /// there with fewer faults.
  private static func preferLargePages(_ pointer: UnsafeMutableRawPointer, _ capacity: Int) {
    guard capacity >= 1 << 22 else { return }
    let first = pointer.alignedUp(toMultipleOf: Int(getpagesize()))
    _ = madvise(first, pointer + capacity - first, Int32(MADV_HUGEPAGE))
  }

  /// The driver gave no memory; the status is 0 where the call gives none.
  struct Refusal: Error {
    let call: String
    let status: Int32
    /// How many bytes there were, where the driver was not asked for more than that.
    var available: Int?
  }

  /// How many bytes of memory that is shared with the host are allocated, written or not.
  static let sharedByteCount = Atomic<Int>(0)

  deinit {
    if !isLent { tally.bytesHeld.count(-capacity) }
    guard case .shared(let pointer) = storage, !Fork.happened else { return }
    Block.sharedByteCount.subtract(capacity, ordering: .relaxed)
    driver.freeShared(context.raw, pointer)
  }
}
