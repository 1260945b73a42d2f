/// Elements, or the lanes of vectors of them, written where they belong.
extension KernelEmitter {
  /// Stores a root: its loops inside the work-item, and all copies of those outside.
  func store(_ root: Kernel.Root) {
    if !root.rows.isEmpty { return root.parts.forEach(runLoop) }
    storing = root.buffer
    store(root, root.serial[...])
    storing = nil
  }

  private func store(_ root: Kernel.Root, _ serial: ArraySlice<LoopVariable>) {
    guard let variable = serial.first else {
      forEachCopy(of: Set(copies.keys)) { storeElement(root) }
      return
    }
    let isLast = serial.count == 1
    if isLast, kernel.laneVariables.contains(variable), laneCount > 1 {
      overLanes(of: variable) { store(root, []) }
    } else if unrolled.contains(variable) {
      block("", binding: [variable]) {
        bindIterations(of: variable)
        store(root, serial.dropFirst())
      }
      copies[variable] = nil
    } else {
      loop(over: variable) { store(root, serial.dropFirst()) }
    }
  }

  private func storeElement(_ root: Kernel.Root) {
    var guards: [String] = []
    for (variable, number) in copy where copies[variable] != nil && variable != lane {
      if let test = laneCounts[EmissionScope.Copy(variable: variable, number: number)] {
        guards.append(test)
      }
    }
    // What all work-items of a group know, one of them stores.
    if isGroup, lane == nil { guards.append("lane == 0") }
    let condition = guards.isEmpty ? "" : "if (\(guards.sorted().joined(separator: " && "))) "
    for text in storeTexts(root) { line(condition + text) }
  }

  /// The statements that store an element, or the lanes of a vector of them.
  private func storeTexts(_ root: Kernel.Root) -> [String] {
    let type = VectorType(element: root.element.part, width: width)
    helpers.use(storageOf: type)
    let offsets = root.parts.indices.map { graph.partOffset(root.offset, $0, of: root.element) }
    let stride = lane.map { graph.stride(root.offset, along: $0, ofVectors: width) } ?? .none
    if stride == .none || width == 1 {
      let single = VectorType(element: type.element, width: 1)
      helpers.use(storageOf: single)
      return zip(root.parts, offsets).map { part, offset in
        stored(scalar(part), at: offset, in: root.buffer, single)
      }
    }
    let values = root.parts.map { operand($0, varying: true) }
    if let place = rowStores[root.buffer] { return ["\(place) = \(values[0]);"] }
    if values.count > 1, case .by(let distance) = stride, graph.constant(distance) == 1 {
      let pointer = "\(name(ofBuffer: root.buffer)) + \(indexText(offsets[0]))"
      let count = currentLaneCount() ?? "\(width)"
      return [
        "\(helpers.name(.storePairs, type))(\(pointer), \(values.joined(separator: ", ")), \(count));"
      ]
    }
    return zip(values, offsets).map { storedVector($0, at: $1, in: root.buffer, type) }
  }

  /// The statement that stores one number.
  func stored(
    _ value: String, at offset: Expression, in buffer: ValueID, _ type: VectorType
  ) -> String {
    let stored = type.element == .bool ? "(uchar)(\(value) != 0)" : type.encoded(value)
    return "\(name(ofBuffer: buffer))[\(indexText(offset))] = \(stored);"
  }

  /// The statement that stores the lanes of a vector, however far apart they lie.
  func storedVector(
    _ value: String, at offset: Expression, in buffer: ValueID, _ type: VectorType
  ) -> String {
    let partial = currentLaneCount()
    let count = partial ?? "\(width)"
    guard let lane, case .by(let distance) = graph.stride(offset, along: lane, ofVectors: width)
    else {
      let places = indexVector(offset)
      let helper = helpers.name(.scatter(index), type)
      return "\(helper)(\(name(ofBuffer: buffer)), \(places), \(value), \(count));"
    }
    let pointer = "\(name(ofBuffer: buffer)) + \(indexText(offset))"
    if graph.constant(distance) == 1 {
      // A lane beyond the end has the last one's number: one that is there, and slows nothing down.
      let count = kernel.padded.contains(buffer) ? "\(width)" : count
      return "\(helpers.name(.store, type))(\(pointer), \(value), \(count));"
    }
    let helper = helpers.name(
      partial == nil ? .storeStrided(index) : .storeSomeStrided(index), type)
    return "\(helper)(\(pointer), \(indexText(distance)), \(value), \(count));"
  }
}
