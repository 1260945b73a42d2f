import Glibc
import Synchronization

extension File {
  private static let temporaryCount = Atomic<Int>(0)

  /// Writes what a closure gives; a regular file has all of it afterwards, or is as it was.
  ///
  /// - Throws: ``VMapError`` where the file, or one beside it, cannot be written; what the closure throws.
  static func write(
    to path: String, _ body: (FileOutput) throws(VMapError) -> Void
  ) throws(VMapError) {
    try check(path, to: "write", path)
    if let given = givenDescriptor(path) {
      // A file behind it goes on with what is there, and with what else the process writes to it.
      let descriptor = fcntl(given, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { throw failure("write", path) }
      return try fill(descriptor, called: path, body)
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    guard !exists || status.st_mode & S_IFMT == S_IFREG else {
      // Pipes and devices stay what they are.
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure("write", path) }
      return try fill(descriptor, called: path, body)
    }
    if exists, access(path, W_OK) != 0 { throw failure("write", path) }
    // A link stays, and what it leads to is replaced.
    let target = exists ? resolved(path) : path
    let temporary = "\(folder(of: target))\(temporaryName())"
    let mode = exists ? status.st_mode & 0o7777 : 0o666
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("write", path) }
    do throws(VMapError) {
      if exists { fchmod(descriptor, mode) }
      try fill(descriptor, called: path, body)
      guard rename(temporary, target) == 0 else { throw failure("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes a text to a descriptor of the process, such as that of the standard output.
  package static func print(
    _ text: String, to descriptor: Int32, called name: String
  ) throws(VMapError) {
    try Array(text.utf8).withUnsafeBytesTyped { bytes throws(VMapError) in
      try FileOutput(descriptor: descriptor, name: name).write(bytes)
    }
  }

  /// Writes everything and closes; a disk that is full may say so only then.
  private static func fill(
    _ descriptor: Int32, called name: String, _ body: (FileOutput) throws(VMapError) -> Void
  ) throws(VMapError) {
    do throws(VMapError) {
      try body(FileOutput(descriptor: descriptor, name: name))
      // What cannot be synchronised, as a pipe, has nothing to wait for.
      if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw failure("write", name) }
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw failure("write", name) }
  }

  /// The path without links.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The part of a path before the name, which may be nothing.
  package static func folder(of path: String) -> Substring {
    path[..<(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)]
  }

  private static func temporaryName() -> String {
    ".vmap-\(getpid())-\(temporaryCount.wrappingAdd(1, ordering: .relaxed).newValue).tmp"
  }
}

/// A file that is open for writing.
struct FileOutput {
  fileprivate let descriptor: Int32
  /// How errors call the file.
  fileprivate let name: String

  /// Writes bytes behind those before.
  func write(_ bytes: UnsafeRawBufferPointer) throws(VMapError) {
    var written = 0
    while written < bytes.count, let start = bytes.baseAddress {
      let step = Glibc.write(descriptor, start + written, bytes.count - written)
      if step < 0, errno == EINTR || File.wait(for: POLLOUT, on: descriptor) { continue }
      guard step > 0 else { throw File.failure("write", name) }
      written += step
    }
  }
}
