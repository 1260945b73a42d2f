/// Where the elements of a tensor go on lines of text, as NumPy arranges them.
struct PrintedLayout {
  static let lineWidth = 75
  /// Tensors with more elements are shortened.
  static let threshold = 1000
  /// How many elements of each end of a dimension a shortened tensor shows.
  static let edge = 3

  let shape: [Int]
  private let isShortened: Bool

  init(shape: [Int]) {
    self.shape = shape
    isShortened = shape.reduce(1, *) > PrintedLayout.threshold
  }

  /// Which indices of a dimension are shown.
  private func shown(_ dimension: Int) -> [Int] {
    let size = shape[dimension]
    guard isOpen(dimension) else { return Array(0..<size) }
    return Array(0..<PrintedLayout.edge) + Array((size - PrintedLayout.edge)..<size)
  }

  /// Whether the middle of a dimension is left out.
  private func isOpen(_ dimension: Int) -> Bool {
    isShortened && shape[dimension] > 2 * PrintedLayout.edge
  }

  /// The row-major offsets of the elements that are shown.
  var shownOffsets: [Int] {
    if shape.contains(0) { return [] }
    var offsets = [0]
    for dimension in shape.indices {
      let indices = shown(dimension)
      offsets = offsets.flatMap { offset in indices.map { offset * shape[dimension] + $0 } }
    }
    return offsets
  }

  /// The text of the tensor, from the words of the elements that are shown.
  func text(_ words: [String]) -> String {
    if shape.contains(0) { return "[]" }
    var rest = words[...]
    return text(0, &rest, indent: " ", width: PrintedLayout.lineWidth)
  }

  private func text(
    _ dimension: Int, _ words: inout ArraySlice<String>, indent: String, width: Int
  ) -> String {
    if dimension == shape.count { return words.removeFirst() }
    if dimension == shape.count - 1 { return row(dimension, &words, indent, width) }
    let separator = String(repeating: "\n", count: shape.count - dimension - 1)
    var lines: [String] = []
    for (position, _) in shown(dimension).enumerated() {
      if isOpen(dimension), position == PrintedLayout.edge { lines.append("...") }
      lines.append(text(dimension + 1, &words, indent: indent + " ", width: width - 1))
    }
    return "[" + lines.joined(separator: separator + indent) + "]"
  }

  /// The last dimension, broken into lines.
  private func row(
    _ dimension: Int, _ words: inout ArraySlice<String>, _ indent: String, _ width: Int
  ) -> String {
    var items: [String] = []
    for position in shown(dimension).indices {
      if isOpen(dimension), position == PrintedLayout.edge { items.append("...") }
      items.append(words.removeFirst())
    }
    var text = ""
    var line = indent
    for (position, item) in items.enumerated() {
      // The bracket that closes the row needs a place on its last line.
      if line.count + item.count > width - 1, line.count > indent.count {
        while line.last == " " { line.removeLast() }
        text += line + "\n"
        line = indent
      }
      line += item + (position < items.count - 1 ? " " : "")
    }
    return "[" + (text + line).dropFirst(indent.count) + "]"
  }
}
