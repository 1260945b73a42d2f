import Glibc

/// The contents of a file, mapped into memory where the system can do it.
struct MappedFile: ~Copyable {
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Opens a file for reading.
  ///
  /// - Throws: ``VMapError`` where it cannot be read.
  init(_ path: String) throws(VMapError) {
    if let bytes = MappedFile.map(path) {
      self.bytes = bytes
      isMapped = true
      return
    }
    // Pipes and what the system makes up cannot be mapped, and errors are told by reading.
    let contents = try File.read(path)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 16)
    copy.copyBytes(from: contents)
    bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }

  private static func map(_ path: String) -> UnsafeRawBufferPointer? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      return nil
    }
    let address = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0)
    guard let address, address != MAP_FAILED else { return nil }
    return UnsafeRawBufferPointer(start: address, count: Int(status.st_size))
  }
}
