extension Kernel {
  /// Checks what code generation relies on: that whatever is reached lies inside of the loops it
  /// depends on, that the buffers it reads are the kernel's inputs, and that what is kept is reached.
  func verify() throws(VMapError) {
    let expressions =
      roots.flatMap { $0.parts + [$0.offset] }
      + (replacement?.roots(in: graph) ?? [])
    let variables = Set(parallel + roots.flatMap(\.serial)).union(laneVariables)
    let analysis = KernelAnalysis(graph, roots: expressions, rootVariables: Array(variables))
    let bound = variables.union(analysis.innerLoops)
    for expression in analysis.nodes {
      let free = graph.variables[expression.id].subtracting(bound)
      guard free.isEmpty else {
        throw unsound("\(graph[expression]) depends on a loop that is not open")
      }
      if case .load(let buffer, _, _) = graph[expression], !inputs.contains(buffer) {
        throw unsound("%\(buffer) is read and is no input")
      }
    }
    guard Set(scans).isSubset(of: analysis.reductions),
      Set(state).isSubset(of: analysis.arrays)
    else { throw unsound("what nothing reaches is computed") }
    guard width > 0, localSize > 0, blocks.values.allSatisfy({ $0 > 0 }) else {
      throw unsound("lanes, work-items or blocks are fewer than one")
    }
  }

  private func unsound(_ message: String) -> VMapError {
    VMapError(.internalInconsistency, "the kernel \(name) is not sound: \(message); \(explanation)")
  }
}
