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
}
