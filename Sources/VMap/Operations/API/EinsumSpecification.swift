/// A contraction as `einsum` is told it, `ij,jk->ik`, checked against operands.
struct EinsumSpecification {
  /// A dimension's label: a letter, or a dimension that an ellipsis stands for, counted from the last.
  enum Label: Hashable {
    case letter(Character)
    case ellipsis(Int)
  }

  /// The labels of each operand's dimensions.
  private(set) var operands: [[Label]] = []
  private(set) var result: [Label] = []
  /// The size of each label; where one operand has another, it has 1.
  private(set) var sizes: [Label: Int] = [:]

  let text: String

  init(_ text: String, _ shapes: [[Int]]) throws(VMapError) {
    self.text = text
    let parts = text.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
    guard let inputs = parts.first, parts.count <= 2 else {
      throw VMapError(.invalidArgument, "einsum \"\(text)\": there is more than one arrow")
    }
    let terms = inputs.split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count else {
      throw VMapError(
        .invalidArgument,
        "einsum \"\(text)\": describes \(quantity(terms.count, "operand")), got \(shapes.count)")
    }
    var ellipsisRank = 0
    for (number, term) in terms.enumerated() {
      let shape = shapes[number]
      let letters = term.filter { $0 != "." }.count
      let labels = try labels(of: term, ellipsisRank: Swift.max(0, shape.count - letters))
      guard labels.count == shape.count else {
        throw failure(
          "operand \(number) of shape \(shape.shapeText) does not have the dimensions of \"\(term)\""
        )
      }
      ellipsisRank = Swift.max(
        ellipsisRank, labels.filter { if case .ellipsis = $0 { true } else { false } }.count)
      operands.append(labels)
    }
    try measure(shapes)
    if parts.count == 2 {
      result = try labels(of: parts[1], ellipsisRank: ellipsisRank)
      try checkResult(parts[1])
    } else {
      result = implicitResult(ellipsisRank)
    }
  }

  private func failure(_ problem: String) -> VMapError {
    VMapError(.invalidArgument, "einsum \"\(text)\": \(problem)")
  }

  private func labels(
    of term: Substring, ellipsisRank: Int
  ) throws(VMapError) -> [Label] {
    var labels: [Label] = []
    var rest = term
    var hasEllipsis = false
    while let next = rest.first {
      if rest.hasPrefix("..."), !hasEllipsis {
        labels += (0..<ellipsisRank).reversed().map(Label.ellipsis)
        rest = rest.dropFirst(3)
        hasEllipsis = true
      } else if next.isASCII, next.isLetter {
        labels.append(.letter(next))
        rest = rest.dropFirst()
      } else {
        throw failure("\"\(next)\" is not a letter, a comma, an arrow or one ellipsis")
      }
    }
    return labels
  }

  /// Finds the size of each label.
  private mutating func measure(_ shapes: [[Int]]) throws(VMapError) {
    for (labels, shape) in zip(operands, shapes) {
      for (label, size) in zip(labels, shape) {
        let known = sizes[label] ?? 1
        guard known == size || known == 1 || size == 1 else {
          throw VMapError(
            .shapeMismatch,
            "einsum \"\(text)\": \(name(label)) has sizes \(known) and \(size) in shapes "
              + shapes.map(\.shapeText).joined(separator: ", "))
        }
        if known == 1 { sizes[label] = size }
      }
    }
  }

  private func checkResult(_ term: Substring) throws(VMapError) {
    for (position, label) in result.enumerated() {
      guard sizes[label] != nil else {
        throw failure("\(name(label)) of the result is in no operand")
      }
      guard !result[..<position].contains(label) else {
        throw failure("\(name(label)) is twice in the result")
      }
    }
  }

  /// NumPy's result where none is given: what an ellipsis stands for, then the letters that occur
  /// once, in alphabetical order.
  private func implicitResult(_ ellipsisRank: Int) -> [Label] {
    var counts: [Character: Int] = [:]
    for case .letter(let letter) in operands.joined() { counts[letter, default: 0] += 1 }
    let once = counts.filter { $0.value == 1 }.keys.sorted()
    return (0..<ellipsisRank).reversed().map(Label.ellipsis) + once.map(Label.letter)
  }

  private func name(_ label: Label) -> String {
    switch label {
    case .letter(let letter): "label \"\(letter)\""
    case .ellipsis: "a dimension of the ellipsis"
    }
  }
}
