import Glibc
import Synchronization

/// The files that are being written, which a signal that ends the process removes.
package enum UnfinishedFiles {
  /// Few files are written at once; a signal handler can use nothing that takes locks or memory.
  private static let places = 64
  private static nonisolated(unsafe) let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    .allocate(capacity: places)
  private static let state = Mutex(false)

  static func add(_ path: String) {
    state.withLock { isReady in
      if !isReady { paths.initialize(repeating: nil, count: places) }
      isReady = true
      if let free = (0..<places).first(where: { paths[$0] == nil }) { paths[free] = strdup(path) }
    }
  }

  static func remove(_ path: String) {
    state.withLock { isReady in
      guard isReady else { return }
      for place in 0..<places {
        guard let known = paths[place], String(cString: known) == path else { continue }
        paths[place] = nil
        free(known)
      }
    }
  }

  /// Has signals that end the process remove those files first.
  package static func removeAtSignals() {
    state.withLock { isReady in
      if !isReady { paths.initialize(repeating: nil, count: places) }
      isReady = true
    }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        for place in 0..<UnfinishedFiles.places {
          if let path = UnfinishedFiles.paths[place] { unlink(path) }
        }
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}
