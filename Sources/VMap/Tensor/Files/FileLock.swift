import Glibc

/// A lock that processes of one user on one machine share.
enum FileLock {
  /// Runs a closure while no other process holds the lock; where there can be none, at once.
  static func whileHolding<R>(
    _ name: String, _ body: () throws(VMapError) -> R
  ) throws(VMapError) -> R {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(folder)/\(name)-\(getuid()).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    defer {
      // Who waits has it open, and who comes later finds what was made meanwhile.
      if descriptor >= 0 {
        unlink(path)
        close(descriptor)
      }
    }
    if descriptor >= 0 { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }
    return try body()
  }
}
