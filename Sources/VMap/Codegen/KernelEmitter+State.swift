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
      } else {
        declare(stage: array.companions ?? id..<(id + 1))
      }
    }
    let name = name(ofArray: id)
    if array.isRows { return inconsistent("rows \(id) are read where they are made") }
    if array.extents.isEmpty { return name }
    guard width > 1, varies(index) else { return element(id, name, indexText(index)) }
    let type = VectorType(element: array.element, width: width)
    if isRow(id), isAlongRow(index, array) {
      if array.place != nil {
        let count = currentLaneCount() ?? "\(width)"
        helpers.use(storageOf: type)
        return "\(helpers.name(.load, type))(\(name) + \(indexText(index)), \(count))"
      }
      return "vload\(width)(0, \(name) + \(indexText(index)))"
    }
    let positions = indexVector(index)
    // Each lane reads its own element of its own position.
    let lanes = (0..<width).map { lane in
      let position = "\(positions).\(VectorType.component(lane))"
      return arrayVaries(id)
        ? laneElement(id, name, position, lane)
        : (array.element == .bool ? "-" : "") + element(id, name, position)
    }
    return "(\(type.name))(\(lanes.joined(separator: ", ")))"
  }

  /// Writes the loop that makes rows of a stored value.
  func runLoop(making rows: Expression) {
    guard let id = graph.rows(rows), let iteration = graph.arrays[id].iteration else { return }
    if arrayName(id) != nil { return }
    inScope(scopeDepth(for: graph.iterations[iteration].free)) { iterate(iteration) }
  }

  /// The buffer that rows are written to.
  private func rowsName(_ id: Int) -> String {
    kernel.roots.first { $0.rows.contains(id) }.map { name(ofBuffer: $0.buffer) }
      ?? inconsistent("rows \(id) are not stored")
  }

  func arrayName(_ id: Int) -> String? {
    for scope in scopes.reversed() {
      if let name = scope.arrays[id] { return name }
    }
    return nil
  }

  /// The name of an array that has been declared.
  func name(ofArray id: Int) -> String {
    arrayName(id) ?? inconsistent("array \(id) is not declared")
  }

  func arrayType(_ id: Int) -> VectorType {
    VectorType(element: graph.arrays[id].element, width: arrayVaries(id) ? width : 1)
  }

  /// Declares a private array in the current block and fills it.
  func declare(array id: Int, filledWith value: Expression) {
    innermost.arrays[id] = declared(id, filledWith: value)
    if !graph.arrays[id].extents.isEmpty { fill([(id, value)]) }
  }

  /// Declares private arrays that are filled together, where all that they need is known.
  private func declare(stage arrays: Range<Int>) {
    var needed: Set<LoopVariable> = []
    var values: [(id: Int, value: Expression)] = []
    for id in arrays {
      guard let value = graph.arrays[id].value else { continue }
      needed.formUnion(graph.variables[value.id].subtracting(graph.arrays[id].variables))
      values.append((id, value))
    }
    inScope(scopeDepth(for: needed)) {
      let names = values.map { declared($0.id, filledWith: $0.value) }
      let isArray = values.first.map { !graph.arrays[$0.id].extents.isEmpty } ?? false
      // Nothing is read of an array before it is filled.
      if isArray { fill(values, names) }
      for (name, (id, _)) in zip(names, values) { innermost.arrays[id] = name }
    }
  }

  /// Declares an array, or a number, which is set at once.
  private func declared(_ id: Int, filledWith value: Expression) -> String {
    let type = arrayType(id)
    let name = freshName("a")
    if graph.arrays[id].extents.isEmpty {
      line("\(type.name) \(name) = \(operand(value, varying: type.isVector));")
    } else {
      line(declaration(of: id, type, name))
    }
    return name
  }

  private func fill(_ arrays: [(id: Int, value: Expression)]) {
    fill(arrays, arrays.map { name(ofArray: $0.id) })
  }

  /// Fills arrays of the same variables.
  private func fill(_ arrays: [(id: Int, value: Expression)], _ names: [String]) {
    guard let first = arrays.first, case let array = graph.arrays[first.id], array.count > 0 else {
      return
    }
    let position = graph.rowMajor(
      array.variables.map(graph.index), array.extents.map(Extent.constant))
    func store(_ number: Int, _ value: Expression, at position: Expression) {
      let (id, name) = (arrays[number].id, names[number])
      let element = graph.arrays[id].element
      if isRow(id) {
        let type = VectorType(element: element, width: width)
        let vector = operand(value, varying: true)
        if graph.arrays[id].place != nil {
          helpers.use(storageOf: type)
          let count = currentLaneCount() ?? "\(width)"
          let pointer = "\(name) + \(indexText(position))"
          return line("\(helpers.name(.store, type))(\(pointer), \(vector), \(count));")
        }
        let helper = helpers.name(.storePrivate, type)
        line("\(helper)(\(name) + \(indexText(position)), \(vector));")
      } else {
        let text = operand(value, varying: arrayType(id).isVector)
        line("\(self.element(id, name, indexText(position))) = \(text);")
      }
    }
    let all = Array(arrays.enumerated())
    let rows = all.filter { isRow($0.element.id) }
    if !rows.isEmpty, let last = array.variables.last {
      nest(array.variables.dropLast()) {
        overLanes(of: last) {
          for (number, own) in rows { store(number, own.value, at: position) }
        }
      }
    }
    var others = all.filter { !isRow($0.element.id) }
    for (number, own) in others {
      guard let (variable, value) = contiguous(own.id, own.value) else { continue }
      loop(over: variable) { store(number, value, at: graph.index(variable)) }
      others.removeAll { $0.offset == number }
    }
    if others.isEmpty { return }
    nest(array.variables[...]) {
      for (number, own) in others { store(number, own.value, at: position) }
    }
  }

  /// The loops that fill an array as one, where what they read lies in the order of the array and only
  /// all of them together are as long as a vector: it can be read in blocks then.
  private func contiguous(
    _ id: Int, _ value: Expression
  ) -> (variable: LoopVariable, value: Expression)? {
    let array = graph.arrays[id]
    guard array.variables.count > 1, array.count >= width, (array.extents.last ?? 0) < width,
      let lane, kernel.lanes == .outer(lane),
      case .load(let buffer, let offset, let element) = graph[value]
    else { return nil }
    var distance = 1
    for (variable, extent) in zip(array.variables, array.extents).reversed() where extent > 1 {
      guard graph.stride(offset, along: variable) == .by(graph.index(distance)) else { return nil }
      distance *= extent
    }
    let variable = graph.makeVariable(.constant(array.count))
    let inside = graph.rowMajor(
      array.variables.map(graph.index), array.extents.map(Extent.constant))
    let start = graph.add(offset, graph.multiply(inside, graph.index(-1)))
    let place = graph.add(start, graph.index(variable))
    return (variable, graph.make(.load(buffer: buffer, offset: place, element)))
  }

  /// Writes loops inside each other.
  func nest(_ variables: ArraySlice<LoopVariable>, _ body: () -> Void) {
    guard let variable = variables.first else { return body() }
    loop(over: variable) { nest(variables.dropFirst(), body) }
  }

  /// Writes a loop on private state.
  ///
  /// Lanes that are done keep their state; the loop ends when all are.
  private func iterate(_ id: Int) {
    let loop = graph.iterations[id]
    guard let condition = loop.condition else {
      return note(inconsistency: "loop \(id) has no condition")
    }
    var initial: [[LoopVariable]: [(id: Int, value: Expression)]] = [:]
    for array in loop.arrays {
      if share(array) { continue }
      if graph.arrays[array].isRows {
        innermost.arrays[array] = rowsName(array)
        continue
      }
      guard let value = graph.arrays[array].value else { continue }
      innermost.arrays[array] = declared(array, filledWith: value)
      if !graph.arrays[array].extents.isEmpty {
        initial[graph.arrays[array].variables, default: []].append((array, value))
      }
    }
    for (_, arrays) in initial.sorted(by: { $0.value[0].id < $1.value[0].id }) { fill(arrays) }
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
      takeOver(loop, mask)
    }
  }
}
