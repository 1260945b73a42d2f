import Glibc
import Synchronization

/// A directory of this user's alone, in place of one that cannot be used.
enum ReplacementDirectory {
  static var standardBases: [String] {
    [ProcessEnvironment.value("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm"].compactMap { $0 }
  }

  private static let hasTold = Atomic<Bool>(false)

  /// Makes a directory, the same in every process where possible.
  ///
  /// - Returns: Its path; nil where there is no place for one.
  static func make(_ name: String, in bases: [String] = standardBases) -> String? {
    let user = "\(name)-\(geteuid())"
    for path in bases.map({ "\($0)/\(user)" }) {
      if PrivateDirectory(creating: path) != nil, WritableDirectory.problem(creating: path) == nil {
        return path
      }
    }
    // Somebody else may have taken the name.
    return bases.lazy.compactMap { ownDirectory(in: $0, user) }.first
  }

  /// Says once in a process where what is compiled is kept.
  static func tell(_ path: String, _ problem: String, _ replacement: String) {
    guard !hasTold.exchange(true, ordering: .relaxed) else { return }
    let line =
      "vmap: \(path) cannot be used (\(problem)); what is compiled is kept in \(replacement)\n"
    _ = Array(line.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }

  /// A directory of this process alone, which goes with it.
  private static func ownDirectory(in base: String, _ user: String) -> String? {
    removeStale(in: base, user)
    var template = Array("\(base)/\(user)-\(getpid())-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard WritableDirectory.problem(creating: path) == nil else {
      rmdir(path)
      return nil
    }
    let process = getpid()
    own.withLock { $0.append((path, process)) }
    _ = removal
    return path
  }

  private static let own = Mutex<[(path: String, process: pid_t)]>([])

  private static let removal: Void = {
    atexit {
      for (path, process) in ReplacementDirectory.own.withLock({ $0 }) where process == getpid() {
        PrivateDirectory.remove(path)
      }
    }
  }()

  /// Removes what processes left that were killed.
  private static func removeStale(in base: String, _ user: String) {
    for name in PrivateDirectory.names(in: base) where name.hasPrefix("\(user)-") {
      let parts = name.dropFirst(user.count + 1).split(separator: "-")
      var status = stat()
      // A process of another container, which may use the same place, has no number here.
      guard parts.count == 2, let process = pid_t(parts[0]), kill(process, 0) != 0, errno == ESRCH,
        lstat("\(base)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid(), time(nil) - status.st_mtim.tv_sec > 24 * 3600
      else { continue }
      PrivateDirectory.remove("\(base)/\(name)")
    }
  }
}
