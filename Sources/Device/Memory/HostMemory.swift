import Glibc
import Synchronization

/// The memory that the machine can still give to this process.
///
/// Memory that was asked for and never written takes no room yet, and a process that then writes more
/// than there is is ended without a word. So what is large is asked for only where there is room.
package enum HostMemory {
  /// Smaller requests are not worth looking at the system.
  package static let threshold = 1 << 26

  /// How many bytes there are, without swapping and within the limits of the process's group; nil where
  /// the system does not say.
  package static func available() -> Int? {
    let limits = [systemBytes(), groupBytes()].compactMap { $0 }
    guard let least = limits.min() else { return nil }
    // What was asked for and not written yet will be. A little stays for what others need meanwhile.
    let promised = Block.sharedByteCount.load(ordering: .relaxed) - writtenBytes()
    return max(0, least - least / 16 - max(0, promised))
  }

  /// What `MemAvailable` says: free memory, and what the kernel would give up.
  private static func systemBytes() -> Int? {
    guard let line = lines(of: "/proc/meminfo").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = Int(line.split(separator: " ").dropFirst().first ?? "")
    else { return nil }
    return kibibytes << 10
  }

  /// What the limit of the control group leaves, version 2 or 1.
  private static func groupBytes() -> Int? {
    var leaves: [Int] = []
    for line in lines(of: "/proc/self/cgroup") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let root: String, limit: String, use: String
      if parts[1].isEmpty {
        (root, limit, use) = ("/sys/fs/cgroup", "memory.max", "memory.current")
      } else if parts[1].split(separator: ",").contains("memory") {
        (root, limit, use) = (
          "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
        )
      } else {
        continue
      }
      // In a container the group's own path may not be there, and the root is the group.
      for folder in [root + parts[2], root] {
        guard let most = number(in: "\(folder)/\(limit)"), let used = number(in: "\(folder)/\(use)")
        else { continue }
        // Files in memory count as used, and are given up.
        leaves.append(max(0, most - max(0, used - cachedBytes(in: "\(folder)/memory.stat"))))
        break
      }
    }
    return leaves.min()
  }

  /// The files in memory that were not used lately.
  private static func cachedBytes(in path: String) -> Int {
    for line in lines(of: path) {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == "inactive_file" || words[0] == "total_inactive_file" {
        return Int(words[1]) ?? 0
      }
    }
    return 0
  }

  /// What of the process is in memory, without the pages of files.
  private static func writtenBytes() -> Int {
    let pages = (lines(of: "/proc/self/statm").first?.split(separator: " ") ?? []).map {
      Int($0) ?? 0
    }
    return (pages.count > 2 ? pages[1] - pages[2] : 0) * Int(getpagesize())
  }

  private static func number(in path: String) -> Int? { lines(of: path).first.flatMap { Int($0) } }

  /// The lines of a small file of the system.
  private static func lines(of path: String) -> [Substring] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    var count = 0
    while count < bytes.count {
      let read = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress.map { $0 + count }, $0.count - count)
      }
      guard read > 0 else { break }
      count += read
    }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
  }
}
