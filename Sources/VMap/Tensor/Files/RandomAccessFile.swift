import Device
import Glibc

/// A regular file that is open for reading in any order.
///
/// It is read by calls of the system: a file that is shortened meanwhile gives an error.
final class RandomAccessFile: Sendable {
  /// How errors call the file.
  let name: String
  let byteCount: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``VMapError`` where it cannot be read, or has no size, as a pipe.
  init(_ path: String) throws(VMapError) {
    let (descriptor, _) = try InputFile.opened(path, path)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw VMapError(
        .invalidArgument,
        "cannot read \(path): an archive is read in any order, expected a regular file")
    }
    self.descriptor = descriptor
    name = path
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills a buffer with what is at an offset and says how far; fewer bytes come only at the end.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(VMapError) -> Int {
    var filled = 0
    while filled < target.count, let start = target.baseAddress {
      let step = pread(descriptor, start + filled, target.count - filled, off_t(offset + filled))
      if step < 0, errno == EINTR { continue }
      guard step >= 0 else { throw File.failure("read", name) }
      if step == 0 { break }
      filled += step
    }
    return filled
  }

  /// Bytes of the file, which are there as far as its size was known to reach.
  func bytes(_ range: Range<Int>) throws(VMapError) -> [UInt8] {
    var source = FileRange(self, range)
    let bytes = try source.bytes(range.count)
    guard bytes.count == range.count else {
      throw VMapError(.parse, "the file was truncated while it was read")
    }
    return bytes
  }

  /// Bytes of the file in the address space; nil where the system does not map them.
  func mapped(_ range: Range<Int>) -> HostBytes? {
    try? HostBytes(file: descriptor, offset: range.lowerBound, byteCount: range.count)
  }
}

/// The bytes of a part of a file.
struct FileRange: ByteSource {
  private let file: RandomAccessFile
  private var rest: Range<Int>

  init(_ file: RandomAccessFile, _ range: Range<Int>) {
    self.file = file
    rest = range
  }

  var byteCount: Int? { rest.count }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VMapError) -> Int {
    let wanted = UnsafeMutableRawBufferPointer(rebasing: target[..<min(target.count, rest.count)])
    let count = try file.read(into: wanted, at: rest.lowerBound)
    rest = rest.lowerBound + count..<rest.upperBound
    return count
  }
}
