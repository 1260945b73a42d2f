import Glibc
import Testing

/// A directory that is deleted with its contents at the end.
final class TemporaryDirectory {
  private static let prefix = "/tmp/device-tests-"

  let path: String

  init() throws {
    var template = Array("\(TemporaryDirectory.prefix)XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { bytes in
      bytes.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = try #require(made)
  }

  deinit { TemporaryDirectory.remove(path) }

  /// The names in it.
  var names: [String] { TemporaryDirectory.names(path) }

  static func names(_ path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The paths of all files below a directory; links are not followed.
  static func files(below path: String) -> [String] {
    names(path).flatMap { name -> [String] in
      let full = "\(path)/\(name)"
      return isDirectory(full) ? files(below: full) : [full]
    }
  }

  /// Deletes a tree of this type's own.
  ///
  /// A link is deleted, never what it leads to.
  private static func remove(_ path: String) {
    guard path.hasPrefix(prefix) else { return }
    guard isDirectory(path) else {
      unlink(path)
      return
    }
    for name in names(path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// Whether there is a directory and not a link to one.
  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

@Suite struct TemporaryDirectoryTests {
  @Test func whatALinkLeadsToIsNotDeleted() throws {
    let kept = try TemporaryDirectory()
    let file = open("\(kept.path)/file", O_CREAT | O_WRONLY, 0o600)
    close(file)
    var gone: String?
    do {
      let directory = try TemporaryDirectory()
      gone = directory.path
      #expect(mkdir("\(directory.path)/inside", 0o700) == 0)
      #expect(symlink(kept.path, "\(directory.path)/inside/link") == 0)
      #expect(TemporaryDirectory.files(below: directory.path).count == 1)
    }
    #expect(kept.names == ["file"])
    #expect(gone.map { access($0, F_OK) } == -1)
  }
}
