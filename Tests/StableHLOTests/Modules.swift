import Foundation
import StableHLO
import Testing
import VMap
import VMapTestSupport

/// Modules written for tests.
enum Modules {
  /// A module of one function.
  static func main(_ signature: String, _ body: String) -> String {
    "func.func @main\(signature) {\n\(body)\n}"
  }

  /// The folders of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Files of cases with results, which JAX computed.
  static let conformance = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Conformance")

  /// The same for derivatives.
  static let derivatives = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Derivatives")

  static let digits = root.appending(path: "Examples/Digits/Data")

  /// The tests of StableHLO itself, where somebody has put them: in the folder that an environment
  /// variable names, or beside the package.
  static let stableHLO: URL? = {
    let named = ProcessInfo.processInfo.environment["STABLEHLO_TESTDATA"]
    let folder =
      named.map { URL(filePath: $0) } ?? root.appending(path: "../shared/stablehlo-testdata")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// Files of which each kind is there, told by the beginning of a name, and of each kind so many that
  /// all types and shapes come up among those of similar operations; all files where
  /// `VMAP_TEST_ALL` is 1.
  static func sample(_ files: [URL], everyOf count: Int, kind: (String) -> Substring) -> [URL] {
    if BatchCheck.isExhaustive { return files }
    let kinds = Dictionary(grouping: files) { kind($0.lastPathComponent) }
      .sorted { $0.key < $1.key }
    return kinds.enumerated().flatMap { number, entry in
      let (files, turn) = (entry.value, number % min(count, entry.value.count))
      return stride(from: turn, to: files.count, by: count).map { files[$0] }
    }
  }

  static func files(in folder: URL, ending: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasSuffix(ending) }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}

extension AnyTensor {
  /// A tensor of elements of one Swift type.
  init<Scalar: TensorScalar>(_ shape: [Int], _ scalars: [Scalar]) throws {
    self.init(try Tensor<Scalar>(shape: shape, scalars: scalars))
  }

  func scalars<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> [Scalar] {
    try Tensor<Scalar>(self).scalars()
  }
}

/// Checks that a module is refused, with a kind, a place and words.
func expectError(
  _ kind: StableHLOError.Kind, at place: (line: Int, column: Int)? = nil, naming words: String...,
  in text: String, location: SourceLocation = #_sourceLocation
) {
  let error = #expect(throws: StableHLOError.self, sourceLocation: location) {
    try StableHLO.function(text)
  }
  guard let error else { return }
  #expect(error.kind == kind, "\(error)", sourceLocation: location)
  if let place {
    #expect(
      error.line == place.line && error.column == place.column, "\(error)",
      sourceLocation: location)
  }
  for word in words {
    #expect(
      error.description.contains(word), "\"\(word)\" in \(error)", sourceLocation: location)
  }
}
