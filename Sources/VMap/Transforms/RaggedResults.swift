extension Program {
  /// The program with its ragged results as what their rows are of: in memory they are those.
  func withoutRaggedViews() -> Program {
    guard axes.contains(where: { $0.rows != nil }) else { return self }
    var program = self
    let producers = body.producers()
    program.body.results = body.results.map { result in
      guard let view = producers[result], view.operation is UnbindRagged else { return result }
      return view.operands[0]
    }
    return program
  }
}
