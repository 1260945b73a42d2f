import Glibc

/// The directory in which PoCL keeps what it compiles.
///
/// Without one that it can write to it has no devices, or refuses programs, or ends the process.
enum DriverCache {
  /// Makes sure that there is such a directory; called before the first OpenCL call.
  static func prepare() {
    // PoCL ends the process over an empty name.
    if ProcessEnvironment.value("POCL_CACHE_DIR") == nil { unsetenv("POCL_CACHE_DIR") }
    guard let path else {
      // PoCL would take one under /tmp that anybody may have made, and load code from it.
      if let path = ReplacementDirectory.make("vmap-pocl") { setenv("POCL_CACHE_DIR", path, 1) }
      return
    }
    guard let problem = WritableDirectory.problem(creating: path) else { return }
    guard let replacement = ReplacementDirectory.make("vmap-pocl") else { return }
    setenv("POCL_CACHE_DIR", replacement, 1)
    ReplacementDirectory.tell(path, problem, replacement)
  }

  /// The directory, as PoCL looks for it.
  private static var path: String? {
    ProcessEnvironment.value("POCL_CACHE_DIR")
      ?? ProcessEnvironment.value("XDG_CACHE_HOME").map { "\($0)/pocl/kcache" }
      ?? ProcessEnvironment.value("HOME").map { "\($0)/.cache/pocl/kcache" }
  }

  /// Why PoCL cannot keep what it compiles, if it cannot.
  static var problem: String? {
    guard let path else { return "it has no directory for what it compiles" }
    return WritableDirectory.problem(creating: path).map {
      "it cannot keep what it compiles in \(path): \($0)"
    }
  }

  /// Removes the empty files by which PoCL finds out whether it can write, as far as they are newer.
  static func removeProbes(since start: time_t) {
    guard let path else { return }
    for name in PrivateDirectory.names(in: path) where name.hasPrefix("tempfile_") {
      let file = "\(path)/\(name)"
      var status = stat()
      // What PoCL compiles into has a suffix.
      guard !name.utf8.contains(UInt8(ascii: ".")), lstat(file, &status) == 0,
        status.st_mode & S_IFMT == S_IFREG, status.st_size == 0, status.st_uid == geteuid(),
        status.st_mtim.tv_sec >= start
      else { continue }
      unlink(file)
    }
  }
}
