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
    DriverCache.prepare()
    Fork.watch()
  }()

  private static func setDefault(_ name: String, _ value: String) {
    setenv(name, value, 0)
  }
}
