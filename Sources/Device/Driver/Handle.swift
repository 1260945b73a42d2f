/// The kinds of object the driver hands out, used to tell handles apart in the type system.
enum ContextObject {}
enum QueueObject {}
enum ProgramObject {}
enum KernelObject {}
enum MemoryObject {}
enum EventObject {}

/// One owned driver object, released exactly once, when its last reference goes.
///
/// All handles are the same pointer type in C; the phantom parameter keeps a queue from being
/// passed for a kernel.
final class Handle<Kind>: Sendable {
  // The pointer is an opaque token: every use of it goes through the thread-safe driver.
  nonisolated(unsafe) let raw: OpaquePointer
  private let release: @Sendable (OpaquePointer) -> Int32

  init(_ raw: OpaquePointer, release: @escaping @Sendable (OpaquePointer) -> Int32) {
    self.raw = raw
    self.release = release
  }

  deinit {
    // The child of a fork owns none of the driver's threads or locks.
    guard !Fork.happened else { return }
    _ = release(raw)
  }
}

/// A device or platform: these are not reference counted.
struct DeviceHandle: Sendable {
  nonisolated(unsafe) let raw: OpaquePointer
}
