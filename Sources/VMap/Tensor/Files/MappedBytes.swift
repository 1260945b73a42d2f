import Glibc

/// Bytes of a file in the address space of the process, which the system reads when they are used and
/// gives up where memory is short.
///
/// Whoever shortens the file meanwhile makes reading its end a `SIGBUS`, which ends the process.
final class MappedBytes: Sendable {
  /// The bytes, for as long as this exists.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  nonisolated(unsafe) private let start: UnsafeMutableRawPointer
  private let length: Int

  /// Fewer bytes are copied sooner than mapped.
  static let threshold = 1 << 20

  /// Maps a part of a file; nil where the system does not.
  init?(_ descriptor: Int32, _ range: Range<Int>) {
    let lead = range.lowerBound % Int(getpagesize())
    length = lead + range.count
    guard
      let start = mmap(
        nil, length, PROT_READ, MAP_PRIVATE, descriptor, off_t(range.lowerBound - lead)),
      start != MAP_FAILED
    else { return nil }
    self.start = start
    bytes = UnsafeRawBufferPointer(start: start + lead, count: range.count)
  }

  deinit { munmap(start, length) }
}
