import Foundation

/// A folder of a test's own.
enum PrivateDirectoryForTests {
  static func make() throws -> String {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vmap-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return url.path
  }

  /// The names of all files underneath.
  static func files(in directory: String) -> Set<String> {
    let contents = FileManager.default.enumerator(atPath: directory)?.allObjects as? [String]
    return Set(contents ?? [])
  }
}
