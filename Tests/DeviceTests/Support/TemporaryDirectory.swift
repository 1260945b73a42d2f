import Glibc
import Testing

@testable import Device

/// A directory that is deleted with its contents at the end.
final class TemporaryDirectory {
  let path: String

  init() throws {
    var template = Array("/tmp/device-tests-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { bytes in
      bytes.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = try #require(made)
  }

  deinit { PrivateDirectory.remove(path) }

  /// The names in it.
  var names: [String] { TemporaryDirectory.names(path) }

  static func names(_ path: String) -> [String] { PrivateDirectory.names(in: path).sorted() }

  /// The paths of all files below a directory; links are not followed.
  static func files(below path: String) -> [String] {
    names(path).flatMap { name -> [String] in
      let full = "\(path)/\(name)"
      return isDirectory(full) ? files(below: full) : [full]
    }
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
