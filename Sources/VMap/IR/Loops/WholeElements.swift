/// What a kernel makes of all elements along a dimension at once.
final class WholeElements {
  typealias Reader = (Expression) -> Expression

  private struct Key: Hashable {
    let value: ValueID
    let index: [Expression]
  }

  /// The loops of the values that the kernel stores.
  var loops: Set<LoopVariable> = []
  /// The loop that scans go along, and which way.
  private var scan: (variable: LoopVariable, direction: ScanDirection)?
  private var readers: [Key: Reader] = [:]
  /// The value that is being written, and its axes there.
  var current: (value: ValueID, axes: [Expression]) = (0, [])

  /// Whether a scan may go along a loop of the stored values: all those of a kernel go one way.
  func claim(_ variable: LoopVariable, _ direction: ScanDirection) -> Bool {
    guard loops.contains(variable) else { return false }
    guard let scan else {
      self.scan = (variable, direction)
      return true
    }
    return scan == (variable, direction)
  }

  func once(_ index: [Expression], _ make: () -> Reader) -> Reader {
    let key = Key(value: current.value, index: current.axes + index)
    if let known = readers[key] { return known }
    let reader = make()
    readers[key] = reader
    return reader
  }

  /// Forgets what was made of some values, or everything.
  func forget(_ values: Set<ValueID>? = nil) {
    if let values {
      readers = readers.filter { !values.contains($0.key.value) }
    } else {
      readers = [:]
      scan = nil
    }
  }

  /// Whether an index runs over loops of the stored values in all dimensions but one, and over all of
  /// them.
  func isAligned(
    axes: [Expression], index: [Expression], whole dimension: Int, _ graph: ExpressionGraph
  ) -> Bool {
    var seen: Set<LoopVariable> = []
    for expression in axes + index[..<dimension] + index[(dimension + 1)...] {
      if graph.constant(expression) == 0 { continue }
      guard case .variable(let variable) = graph[expression], loops.contains(variable),
        seen.insert(variable).inserted
      else { return false }
    }
    seen.formUnion(graph.variables[index[dimension].id])
    return loops.allSatisfy { seen.contains($0) || graph.extent(of: $0) == .constant(1) }
  }
}
