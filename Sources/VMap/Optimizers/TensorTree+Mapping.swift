extension TensorTree {
  /// Trees made tensor by tensor of trees like this one; what are no floating-point numbers stay as they
  /// are in this one.
  ///
  /// - Parameters:
  ///   - others: Trees of the same structure, element types and shapes.
  ///   - count: How many trees are made.
  ///   - function: Gives a tensor for each, from this tree's and those of the others.
  func mappingNumbers(
    with others: [Self] = [], resultCount count: Int = 1, _ function: ([Term]) -> [Term]
  ) throws(VMapError) -> [Self] {
    let leaves = try argumentLeaves(of: self)
    var columns = leaves.map { [$0.handle] }
    for other in others {
      let handles = try changeHandles(
        try argumentLeaves(of: other), of: leaves, "optimizer", "gradient or state")
      for (number, handle) in handles.enumerated() { columns[number].append(handle) }
    }
    let rows = columns.map { column in
      column[0].element.isFloating
        ? function(column.map(Term.init)).map(\.handle)
        : [TensorHandle](repeating: column[0], count: count)
    }
    do {
      return try (0..<count).map { number in try replaced(by: rows.map { $0[number] }) }
    } catch {
      throw VMapError(caught: error)
    }
  }
}
