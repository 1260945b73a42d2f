extension KernelEmitter {
  /// The name of a loop's index in the copy being written: that of the first lane.
  func variableName(_ variable: LoopVariable) -> String {
    let number = copies[variable] == nil ? 0 : copy[variable] ?? 0
    guard isNamed(variable),
      let name = variableNames[EmissionScope.Copy(variable: variable, number: number)]
    else { return inconsistent("loop \(variable.id) is not open") }
    return name
  }

  /// An index as a scalar; of what varies, that of the first lane.
  func indexText(_ expression: Expression) -> String {
    arguments.indices.insert(expression)
    switch graph[expression] {
    case .sum(let terms): return sumText(terms, indexText)
    case .variable(let variable): return variableName(variable)
    case .extent(let extent): return arguments.name(of: extent)
    case .quotient(let a, let b): return "(\(dividend(a)) / \(indexText(b)))"
    case .remainder(let a, let b): return "(\(dividend(a)) % \(indexText(b)))"
    case .minimum(let a, let b): return "min(\(typed(indexText(a))), \(typed(indexText(b))))"
    case .maximum(let a, let b): return "max(\(typed(indexText(a))), \(typed(indexText(b))))"
    case .index(let element): return typed(scalar(element))
    default: return typed(scalar(expression))
    }
  }

  /// What is divided to find a place in a panel: panels are whole, so that the index may be beyond
  /// the end of its loop, and must begin a vector.
  private func dividend(_ expression: Expression) -> String {
    guard readsPadded, case .variable(let variable) = graph[expression] else {
      return indexText(expression)
    }
    let number = copies[variable] == nil ? 0 : copy[variable] ?? 0
    return alignedNames[EmissionScope.Copy(variable: variable, number: number)]
      ?? indexText(expression)
  }

  private func typed(_ text: String) -> String { "(\(index.rawValue))(\(text))" }

  private func sumText(_ terms: [IndexTerm], _ atomText: (Expression) -> String) -> String {
    guard !terms.isEmpty else { return "0" }
    let parts = terms.map { term in
      var factors = term.atoms.map(atomText)
      if term.coefficient != 1 || factors.isEmpty {
        factors.insert(arguments.text(of: term.coefficient), at: 0)
      }
      return factors.joined(separator: " * ")
    }
    return parts.count == 1 && terms[0].atoms.count <= 1 && terms[0].coefficient == 1
      ? parts[0] : "(\(parts.joined(separator: " + ")))"
  }

  /// An index that varies over the lanes, as a vector; lanes beyond the end repeat the last one.
  func indexVector(_ expression: Expression) -> String {
    guard varies(expression) else {
      return "(\(index.rawValue)\(width))(\(indexText(expression)))"
    }
    let key = key(expression, isIndex: true)
    if let known = knownName(key) { return known }
    arguments.indices.insert(expression)
    let text: String
    switch graph[expression] {
    case .sum(let terms):
      text = sumText(terms) { atom in varies(atom) ? indexVector(atom) : indexText(atom) }
    case .variable(let variable):
      let extent = end(of: variable)
      let lanes = VectorType.laneNumbers(index.rawValue, width)
      let numbers = "(\(variableName(variable)) + \(lanes))"
      text = "min(\(numbers), (\(index.rawValue)\(width))(\(extent) - 1))"
    case .quotient(let a, let b): text = "(\(indexVector(a)) / \(indexVector(b)))"
    case .remainder(let a, let b): text = "(\(indexVector(a)) % \(indexVector(b)))"
    case .minimum(let a, let b): text = "min(\(indexVector(a)), \(indexVector(b)))"
    case .maximum(let a, let b): text = "max(\(indexVector(a)), \(indexVector(b)))"
    case .index(let element):
      text = "convert_\(index.rawValue)\(width)(\(operand(element, varying: true)))"
    default: text = inconsistent("\(graph[expression]) is no index")
    }
    return define(expression, "\(index.rawValue)\(width)", text, key)
  }

  /// Gives an expression a name in the outermost block where it can be computed.
  func define(
    _ expression: Expression, _ type: String, _ text: String, _ key: EmissionScope.Key
  ) -> String {
    // An element that is replaced is read where it is written, inside of loops that it may not vary over.
    let depth =
      readsReplaced(expression)
      ? scopes.count - 1 : scopeDepth(for: graph.variables[expression.id])
    let name = freshName(key.isIndex ? "x" : "v")
    scopes[depth].lines.append("const \(type) \(name) = \(text);")
    scopes[depth].names[key] = name
    return name
  }
}
