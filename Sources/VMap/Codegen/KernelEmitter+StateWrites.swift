/// What an iteration of a loop makes of its state.
extension KernelEmitter {
  /// Makes the next state of a loop: all of it is computed before any takes its place.
  func takeOver(_ loop: Iteration, _ mask: String?) {
    // Lanes for which the loop around this one has ended keep what lies there.
    func lanes(of array: Int) -> String? {
      mask ?? (kernel.sharing[array] == nil ? nil : innermost.mask)
    }
    var copies: [() -> Void] = []
    for (array, source) in zip(loop.arrays, loop.sources) {
      if let source, let copy = copy(of: source, into: array, lanes(of: array)) {
        copies.append(copy)
      }
    }
    var writes: [(write: ArrayWrite, array: Int)] = []
    for (array, own) in zip(loop.arrays, loop.updates) {
      writes += own.map { ($0, array) }
    }
    let commits = grouped(writes).map { group in
      prepared(group.map { ($0.write, $0.array, lanes(of: $0.array)) })
    }
    for commit in copies + commits { commit() }
  }

  /// Lets an array be where the state of the loop around it is, if it can be.
  func share(_ id: Int) -> Bool {
    guard let shared = kernel.sharing[id], let name = arrayName(shared.array) else { return false }
    // What else is read there is read now.
    for read in shared.reads where knownName(key(read)) == nil {
      let type = VectorType(
        element: graph.elementType(of: read) ?? .int32, width: varies(read) ? width : 1)
      let text = value(read)
      let known = freshName("v")
      line("const \(type.name) \(known) = \(text);")
      innermost.names[key(read)] = known
    }
    innermost.arrays[id] = name
    return true
  }

  /// Writes loops inside each other; compilers are asked to write out short ones: what several of them
  /// compute is computed once then.
  private func nestWrittenOut(_ variables: [LoopVariable], _ body: () -> Void) {
    let count = variables.reduce(1) { $0 * (graph.extent(of: $1).constant ?? 1) }
    guard count > 0 else { return }
    guard let last = variables.last, count <= 16 else { return nest(variables[...], body) }
    nest(variables.dropLast()) { loop(over: last, isWrittenOut: true, body) }
  }

  /// Runs the loop whose state an array takes over; what comes back copies it, where it lies elsewhere.
  private func copy(of source: Int, into id: Int, _ mask: String?) -> (() -> Void)? {
    let array = graph.arrays[id]
    let extents = array.extents.map(Extent.constant)
    let position = graph.rowMajor(array.variables.map(graph.index), extents)
    let value = graph.read(array: source, at: array.variables.map(graph.index), .complete)
    _ = local(source, graph.index(0), .complete)
    guard let name = arrayName(id), arrayName(source) != name else { return nil }
    return { [self] in
      nestWrittenOut(array.variables) {
        let type = arrayType(id)
        let old = array.extents.isEmpty ? name : element(id, name, indexText(position))
        let new = operand(value, varying: type.isVector)
        let isMasked = type.isVector && mask != nil
        line("\(old) = \(isMasked ? type.select(mask ?? "", new, old) : new);")
      }
    }
  }

  /// Writes of the same loops together, where those are all that tells them apart, in order of the first.
  private func grouped(
    _ writes: [(write: ArrayWrite, array: Int)]
  ) -> [[(write: ArrayWrite, array: Int)]] {
    var groups: [[(write: ArrayWrite, array: Int)]] = []
    var known: [[LoopVariable]: Int] = [:]
    for entry in writes {
      let loops = entry.write.variables
      if !loops.isEmpty, let group = known[loops] {
        groups[group].append(entry)
      } else {
        known[loops] = groups.count
        groups.append([entry])
      }
    }
    return groups
  }

  /// Computes what is written in the same loops; what comes back takes it over, after all of the
  /// iteration is computed.
  private func prepared(
    _ writes: [(write: ArrayWrite, array: Int, mask: String?)]
  ) -> () -> Void {
    guard let variables = writes.first?.write.variables else { return {} }
    let count = variables.reduce(1) { $0 * (graph.extent(of: $1).constant ?? 1) }
    let position = { [self] in indexText(graph.rowMajor(variables)) }
    let targets = writes.map { write, array, mask in
      (write: write, array: array, mask: mask, type: arrayType(array), new: freshName("t"))
    }
    if variables.isEmpty {
      for target in targets {
        let value = operand(target.write.value, varying: target.type.isVector)
        line("const \(target.type.name) \(target.new) = \(value);")
      }
    } else {
      for target in targets {
        line("\(target.type.name) \(target.new)[\(max(1, count))];")
      }
      nestWrittenOut(variables) {
        for target in targets {
          let value = operand(target.write.value, varying: target.type.isVector)
          line("\(target.new)[\(position())] = \(value);")
        }
      }
    }
    let places = targets.map { place(of: $0.write, $0.mask) }
    return { [self] in
      nestWrittenOut(variables) {
        for (target, place) in zip(targets, places) {
          let value = variables.isEmpty ? target.new : "\(target.new)[\(position())]"
          assign(
            value, into: target.array, name(ofArray: target.array), place,
            indexText(target.write.distance(graph)))
        }
      }
    }
  }

