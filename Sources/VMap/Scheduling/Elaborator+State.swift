/// What loops make of their state.
extension Elaborator {
  /// What a region makes of each of its parameters: windows of it replaced, where all that is made of
  /// it is its own value with windows replaced one by one.
  func updates(
    of region: Region, _ readers: [ElementReader], _ axes: [Int: Expression], isBranch: Bool
  ) -> [StateUpdate] {
    if isBranch, let variable = graph.openIterations.last {
      branches[variable] = region.ownValues
    }
    let results = bind(region, readers, axes)
    return results.indices.map { slot in
      windows(in: region.results[slot], of: region.parameters[slot], axes)
        ?? .elements(results[slot])
    }
  }

  /// The windows that turn one value, or what a loop has made of it, into another: first to last.
  private func windows(
    in value: ValueID, of origin: ValueID, _ axes: [Int: Expression]
  ) -> StateUpdate? {
    if value == origin { return .windows([], of: nil) }
    guard !stored.contains(value), let instruction = producers[value] else { return nil }
    if instruction.operation.isLoop {
      guard let slot = instruction.results.firstIndex(of: value),
        case .windows(let earlier, _)? = windows(in: instruction.operands[slot], of: origin, axes),
        earlier.isEmpty
      else { return nil }
      return .windows([], of: { self.element(of: value, at: $0, axes: axes) })
    }
    guard instruction.updatesWindow(program) != nil,
      case .windows(let earlier, let source)? = windows(
        in: instruction.operands[0], of: origin, axes)
    else { return nil }
    let builder = builder(for: instruction, axes, replacing: .state)
    let index = program.types[value].shape.map { graph.index(graph.makeVariable($0)) }
    _ = instruction.operation.elements(operands(of: instruction, axes), at: index, builder)
    return builder.window.map { .windows(earlier + [$0], of: source) }
  }

  /// The innermost branch that is being written, if a value is made outside of it.
  func innermostBranch(without value: ValueID) -> LoopVariable? {
    guard !branches.isEmpty, let branch = graph.openIterations.last(where: { branches[$0] != nil }),
      branches[branch]?.contains(value) == false
    else { return nil }
    return branch
  }

  /// What is read of a value by a branch outside of which it is made.
  func outside(of branch: LoopVariable, _ value: ValueID, _ read: () -> Expression) -> Expression {
    let open = branches
    branches = branches.filter { $0.value.contains(value) }
    let element = read()
    branches = open
    let type = program.types[value].element
    return graph.element(
      type,
      from: graph.parts(of: element).map { part in
        if graph[part].isConstant { return part }
        return graph.make(.within(part, branch: branch))
      })
  }
}
