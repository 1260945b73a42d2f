import Glibc

/// Whole files, read and written with the system's calls.
package enum File {
  /// The most bytes that are read at once into memory: 1 GiB.
  package static let readLimit = 1 << 30

  /// The contents of a file.
  ///
  /// - Parameters:
  ///   - name: What errors call the file, if not by its path.
  ///   - limit: The most bytes that the file may have.
  /// - Throws: ``VMapError`` where it cannot be read, is neither a regular file nor the standard input,
  ///   or is larger.
  package static func read(
    _ path: String, called name: String? = nil, limit: Int = readLimit
  ) throws(VMapError) -> [UInt8] {
    var file = try InputFile(path, called: name)
    var bytes: [UInt8] = []
    let block = 1 << 20
    while bytes.count <= limit, file.byteCount ?? 0 <= limit {
      let part = try file.bytes(block)
      bytes += part
      if part.count < block { return bytes }
    }
    throw VMapError(
      .sizeOverflow, "cannot read \(file.name): it has more than the \(limit) bytes that are read")
  }

  /// Refuses a path that the system would take for another one.
  static func check(_ path: String, to action: String, _ name: String) throws(VMapError) {
    guard !path.isEmpty else {
      throw VMapError(.invalidArgument, "cannot \(action) \"\": No such file or directory")
    }
    guard !path.utf8.contains(0) else {
      throw VMapError(
        .invalidArgument,
        "cannot \(action) \(name.printable): a path has no zero bytes, this one is \"\(path.printable)\""
      )
    }
  }

  /// The descriptor of the process that a path names: `/dev/stdin`, `/dev/fd/63`.
  static func givenDescriptor(_ path: String) -> Int32? {
    if let number = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].firstIndex(of: path) {
      return Int32(number)
    }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// What the last call of the system failed with.
  static func failure(_ action: String, _ name: String) -> VMapError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return VMapError(.invalidArgument, "cannot \(action) \(name): \(reason)")
  }

  /// Waits where a descriptor was set to give up instead of waiting.
  ///
  /// - Returns: Whether the call is to be made again.
  static func wait(for events: Int32, on descriptor: Int32) -> Bool {
    guard errno == EAGAIN || errno == EWOULDBLOCK else { return false }
    var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&request, 1, -1) > 0
  }
}
