import Glibc

/// The process's environment, as far as the module reads and prepares it.
enum ProcessEnvironment {
  /// A variable's value; nil when it is not set or empty.
  static func value(_ name: String) -> String? {
    guard let text = getenv(name) else { return nil }
    let value = String(cString: text)
    return value.isEmpty ? nil : value
  }

  /// Sets what drivers read when they are loaded; runs once, before the first OpenCL call.
  static func prepare() { _ = prepared }

  private static let prepared: Void = {
    // Both of PoCL's CPU devices: one runs a kernel in the calling thread within a microsecond, the
    // other on every core. The names changed with PoCL 4; a version ignores those it does not know.
    setDefault("POCL_DEVICES", "basic pthread cpu-minimal cpu")
    // Without this a kernel is compiled again for each local size and for grids beyond 65,535
    // groups, tens of milliseconds in the middle of a launch.
    setDefault("POCL_WORK_GROUP_SPECIALIZATION", "0")
    // PoCL falls back to a directory under /tmp that anybody may have made, and loads code from it.
    let variables = ["POCL_CACHE_DIR", "XDG_CACHE_HOME", "HOME"]
    if variables.allSatisfy({ value($0) == nil }), let path = privateDirectory() {
      setDefault("POCL_CACHE_DIR", path)
    }
    Fork.watch()
  }()

  private static func setDefault(_ name: String, _ value: String) {
    setenv(name, value, 0)
  }

  /// A directory of this user's alone, the same in every process where possible.
  private static func privateDirectory() -> String? {
    let base = value("TMPDIR") ?? "/tmp"
    let path = "\(base)/vmap-pocl-\(geteuid())"
    if PrivateDirectory(creating: path) != nil { return path }
    var template = Array("\(path)-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { bytes in
      guard let start = bytes.baseAddress, let made = mkdtemp(start) else { return nil }
      return String(cString: made)
    }
  }
}
