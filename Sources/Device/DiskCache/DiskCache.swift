import Glibc
import Synchronization

/// Binaries of programs on disk, so that a second process compiles nothing.
struct DiskCache: Sendable {
  static let suffix = ".clbin"
  private static let temporarySuffix = ".tmp"
  private static let temporaryCount = Atomic<Int>(0)

  let directory: PrivateDirectory
  /// The most bytes that the directory may hold.
  let byteLimit: Int

  /// The user's cache: `VMAP_CACHE_DIR`, or `vmap` in the directory for caches.
  ///
  /// One of them that is not safe to take code from, or cannot be made, is replaced. Nil when
  /// `VMAP_CACHE` is 0, or when there is none.
  ///
  /// - Parameter driverKeepsCode: Whether the driver keeps what it compiles: then there is a cache
  ///   only where `VMAP_CACHE_DIR` names one. PoCL compiles all kernels again to give a binary out.
  static func standard(driverKeepsCode: Bool, byteLimit: Int) -> DiskCache? {
    guard ProcessEnvironment.value("VMAP_CACHE") != "0" else { return nil }
    let named = ProcessEnvironment.value("VMAP_CACHE_DIR")
    if driverKeepsCode, named == nil { return nil }
    let path =
      named
      ?? ProcessEnvironment.value("XDG_CACHE_HOME").map { "\($0)/vmap" }
      ?? ProcessEnvironment.value("HOME").map { "\($0)/.cache/vmap" }
    guard let path else { return nil }
    if let cache = DiskCache(directory: path, byteLimit: byteLimit) { return cache }
    guard let replacement = ReplacementDirectory.make("vmap-cache") else { return nil }
    let problem =
      WritableDirectory.problem(creating: path) ?? "it is not this user's alone, or not absolute"
    ReplacementDirectory.tell(path, problem, replacement)
    return DiskCache(directory: replacement, byteLimit: byteLimit)
  }

  init?(directory path: String, byteLimit: Int) {
    guard let directory = PrivateDirectory(creating: path) else { return nil }
    self.directory = directory
    self.byteLimit = byteLimit
  }

  /// The binary stored under a key; a file that is damaged or of another key is deleted.
  func load(_ key: CacheKey) -> [UInt8]? {
    let path = self.path(key)
    guard let file = CacheFile.read(path) else { return nil }
    if let binary = CacheFile.decode(file, key: key.bytes) { return binary }
    unlink(path)
    return nil
  }

  /// Whether there is a file for a key.
  func holds(_ key: CacheKey) -> Bool { access(path(key), R_OK) == 0 }

  /// Stores a binary; failing to is no error, as the next process compiles again.
  ///
  /// - Returns: Whether the binary is on disk now.
  func store(_ binary: [UInt8], for key: CacheKey) -> Bool {
    let content = CacheFile.encode(key: key.bytes, binary: binary)
    guard content.count <= byteLimit else { return false }
    let count = DiskCache.temporaryCount.wrappingAdd(1, ordering: .relaxed).newValue
    let temporary = "\(directory.path)/\(getpid())-\(count)\(DiskCache.temporarySuffix)"
    guard CacheFile.write(content, to: path(key), through: temporary) else { return false }
    trim()
    return true
  }

  /// Deletes a binary that the driver did not accept.
  func remove(_ key: CacheKey) { unlink(path(key)) }

  private func path(_ key: CacheKey) -> String { "\(directory.path)/\(key.fileName)" }

  /// Deletes what was used longest ago while there is too much, and what crashed processes left.
  ///
  /// Only files that the cache itself named are touched.
  private func trim() {
    var files: [(path: String, byteCount: Int, lastUse: Int)] = []
    let now = time(nil)
    for name in PrivateDirectory.names(in: directory.path) {
      let path = "\(directory.path)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      if name.hasSuffix(DiskCache.suffix) {
        files.append((path, Int(status.st_size), status.st_mtim.tv_sec))
      } else if name.hasSuffix(DiskCache.temporarySuffix), now - status.st_mtim.tv_sec > 3600 {
        unlink(path)
      }
    }
    var total = files.reduce(0) { $0 + $1.byteCount }
    for file in files.sorted(by: { $0.lastUse < $1.lastUse }) {
      guard total > byteLimit else { return }
      unlink(file.path)
      total -= file.byteCount
    }
  }
}
