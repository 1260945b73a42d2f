import Glibc
import Synchronization

/// Memory obtained from the driver, or lent by somebody else: what buffers are made of and what the pool
/// keeps.
final class Block: Sendable {
  enum Storage {
    /// Memory that the host and the devices address alike.
    case shared(UnsafeMutableRawPointer)
    /// A memory object, reached by copies.
    case object(Handle<MemoryObject>)
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

  /// Who lends memory that is not the driver's; it is read only, and never given to another buffer.
  private let owner: (any Sendable)?
  var isLent: Bool { owner != nil }

  private static let numbers = Atomic<UInt64>(0)
  private let driver: Driver
  private let context: Handle<ContextObject>

  /// Asks the driver for memory.
  init(
    capacity: Int, shared: Bool, context: Handle<ContextObject>, driver: Driver
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
    owner = nil
  }

  /// Takes memory that somebody lends for as long as the block exists.
  init(
    lent address: UnsafeRawPointer, capacity: Int, by owner: any Sendable,
    context: Handle<ContextObject>, driver: Driver
  ) {
    // Nothing is stored through it: only results are written, and those have blocks of their own.
    storage = .shared(UnsafeMutableRawPointer(mutating: address))
    self.capacity = capacity
    self.context = context
    self.driver = driver
    self.owner = owner
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
    guard case .shared(let pointer) = storage, !isLent, !Fork.happened else { return }
    Block.sharedByteCount.subtract(capacity, ordering: .relaxed)
    driver.freeShared(context.raw, pointer)
  }
}
