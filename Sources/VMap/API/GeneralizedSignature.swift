/// What a function of core dimensions takes and gives, as NumPy writes it: `(m,n),(n)->(m)`.
struct GeneralizedSignature: Sendable {
  /// The names of the core dimensions of each argument; a number is the size itself.
  let inputs: [[String]]
  /// Those of each result.
  let outputs: [[String]]
  let text: String

  init(_ text: String) throws(VMapError) {
    self.text = text
    let characters = text.filter { !$0.isWhitespace }
    let sides = characters.split(separator: "->", omittingEmptySubsequences: false)
    guard sides.count == 2 else {
      throw Self.failure(
        text, "it should have one \"->\", with arguments before and results after it")
    }
    inputs = try Self.lists(sides[0], text)
    outputs = try Self.lists(sides[1], text)
  }

  private static func failure(_ text: String, _ problem: String) -> VMapError {
    VMapError(
      .invalidArgument,
      "vectorize: the signature \"\(text)\" cannot be read: \(problem), as in \"(m,n),(n)->(m)\"")
  }

  /// Lists of names in parentheses.
  private static func lists(
    _ side: Substring, _ text: String
  ) throws(VMapError) -> [[String]] {
    var lists: [[String]] = []
    var rest = side
    while true {
      guard rest.first == "(", let end = rest.firstIndex(of: ")") else {
        throw failure(text, "\"\(rest)\" should begin with a list of dimensions in parentheses")
      }
      let inside = rest[rest.index(after: rest.startIndex)..<end]
      let names =
        inside.isEmpty ? [] : inside.split(separator: ",", omittingEmptySubsequences: false)
      for name in names
      where name.isEmpty || !name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) {
        throw failure(text, "\"\(name)\" is not the name of a dimension")
      }
      lists.append(names.map(String.init))
      rest = rest[rest.index(after: end)...]
      if rest.isEmpty { return lists }
      guard rest.first == "," else {
        throw failure(text, "there should be a comma before \"\(rest)\"")
      }
      rest.removeFirst()
    }
  }
}

/// The sizes of core dimensions in one call.
struct CoreSizes {
  let signature: GeneralizedSignature
  /// The size of each name, and where it was seen first.
  private var sizes: [String: (size: Int, place: String)] = [:]

  init(_ signature: GeneralizedSignature) { self.signature = signature }

  /// Notes the core dimensions of a tensor, the last ones of its shape.
  mutating func note(
    _ shape: [Int], _ names: [String], of place: String
  ) throws(VMapError) {
    guard shape.count >= names.count else {
      throw VMapError(
        .shapeMismatch,
        "vectorize: \(place) should have the dimensions (\(names.joined(separator: ","))) of "
          + "\"\(signature.text)\", it has shape \(shape.shapeText)")
    }
    for (name, size) in zip(names, shape.suffix(names.count)) {
      if let number = Int(name) {
        guard size == number else {
          throw VMapError(
            .shapeMismatch,
            "vectorize: a dimension of \(place) should be \(number) as \"\(signature.text)\" says, "
              + "its shape is \(shape.shapeText)")
        }
      } else if let known = sizes[name] {
        guard known.size == size else {
          throw VMapError(
            .shapeMismatch,
            "vectorize: the dimension \(name) of \"\(signature.text)\" is \(known.size) in "
              + "\(known.place), and \(size) in \(place) of shape \(shape.shapeText)")
        }
      } else {
        sizes[name] = (size, place)
      }
    }
  }
}

/// How the loop dimensions of one call lie in its arguments: those before the core dimensions, which are
/// brought to one shape as NumPy broadcasts.
struct LoopDimensions: Hashable {
  /// For each loop dimension, outermost first, the dimension of each argument that goes along it; nil for
  /// an argument that is the same all along.
  private(set) var axes: [[Int?]] = []

  init(_ shapes: [[Int]], _ signature: GeneralizedSignature) throws(VMapError) {
    guard shapes.count == signature.inputs.count else {
      throw VMapError(
        .arityMismatch,
        "vectorize: \"\(signature.text)\" has \(quantity(signature.inputs.count, "argument")), "
          + "the call has \(shapes.count)")
    }
    var core = CoreSizes(signature)
    var loops: [[Int]] = []
    for (number, (shape, names)) in zip(shapes, signature.inputs).enumerated() {
      try core.note(shape, names, of: "argument \(number)")
      loops.append(shape.dropLast(names.count))
    }
    let shape = try [Int].broadcasting(loops, for: "vectorize")
    // Dimensions of size 1 that are repeated stay where they are, for the function to drop.
    var left = loops.map { _ in 0 }
    for (position, size) in shape.enumerated() {
      var places: [Int?] = []
      for (number, loop) in loops.enumerated() {
        let own = position - (shape.count - loop.count)
        if own < 0 {
          places.append(nil)
        } else if loop[own] == size {
          places.append(left[number])
        } else {
          places.append(nil)
          left[number] += 1
        }
      }
      axes.append(places)
    }
  }
}