  /// Where a write goes, by names that stay what they are while state is taken over.
  fileprivate struct Place {
    /// The index of the first element, or those of the lanes.
    let base: String
    let baseVaries: Bool
    /// Whether anything is written at all; the lanes that write.
    let condition: String?
    let mask: String?
  }

  private func place(of write: ArrayWrite, _ mask: String?) -> Place {
    let baseVaries = width > 1 && varies(write.base)
    var base = "0"
    if baseVaries {
      base = indexVector(write.base)
    } else if graph.constant(write.base) != 0 {
      base = freshName("p")
      line("const \(index.rawValue) \(base) = \(indexText(write.base));")
    }
    var (condition, lanes): (String?, String?) = (nil, mask)
    if let covers = write.covers {
      let isMask = varies(covers)
      let name = freshName("w")
      let text = value(covers)
      line("const int\(isMask ? "\(width)" : "") \(name) = \(text);")
      if isMask { lanes = mask.map { "(\($0) & \(name))" } ?? name } else { condition = name }
    }
    return Place(base: base, baseVaries: baseVaries, condition: condition, mask: lanes)
  }

  private func assign(
    _ value: String, into id: Int, _ name: String, _ place: Place, _ distance: String
  ) {
    let type = arrayType(id)
    let condition = place.condition.map { "if (\($0)) " } ?? ""
    if graph.arrays[id].isRows { return assign(value, toRows: id, name, place, distance) }
    let isElement = graph.arrays[id].extents.isEmpty
    guard place.baseVaries else {
      let position = place.base == "0" ? distance : "\(place.base) + \(distance)"
      let old = isElement ? name : element(id, name, position)
      let isMasked = type.isVector && place.mask != nil
      let new = isMasked ? type.select(place.mask ?? "", value, old) : value
      return line("\(condition)\(old) = \(new);")
    }
    // Each lane writes to a place of its own.
    for lane in 0..<width {
      let component = VectorType.component(lane)
      let target = laneElement(
        id, name, "(\(place.base).\(component) + \(distance))", lane)
      let test = place.mask.map { "if (\($0).\(component)) " } ?? ""
      line("\(condition)\(test)\(target) = \(value).\(component);")
    }
  }
}

extension KernelEmitter {
  /// Stores an element of a row, or those of the lanes that run.
  private func assign(
    _ value: String, toRows id: Int, _ name: String, _ place: Place, _ distance: String
  ) {
    guard let root = kernel.roots.first(where: { $0.rows.contains(id) }),
      let part = root.rows.firstIndex(of: id)
    else { return note(inconsistency: "rows \(id) are not stored") }
    if place.base == "0" { return note(inconsistency: "rows \(id) are not written one by one") }
    let single = VectorType(element: root.element.part, width: 1)
    helpers.use(storageOf: single)
    func store(_ value: String, at base: String, if conditions: [String?]) {
      let tests = conditions.compactMap { $0 }.map { "(\($0))" }.joined(separator: " && ")
      let encoded = single.element == .bool ? "(uchar)((\(value)) != 0)" : single.encoded(value)
      let count = root.rows.count
      let position =
        count == 1 ? "\(base) + \(distance)" : "(\(base) + \(distance)) * \(count) + \(part)"
      line("\(tests.isEmpty ? "" : "if (\(tests)) ")\(name)[\(position)] = \(encoded);")
    }
    guard arrayType(id).isVector else {
      let lane = isGroup && lane == nil ? "lane == 0" : nil
      return store(value, at: place.base, if: [place.condition, lane])
    }
    for lane in 0..<width {
      let component = VectorType.component(lane)
      let count = currentLaneCount().map { "\(lane) < \($0)" }
      store(
        "\(value).\(component)", at: place.baseVaries ? "\(place.base).\(component)" : place.base,
        if: [place.condition, place.mask.map { "(\($0)).\(component)" }, count])
    }
  }
}

extension ExpressionGraph {
  /// The number of an iteration of loops inside each other.
  fileprivate func rowMajor(_ variables: [LoopVariable]) -> Expression {
    rowMajor(variables.map(index), variables.map(extent(of:)))
  }
}

extension ArrayWrite {
  /// How far from the first element the one of an iteration lies.
  fileprivate func distance(_ graph: ExpressionGraph) -> Expression {
    zip(variables, strides).reduce(graph.index(0)) { distance, loop in
      graph.add(distance, graph.multiply(graph.index(loop.0), loop.1))
    }
  }
}
