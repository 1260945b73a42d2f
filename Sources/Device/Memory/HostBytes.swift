import Glibc

/// Memory of the host that no driver gave: fresh pages, those of a file, or what somebody lends.
///
/// Whoever shortens a file meanwhile makes reading its end a `SIGBUS`, which ends the process.
package final class HostBytes: Sendable {
  package let byteCount: Int
  // Handed out to one buffer; the driver orders the accesses of kernels.
  nonisolated(unsafe) package let address: UnsafeMutableRawPointer
  /// What was mapped: whole pages, in which the bytes begin.
  nonisolated(unsafe) private let base: UnsafeMutableRawPointer?
  private let mappedByteCount: Int
  let isFile: Bool
  let isWritable: Bool
  /// Who lends the memory.
  private let owner: (any Sendable)?

  /// Fresh memory, all zeros.
  ///
  /// - Throws: `allocationFailed` where there is none.
  package convenience init(byteCount: Int) throws(DeviceError) {
    try self.init(
      byteCount: byteCount, protection: PROT_READ | PROT_WRITE,
      flags: MAP_PRIVATE | MAP_ANONYMOUS, file: -1, offset: 0)
  }

  /// Bytes of a file that is open, from anywhere in it.
  ///
  /// - Parameters:
  ///   - file: A descriptor of a regular file, which may be closed afterwards.
  ///   - isWritten: Whether what is written goes to the file; else the file stays as it is.
  /// - Throws: `allocationFailed` where the file cannot be mapped.
  package convenience init(
    file: Int32, offset: Int, byteCount: Int, isWritten: Bool = false
  ) throws(DeviceError) {
    try self.init(
      byteCount: byteCount, protection: isWritten ? PROT_READ | PROT_WRITE : PROT_READ,
      flags: isWritten ? MAP_SHARED : MAP_PRIVATE, file: file, offset: offset)
  }

  private init(
    byteCount: Int, protection: Int32, flags: Int32, file: Int32, offset: Int
  ) throws(DeviceError) {
    let page = Int(getpagesize())
    let lead = offset % page
    mappedByteCount = max(1, lead + byteCount)
    let mapped = mmap(nil, mappedByteCount, protection, flags, file, off_t(offset - lead))
    guard let mapped, mapped != MAP_FAILED else {
      let reason = String(cString: strerror(errno))
      throw DeviceError(.allocationFailed, "\(byteCount) bytes cannot be mapped: \(reason)")
    }
    base = mapped
    address = mapped + lead
    self.byteCount = byteCount
    isFile = file >= 0
    isWritable = protection & PROT_WRITE != 0
    owner = nil
  }

  /// Memory that somebody lends for as long as this exists, and nobody else changes; nil where there is none.
  package init?(
    lent bytes: UnsafeRawBufferPointer, by owner: any Sendable, isWritable: Bool = false
  ) {
    guard let start = bytes.baseAddress else { return nil }
    // Nothing is stored through it that may not be.
    address = UnsafeMutableRawPointer(mutating: start)
    byteCount = bytes.count
    base = nil
    mappedByteCount = 0
    isFile = false
    self.isWritable = isWritable
    self.owner = owner
  }

  /// The bytes.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: address, count: byteCount)
  }

  /// Gives up the pages of a part of a file, which are read again when they are needed.
  package func letGo(of range: Range<Int>) {
    guard isFile, !range.isEmpty, let base else { return }
    let page = Int(getpagesize())
    let lead = address - base
    let first = (lead + range.lowerBound).roundedUp(to: page)
    let end = (lead + range.upperBound) / page * page
    guard first < end else { return }
    _ = msync(base + first, end - first, MS_ASYNC)
    _ = madvise(base + first, end - first, MADV_DONTNEED)
  }

  deinit { if let base { munmap(base, mappedByteCount) } }
}

extension Int {
  fileprivate func roundedUp(to size: Int) -> Int { (self + size - 1) / size * size }
}
