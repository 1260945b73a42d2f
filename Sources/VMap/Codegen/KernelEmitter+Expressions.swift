extension KernelEmitter {
  /// Whether an expression differs from lane to lane.
  func varies(_ expression: Expression) -> Bool {
    guard let lane, width > 1 else { return false }
    if let known = varyingMemo[lane]?[expression] { return known }
    let result: Bool
    switch graph[expression] {
    case .variable(let variable): result = variable == lane
    case .accumulator(let id, _, _), .partial(let id, _, _):
      result = graph.reductions[id].variables.contains(lane) || reductionVaries(id)
    case .reduced(let id, _, _), .running(let id, _, _): result = reductionVaries(id)
    case .local(let id, let index, _, _): result = arrayVaries(id) || varies(index)
    default: result = graph.operands(of: graph[expression]).contains(where: varies)
    }
    varyingMemo[lane, default: [:]][expression] = result
    return result
  }

  /// Whether what a reduction combines differs from lane to lane.
  private func reductionVaries(_ id: Int) -> Bool {
    guard let lane else { return false }
    // Elements that are replaced are as different as their places.
    if kernel.replacement?.reduction == id { return true }
    if let known = varyingReductions[lane]?[id] { return known }
    // What is found under the assumption that the accumulators do not vary is not kept.
    let memo = varyingMemo
    varyingReductions[lane, default: [:]][id] = false
    let reduction = graph.reductions[id]
    let result = (reduction.initial + reduction.step).contains(where: varies)
    varyingMemo = memo
    varyingReductions[lane, default: [:]][id] = result
    return result
  }

  /// Whether a private array holds a vector for each element.
  func arrayVaries(_ id: Int) -> Bool {
    let array = graph.arrays[id]
    if let network = array.network { return networkVaries(network, id) }
    guard array.iteration != nil else { return array.value.map(varies) ?? false }
    return slotVaries(kernel.root(of: id))
  }

  /// Whether what a loop makes of an array holds a vector for each element.
  private func slotVaries(_ id: Int) -> Bool {
    guard let iteration = graph.arrays[id].iteration else { return arrayVaries(id) }
    if let known = varyingSlots[id] { return known }
    let loop = graph.iterations[iteration]
    // From the assumption that nothing varies, to a fixpoint.
    for slot in loop.arrays { varyingSlots[slot] = false }
    let known = varyingSlots
    var isStable = false
    while !isStable {
      isStable = true
      // What was found of the loops inside rests on what was known of this one.
      let own = loop.arrays.map { ($0, varyingSlots[$0] ?? false) }
      varyingSlots = known
      for (slot, varies) in own { varyingSlots[slot] = varies }
      varyingMemo = [:]
      varyingReductions = [:]
      let stops = loop.condition.map(varies) ?? false
      for (number, slot) in loop.arrays.enumerated() where varyingSlots[slot] == false {
        let starts = graph.arrays[slot].value.map(varies) ?? false
        let changes = loop.updates[number].flatMap(\.expressions)
        let source = loop.sources[number]
        let isChanged = !changes.isEmpty || source != nil
        if starts || stops && isChanged || changes.contains(where: varies)
          || source.map(slotVaries) ?? false
        {
          varyingSlots[slot] = true
          isStable = false
        }
      }
    }
    varyingMemo = [:]
    varyingReductions = [:]
    return varyingSlots[id] ?? false
  }

  /// A uniform expression; of a varying one, the first lane.
  func scalar(_ expression: Expression) -> String {
    varies(expression) ? "\(value(expression)).s0" : value(expression)
  }

  /// An expression as an operand: a uniform one is repeated where vectors are wanted.
  func operand(_ expression: Expression, varying: Bool) -> String {
    guard varying, width > 1, !varies(expression) else { return value(expression) }
    let element = graph.elementType(of: expression) ?? .int32
    let type = VectorType(element: element, width: width)
    if case .literal(let literal) = graph[expression] { return type.literal(literal) }
    let text = value(expression)
    return element == .bool ? "(int\(width))(-(\(text)))" : "(\(type.name))(\(text))"
  }

  /// The text of an expression: a name, except for what is shorter than one.
  func value(_ expression: Expression) -> String {
    let node = graph[expression]
    switch node {
    case .literal(let literal):
      return VectorType(element: literal.type, width: 1).literal(literal)
    case .argument(let literal): return arguments.name(of: literal)
    default: break
    }
    if case .within(let inner, _) = node { return value(inner) }
    let key = key(expression)
    if let known = knownName(key) { return known }
    if case .local(let id, let index, let phase, _) = node { return local(id, index, phase) }
    if case .reduced(let id, _, _) = node {
      let depth = scopeDepth(for: graph.reductions[id].free)
      inScope(depth) { reduce(id) }
      return knownName(key) ?? inconsistent("reduction \(id) gives no result")
    }
    if case .running(let id, _, _) = node {
      let depth = scopeDepth(for: graph.variables[expression.id])
      inScope(depth) { advance(scan: id) }
      return knownName(key) ?? inconsistent("scan \(id) gives no result")
    }
    let isVarying = varies(expression)
    let type = VectorType(
      element: graph.elementType(of: expression) ?? .int32, width: isVarying ? width : 1)
    if type.element == .float64 { helpers.usesDouble = true }
    return define(expression, type.name, text(node, type), key)
  }

  private func text(_ node: Node, _ type: VectorType) -> String {
    switch node {
    case .element(let element, let index):
      return type.isVector
        ? rounded("convert_\(type.name)(\(indexVector(index)))", to: type)
        : rounded("(\(VectorType.scalarName(element)))(\(indexText(index)))", to: type)
    case .less(let a, let b):
      guard type.isVector else { return "(\(indexText(a)) < \(indexText(b)))" }
      let mask = "(\(indexVector(a)) < \(indexVector(b)))"
      return index == .int64 ? "convert_int\(width)\(mask)" : mask
    case .load(let buffer, let offset, let element):
      return staged(graph.make(node)) ?? load(buffer, offset, element, type)
    case .apply(let function, let operands, let element):
      let typed = operands[min(function.typedOperand, operands.count - 1)]
      let from = VectorType(
        element: graph.elementType(of: typed) ?? element, width: type.width)
      return applied(
        function, operands.map { operand($0, varying: type.isVector) }, from: from,
        to: VectorType(element: element, width: type.width))
    default: return inconsistent("\(node) is no element")
    }
  }

  /// How many lanes can be read of a row that others follow: the next rows go nowhere, as lanes beyond the
  /// end of a loop do.
  private func room(in buffer: ValueID, at offset: Expression, _ type: VectorType) -> String? {
    guard let lane, graph.ends[lane] != nil, currentLaneCount() != nil,
      let extents = graph.bufferExtents[buffer],
      type.element == .float32 || type.element == .float64
    else { return nil }
    let total = arguments.name(of: extents.count == 1 ? extents[0] : .product(extents))
    return clamped("\(total) - (\(indexText(offset)))", to: "\(width)")
  }

  /// A number of a buffer, or the lanes of a vector of them.
  ///
  /// - Parameter isShared: Whether what was loaded before may be used again.
  func load(
    _ buffer: ValueID, _ offset: Expression, _ element: ElementType, _ type: VectorType,
    isShared: Bool = true
  ) -> String {
    helpers.use(storageOf: type)
    guard type.isVector, let lane else {
      let text = "\(name(ofBuffer: buffer))[\(indexText(fromStart(offset, of: buffer)))]"
      return element == .bool ? "(\(text) != 0)" : type.decoded(text)
    }
    readsPadded = kernel.padded.contains(buffer)
    let pointer = pointer(buffer, offset)
    readsPadded = false
    let partial = currentLaneCount()
    let count = partial ?? "\(width)"
    switch graph.stride(offset, along: lane, ofVectors: width) {
    case .by(let distance) where graph.constant(distance) == 1:
      // What lies beyond the end of the loop is there and goes nowhere.
      if kernel.padded.contains(buffer) { return type.decoded("vload\(width)(0, \(pointer))") }
      return
        "\(helpers.name(.load, type))(\(pointer), \(room(in: buffer, at: offset, type) ?? count))"
    case .by(let distance):
      if let constant = graph.constant(distance),
        (2...MemoryHelpers.maximumBlockDistance).contains(constant)
      {
        if isShared, let shared = sharedLoad(buffer, offset, type, distance: constant) {
          return shared
        }
        return "\(helpers.name(.loadBlock(distance: constant), type))(\(pointer), \(count))"
      }
      let helper = helpers.name(
        partial == nil ? .loadStrided(index) : .loadSomeStrided(index), type)
      return "\(helper)(\(pointer), \(indexText(distance)), \(count))"
    default:
      let places = indexVector(fromStart(offset, of: buffer))
      return "\(helpers.name(.gather(index), type))(\(name(ofBuffer: buffer)), \(places))"
    }
  }
}
