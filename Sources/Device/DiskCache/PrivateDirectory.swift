import Glibc

/// A directory that belongs to this user and that nobody else can write to.
struct PrivateDirectory: Sendable {
  let path: String

  /// Makes the directory and its parents where they are missing.
  ///
  /// Nil when it cannot be made, is a link, belongs to somebody else, or is writable by others:
  /// what is read from it becomes code.
  init?(creating path: String) {
    guard path.utf8.first == UInt8(ascii: "/") else { return nil }
    var parent = ""
    for part in path.split(separator: "/") {
      parent += "/\(part)"
      if mkdir(parent, 0o700) != 0, errno != EEXIST { return nil }
    }
    guard PrivateDirectory.isPrivate(parent) else { return nil }
    self.path = parent
  }

  private static func isPrivate(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
      && status.st_mode & (S_IWGRP | S_IWOTH) == 0
  }

  /// The names in a directory, without those of itself and of its parent.
  static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a directory with all that is in it; links are not followed.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
