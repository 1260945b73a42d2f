import Foundation
import Testing

@testable import VMap

/// A folder for archives, which goes with it.
final class ArchiveFolder: Sendable {
  let url: URL

  init() throws { url = URL(filePath: try PrivateDirectoryForTests.make()) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and gives its path.
  func write(_ bytes: [UInt8], _ name: String = "archive") throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url.appending(path: name)))
  }

  /// Opens an archive with these bytes, and reads everything in it.
  @discardableResult func read(_ bytes: [UInt8]) throws -> [String: AnyTensor] {
    try TensorArchive(contentsOf: write(bytes)).tensors()
  }

  /// The bytes of an archive that is written.
  func archive(_ tensors: [String: AnyTensor], _ format: TensorArchive.Format) throws -> [UInt8] {
    try TensorArchive.write(tensors, to: path("written"), as: format)
    return try bytes("written")
  }
}

extension AnyTensor {
  func elementBytes() throws -> [UInt8] { try withBytes { Array($0) } }

  /// A tensor of a type whose bytes count up.
  static func counting(_ element: ElementType, _ shape: [Int]) throws -> AnyTensor {
    let count = shape.reduce(element.byteCount, *)
    let bytes = (0..<count).map { UInt8(element == .bool ? $0 % 2 : $0 % 120) }
    return try bytes.withUnsafeBytes {
      try AnyTensor(TensorType(element: element, shape: shape), bytes: $0)
    }
  }
}
