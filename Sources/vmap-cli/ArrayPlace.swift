import ArgumentParser
import VMap

/// Where an array is: in a `.npy` file, or under a name in an archive, as `weights.npz:w1`.
struct ArrayPlace: Equatable, CustomStringConvertible {
  let path: String
  /// The name in an archive; nil where none is given.
  let name: String?
  let isArchive: Bool

  init(path: String, name: String?, isArchive: Bool) {
    (self.path, self.name, self.isArchive) = (path, name, isArchive)
  }

  /// Reads a place as it is written: the first `.npz:` or `.safetensors:` ends the path.
  init(_ text: String) {
    let ends = TensorArchive.Format.allCases.compactMap { text.firstRange(of: ".\($0.rawValue):") }
    if let end = ends.min(by: { $0.lowerBound < $1.lowerBound }) {
      self.init(
        path: String(text[..<end.upperBound].dropLast()), name: String(text[end.upperBound...]),
        isArchive: true)
    } else {
      self.init(
        path: text, name: nil, isArchive: TensorArchive.Format(endingOf: text) != nil)
    }
  }

  var description: String { name.map { "\(path):\($0)" } ?? path }
}

/// The archives that arrays are read from, each opened once.
struct OpenArchives {
  private var archives: [String: TensorArchive] = [:]

  /// Reads an array; large ones stay in their files.
  mutating func read(_ place: ArrayPlace, expecting element: ElementType?) throws -> AnyTensor {
    guard place.isArchive else {
      return try AnyTensor(contentsOfNPY: place.path, expecting: element, mapped: true)
    }
    let archive = try archives[place.path] ?? TensorArchive(contentsOf: place.path)
    archives[place.path] = archive
    if let name = place.name {
      return try archive.tensor(name, expecting: element, mapped: true)
    }
    guard let name = archive.names.first, archive.names.count == 1 else {
      let some = archive.names.prefix(10).map { "\(place.path):\($0.printable)" }
      throw CommandError(
        "\(place.path) has \(quantity(archive.names.count, "array")), an argument is one"
          + (some.isEmpty ? "" : ": \(some.joined(separator: ", "))")
          + (some.count < archive.names.count ? ", …" : ""))
    }
    return try archive.tensor(name, expecting: element, mapped: true)
  }
}

/// Where the results go.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")], parsing: .upToNextOption,
    help: """
      A file for each result, out.npy, or its name in one, out.npz:loss, out.safetensors:loss; or one \
      archive for all results, which are called arr_0, arr_1 and so on there. Stands behind the inputs.
      """)
  var outputs: [String] = []

  private var given: [ArrayPlace] { outputs.map(ArrayPlace.init) }

  func validate() throws {
    for (number, place) in given.enumerated() {
      if place.isArchive, place.name?.isEmpty ?? (given.count > 1) {
        throw ValidationError(
          "-o names \(place.path) without the name of a result: \(place.path):NAME")
      }
      // Devices and pipes take one result after another.
      guard !given[..<number].contains(place) || place.path.hasPrefix("/dev/") else {
        throw ValidationError("-o names \(place) twice: a file holds one result")
      }
    }
  }

  /// The place of each result; nothing where they are printed.
  func places(for count: Int, of function: AnyFunction) throws -> [ArrayPlace] {
    if let place = given.first, given.count == 1, place.isArchive, place.name == nil {
      return (0..<count).map { ArrayPlace(path: place.path, name: "arr_\($0)", isArchive: true) }
    }
    guard given.isEmpty || given.count == count else {
      // It takes all that follows.
      let hint = given.count > count ? "; it goes behind the inputs" : ""
      throw CommandError(
        "-o names \(quantity(given.count, "file")), \(function.name) has "
          + "\(quantity(count, "result"))\(hint)")
    }
    return given
  }

  /// Writes results to their places, those of one archive together.
  static func write(_ results: [AnyTensor], to places: [ArrayPlace]) throws {
    var archives: [String: [String: AnyTensor]] = [:]
    for (result, place) in zip(results, places) {
      if let name = place.name {
        archives[place.path, default: [:]][name] = result
      } else {
        try result.write(toNPY: place.path)
      }
    }
    for (path, tensors) in archives.sorted(by: { $0.key < $1.key }) {
      try TensorArchive.write(tensors, to: path)
    }
  }
}
