import Glibc

/// Whether files can be written into a directory.
enum WritableDirectory {
  /// Less room is too little for a program.
  private static let leastRoom = 4 << 20

  /// What keeps files from being written into a directory, which is made where it is missing.
  static func problem(creating path: String) -> String? {
    var parent = path.utf8.first == UInt8(ascii: "/") ? "" : "."
    for part in path.split(separator: "/") {
      parent += "/\(part)"
      guard mkdir(parent, 0o700) != 0, errno != EEXIST else { continue }
      let reason = reason
      // What is there already may be in a place where nothing can be made.
      if access(parent, F_OK) != 0 { return reason }
    }
    var template = Array("\(path)/.vmap-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { return reason }
    defer {
      close(file)
      unlink(template)
    }
    var room = statvfs()
    guard fstatvfs(file, &room) == 0, room.f_blocks > 0 else { return nil }
    let bytes = UInt64(room.f_bavail) * UInt64(room.f_frsize)
    return bytes < leastRoom ? "only \(bytes) bytes are left there" : nil
  }

  private static var reason: String {
    strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
  }
}
