/// How the tensors of a result are collected and replaced: of one tree, or of a tuple of trees.
struct OutputStructure<Output>: Sendable {
  /// The leaves, with what each level's `outAxes` says of them.
  let collect: @Sendable (Output, [Axes]) throws(VMapError) -> [TreeLeaf]
  /// A copy with other tensors.
  let replace: @Sendable (Output, [TensorHandle]) throws(VMapError) -> Output
  /// Whether a result is one tensor and nothing else, so that its handle is all of it.
  let isTensor: Bool
}

extension OutputStructure where Output: TensorTree {
  /// A result that is one tree.
  static var tree: OutputStructure {
    OutputStructure(
      collect: { output, prefixes throws(VMapError) in
        try LeafCollector.leaves(
          of: output, prefixes: prefixes, root: "the result", parameter: "outAxes",
          errorKind: .outAxesStructure)
      },
      replace: { output, handles throws(VMapError) in
        var replacer = LeafReplacer(handles)
        do {
          let result = try replacer.replace(output)
          try replacer.finish()
          return result
        } catch { throw VMapError(caught: error) }
      }, isTensor: Output.self is any SingleTensor.Type)
  }
}

/// A result that is a tuple of trees.
func tupleStructure<each Part: TensorTree>(
  _: repeat (each Part).Type
) -> OutputStructure<(repeat each Part)> {
  OutputStructure(
    collect: { output, prefixes throws(VMapError) in
      var parts = TupleCollector(prefixes)
      for _ in repeat (each Part).self { parts.count += 1 }
      do {
        repeat try parts.add(each output)
        if parts.count == 0 { try parts.checkEmpty() }
      } catch { throw VMapError(caught: error) }
      return parts.leaves
    },
    replace: { output, handles throws(VMapError) in
      var replacer = LeafReplacer(handles)
      do {
        return (repeat try replacer.replace(each output))
      } catch { throw VMapError(caught: error) }
    }, isTensor: false)
}

/// Collects the leaves of the members of a tuple result.
private struct TupleCollector {
  var count = 0
  private(set) var leaves: [TreeLeaf] = []
  private let prefixes: [Axes]
  private var position = 0

  init(_ prefixes: [Axes]) { self.prefixes = prefixes }

  func checkEmpty() throws(VMapError) {
    for prefix in prefixes { _ = try entries(of: prefix) }
  }

  mutating func add<Part: TensorTree>(_ part: Part) throws(VMapError) {
    var inner: [Axes] = []
    for prefix in prefixes { inner.append(try entries(of: prefix)[position]) }
    leaves += try LeafCollector.leaves(
      of: part, prefixes: inner, root: "result \(position)", parameter: "outAxes",
      errorKind: .outAxesStructure)
    position += 1
  }

  /// What a prefix says of each member.
  private func entries(of prefix: Axes) throws(VMapError) -> [Axes] {
    switch prefix {
    case .axis, .axes, .unmapped, .ragged, .sum: return [Axes](repeating: prefix, count: count)
    case .each(let entries) where entries.count == count: return entries
    default:
      throw VMapError(
        .outAxesStructure,
        "outAxes must be a prefix of the structure it describes: for a result of \(count) members "
          + "it is \(prefix)")
    }
  }
}
