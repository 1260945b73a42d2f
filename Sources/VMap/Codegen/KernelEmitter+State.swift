extension KernelEmitter {
  /// An element of a private array, which is written first if it is not there yet.
  func local(_ id: Int, _ index: Expression, _ phase: LocalPhase) -> String {
    let array = graph.arrays[id]
    if arrayName(id) == nil {
      if let iteration = array.iteration {
        let depth = scopeDepth(for: graph.iterations[iteration].free)
        inScope(depth) { iterate(iteration) }
      } else if let network = array.network {
        let depth = scopeDepth(for: graph.networks[network].free)
        inScope(depth) { sort(network) }
      } else if let value = array.value {
        let depth = scopeDepth(for: graph.variables[value.id].subtracting(array.variables))
        inScope(depth) { declare(array: id, filledWith: value) }
      }
    }
    guard let name = arrayName(id) else { return "0" }
    if array.extents.isEmpty { return name }
    guard width > 1, varies(index) else { return "\(name)[\(indexText(index))]" }
    let type = VectorType(element: array.element, width: width)
    let positions = indexVector(index)
    let scalar = VectorType.scalarName(array.element)
    // Each lane reads its own element of its own position.
    let lanes = (0..<width).map { lane in
      let position = "\(positions).\(VectorType.component(lane))"
      return arrayVaries(id)
        ? "((private const \(scalar)*)\(name))[\(position) * \(width) + \(lane)]"
        : (array.element == .bool ? "-\(name)[\(position)]" : "\(name)[\(position)]")
    }
    return "(\(type.name))(\(lanes.joined(separator: ", ")))"
  }

  func arrayName(_ id: Int) -> String? {
    for scope in scopes.reversed() {
      if let name = scope.arrays[id] { return name }
    }
    return nil
  }

  func arrayType(_ id: Int) -> VectorType {
    VectorType(element: graph.arrays[id].element, width: arrayVaries(id) ? width : 1)
  }

  /// Declares a private array in the current block and fills it.
  func declare(array id: Int, filledWith value: Expression) {
    let type = arrayType(id)
    let array = graph.arrays[id]
    let name = freshName("a")
    if array.extents.isEmpty {
      line("\(type.name) \(name) = \(operand(value, varying: type.isVector));")
    } else {
      line("\(type.name) \(name)[\(max(1, array.count))];")
      fill(name, id, value)
    }
    innermost.arrays[id] = name
  }

  private func fill(_ name: String, _ id: Int, _ value: Expression) {
    let array = graph.arrays[id]
    let isVector = arrayType(id).isVector
    let offset = graph.rowMajor(
      array.variables.map(graph.index), array.extents.map(Extent.constant))
    func visit(_ variables: ArraySlice<LoopVariable>) {
      guard let variable = variables.first else {
        let text = operand(value, varying: isVector)
        return line("\(name)[\(indexText(offset))] = \(text);")
      }
      loop(over: variable) { visit(variables.dropFirst()) }
    }
    visit(array.variables[...])
  }

  /// Writes a loop on private state.
  ///
  /// Lanes that are done keep their state; the loop ends when all are.
  private func iterate(_ id: Int) {
    let loop = graph.iterations[id]
    guard let condition = loop.condition else { return }
    for array in loop.arrays {
      if let value = graph.arrays[array].value { declare(array: array, filledWith: value) }
    }
    let isVarying = varies(condition)
    var mask: String?
    if isVarying {
      let name = freshName("m")
      line("int\(width) \(name) = \(innermost.mask ?? "(int\(width))(-1)");")
      mask = name
    }
    block("for (;;)", binding: [loop.variable], mask: mask) {
      if let mask {
        let text = value(condition)
        line("\(mask) = \(mask) & \(text);")
        line("if (!any(\(mask))) break;")
      } else {
        let text = value(condition)
        line("if (!\(text)) break;")
      }
      if arguments.countsIterations {
        line(isGroup && lane == nil ? "if (lane == 0) atomic_inc(trips);" : "atomic_inc(trips);")
      }
      var assignments: [String] = []
      for (array, update) in zip(loop.arrays, loop.updates) {
        if let update { assignments += next(array, update, mask) }
      }
      assignments.forEach(line)
    }
  }

  /// Computes the next state of a slot; the lines that take it over come after all slots are computed.
  private func next(_ id: Int, _ update: Expression, _ mask: String?) -> [String] {
    let type = arrayType(id)
    guard let name = arrayName(id) else { return [] }
    let array = graph.arrays[id]
    let temporary = freshName("t")
    func taken(_ new: String, _ old: String) -> String {
      guard let mask, type.isVector else { return new }
      return type.select(mask, new, old)
    }
    if array.extents.isEmpty {
      let text = operand(update, varying: type.isVector)
      line("const \(type.name) \(temporary) = \(text);")
      return ["\(name) = \(taken(temporary, name));"]
    }
    line("\(type.name) \(temporary)[\(max(1, array.count))];")
    fill(temporary, id, update)
    let i = freshName("i")
    return [
      "for (int \(i) = 0; \(i) < \(array.count); ++\(i)) "
        + "\(name)[\(i)] = \(taken("\(temporary)[\(i)]", "\(name)[\(i)]"));"
    ]
  }
}
