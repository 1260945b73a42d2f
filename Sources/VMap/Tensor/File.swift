import Glibc

/// Whole files, read and written with the C library.
package enum File {
  /// The contents of a file.
  ///
  /// - Parameter name: What errors call the file, if not by its path.
  package static func read(
    _ path: String, called name: String? = nil
  ) throws(VMapError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw failure("read", name ?? path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&block, 1, block.count, file)
      bytes += block[..<count]
      if count < block.count { break }
    }
    guard ferror(file) == 0 else { throw failure("read", name ?? path) }
    return bytes
  }

  /// Writes parts one after another.
  static func write(_ parts: [UnsafeRawBufferPointer], to path: String) throws(VMapError) {
    guard let file = fopen(path, "wb") else { throw failure("write", path) }
    var isComplete = true
    for part in parts where !part.isEmpty {
      isComplete = isComplete && fwrite(part.baseAddress, 1, part.count, file) == part.count
    }
    // Closing writes what is buffered, and may fail where writing did not.
    guard fclose(file) == 0, isComplete else { throw failure("write", path) }
  }

  private static func failure(_ action: String, _ name: String) -> VMapError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return VMapError(.invalidArgument, "cannot \(action) \(name): \(reason)")
  }
}
