import Device
import Glibc

/// A file that is open for reading: a regular one, or what the process was given as its input.
///
/// Anything else may never end, or never begin, as a pipe that nobody writes to.
struct InputFile: ~Copyable, ByteSource {
  /// How errors call the file.
  let name: String
  private let descriptor: Int32
  private(set) var byteCount: Int?

  /// Opens a file.
  ///
  /// - Parameter name: What errors call the file, if not by its path.
  /// - Throws: ``VMapError`` where it cannot be read, or is none that ends.
  init(_ path: String, called name: String? = nil) throws(VMapError) {
    self.name = name ?? path
    (descriptor, byteCount) = try InputFile.opened(path, name ?? path)
  }

  deinit { close(descriptor) }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VMapError) -> Int {
    var filled = 0
    while filled < target.count, let start = target.baseAddress {
      let step = Glibc.read(descriptor, start + filled, target.count - filled)
      if step < 0, errno == EINTR || File.wait(for: POLLIN, on: descriptor) { continue }
      guard step >= 0 else { throw File.failure("read", name) }
      if step == 0 { break }
      filled += step
    }
    byteCount = byteCount.map { max(0, $0 - filled) }
    return filled
  }

  /// The next bytes of a regular file in the address space; nil where they are not there, or the system
  /// does not map them.
  func mapped(_ count: Int) -> HostBytes? {
    guard let byteCount, byteCount >= count else { return nil }
    let place = Int(lseek(descriptor, 0, SEEK_CUR))
    return place < 0 ? nil : try? HostBytes(file: descriptor, offset: place, byteCount: count)
  }

  /// A descriptor of a file, and the bytes that are left.
  static func opened(
    _ path: String, _ name: String
  ) throws(VMapError) -> (descriptor: Int32, byteCount: Int?) {
    try File.check(path, to: "read", name)
    let given = File.givenDescriptor(path)
    // Opening a pipe would wait for a writer. Descriptors that were given stay as they are.
    let descriptor =
      given.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw File.failure("read", name) }
    var status = stat()
    fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    if kind == S_IFREG {
      // What the system makes up, as in /proc, has contents and no size.
      let left = Int(status.st_size) - Int(lseek(descriptor, 0, SEEK_CUR))
      return (descriptor, status.st_size > 0 ? max(0, left) : nil)
    }
    if given != nil, kind != S_IFDIR { return (descriptor, nil) }
    close(descriptor)
    throw VMapError(
      .invalidArgument,
      "cannot read \(name): it is a \(noun(kind)), expected a regular file or /dev/stdin")
  }

  private static func noun(_ kind: mode_t) -> String {
    switch kind {
    case S_IFDIR: "directory"
    case S_IFIFO: "pipe"
    case S_IFSOCK: "socket"
    default: "device"
    }
  }
}
