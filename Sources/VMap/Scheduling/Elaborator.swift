/// Turns values of a program into scalar expressions: an element of a value is the meaning of its
/// operation at that index, all the way down to what lies in buffers.
final class Elaborator {
  let program: Program
  let producers: [ValueID: Instruction]
  let layouts: [ValueID: ElementLayout]
  let graph = ExpressionGraph()
  /// Values that are read from buffers.
  let stored: Set<ValueID>
  /// Values whose reduction is divided into blocks, and how.
  var splits: [ValueID: ReductionSplit] = [:]
  /// What is made of all elements along a dimension at once.
  let whole = WholeElements()
  /// Values that should be made whole and cannot be where they are used.
  private(set) var divided: Set<ValueID> = []
  /// Values kept in private arrays of the work-item.
  var stages: [ValueID: Stage] = [:]
  /// Told of everything that is read from buffers.
  var onRead: ((_ value: ValueID, _ access: Access) -> Void)?

  /// Where a value's element was asked for.
  struct Access: Hashable {
    let axes: [Expression]
    let index: [Expression]

    var all: [Expression] { axes + index }
  }

  struct LoopKey: Hashable {
    let value: ValueID
    let axes: [Expression]
  }

  private var memo: [ValueID: [Access: Expression]] = [:]
  /// The axes that values do not vary over, but a loop that makes them together with values that do.
  private let hiddenAxes: [ValueID: [Int]]
  var loops: [LoopKey: [ElementReader]] = [:]
  /// The other results of an operation, which are made along with the one that was asked for.
  private var siblings: [ValueID: [Access: Expression]] = [:]
  private(set) var parameters: [ValueID: ElementReader] = [:]
  /// The loops that were written, with the values made in each.
  var bodies: [LoopVariable: Set<ValueID>] = [:]
  /// The branches that are being written, with the values made in each.
  var branches: [LoopVariable: Set<ValueID>] = [:]
  /// Every distinct access to values that are not stored, with the expression it gave.
  var accesses: [ValueID: [Access: Expression]] = [:]
  /// The rows of ragged dimensions that loops over examples give.
  var raggedPlaces: [Expression: RaggedPlace] = [:]
  /// Values whose operation made a reduction.
  private(set) var reducing: Set<ValueID> = []

  init(
    _ program: Program, producers: [ValueID: Instruction],
    layouts: [ValueID: ElementLayout], hiddenAxes: [ValueID: [Int]], stored: Set<ValueID>
  ) {
    self.program = program
    self.producers = producers
    self.layouts = layouts
    self.stored = stored
    self.hiddenAxes = hiddenAxes
  }

  /// Where the axes are bound that a value does not vary over, but what makes it does.
  func hiddenPlace(of value: ValueID, _ axes: [Int: Expression]) -> [Expression] {
    guard let hidden = hiddenAxes[value] else { return [] }
    return hidden.map { axes[$0] ?? graph.index(0) }
  }

  /// Forgets all expressions, so that new stages take effect.
  func restart() {
    memo = [:]
    loops = [:]
    siblings = [:]
    whole.forget()
    divided = []
    parameters = [:]
    branches = [:]
    accesses = [:]
    for value in stages.keys { stages[value]?.place = nil }
  }

  /// The element of a value at an index, with map axes bound.
  func element(
    of value: ValueID, at index: [Expression], axes: [Int: Expression]
  ) -> Expression {
    if let branch = innermostBranch(without: value) {
      return outside(of: branch, value) { element(of: value, at: index, axes: axes) }
    }
    let type = program.types[value]
    let bound = type.axes.ids.map { axes[$0] ?? graph.index(0) }
    let access = Access(axes: bound, index: index)
    let place = Access(axes: bound + hiddenPlace(of: value, axes), index: index)
    if let known = memo[value]?[place] { return known }
    let result: Expression
    if stored.contains(value) {
      onRead?(value, access)
      result = load(value, bound, index)
    } else if let staged = stagedElement(value, access, axes) {
      result = staged
    } else {
      result = meaning(of: value, at: index, axes: axes, bound)
    }
    memo[value, default: [:]][place] = result
    if !stored.contains(value) { accesses[value, default: [:]][access] = result }
    return result
  }

  /// The elements of an instruction's results before windows replace some in place, and how they do.
  func replaced(
    by instruction: Instruction, at index: [Expression], axes: [Int: Expression]
  ) -> (initial: [Expression], replacement: Replacement?) {
    let builder = builder(for: instruction, axes, replacing: .storedValues)
    let initial = instruction.operation.elements(
      operands(of: instruction, axes), at: index, builder)
    return (initial, builder.replacement)
  }

  func operands(of instruction: Instruction, _ axes: [Int: Expression]) -> [Operand] {
    instruction.operands.map { operand in
      let type = program.types[operand]
      let layout = layouts[operand] ?? ElementLayout(rowMajor: type)
      return Operand(type: type, layout: layout) { index, binding in
        self.element(of: operand, at: index, axes: axes.merging(binding) { _, new in new })
      }
    }
  }

  func builder(
    for instruction: Instruction, _ axes: [Int: Expression], split: ReductionSplit? = nil,
    replacing place: ReplacementPlace? = nil, whole: WholeElements? = nil
  ) -> LoopBuilder {
    let isBranch = instruction.isBranch
    let regions = instruction.regions.map { region in
      LoopRegion(
        bind: { self.bind(region, $0, axes) },
        updates: { self.updates(of: region, $0, axes, isBranch: isBranch) })
    }
    return LoopBuilder(
      graph: graph, axes: axes, mapAxes: program.axes,
      ragged: RaggedReader(
        parameter: { self.element(of: $0, at: [$1], axes: [:]) },
        place: { self.place(ofRow: $0, $1) }), regions: regions, split: split,
      replacing: place, isBranch: isBranch, whole: whole)
  }

  private func load(_ value: ValueID, _ bound: [Expression], _ index: [Expression]) -> Expression {
    graph.bufferExtents[value] = program.storedExtents(of: value)
    return graph.load(
      value, program.offset(of: value, at: place(of: value, bound, index), graph),
      program.types[value].element)
  }

  func meaning(
    of value: ValueID, at index: [Expression], axes: [Int: Expression], _ bound: [Expression]
  ) -> Expression {
    if let reader = parameters[value] { return reader(index) }
    guard let instruction = producers[value],
      let position = instruction.results.firstIndex(of: value)
    else {
      graph.note(inconsistency: "%\(value) is made by nothing that is known")
      return graph.literal(.zero(program.types[value].element))
    }
    let operands = operands(of: instruction, axes)
    let dimension = instruction.operation.wholeDimension
    let isWhole =
      dimension.map { whole.isAligned(axes: bound, index: index, whole: $0, graph) } ?? false
    let builder = builder(
      for: instruction, axes, split: splits[value], whole: isWhole ? whole : nil)
    if isWhole {
      whole.current = (instruction.results[0], boundAxes(of: instruction, axes))
    }
    if let readers = loopReaders(of: instruction, operands, builder, axes) {
      return readers[position](index)
    }
    let hidden = hiddenPlace(of: value, axes)
    if let known = siblings[value]?[Access(axes: bound + hidden, index: index)] {
      reducing.insert(value)
      return known
    }
    let elements = instruction.operation.elements(operands, at: index, builder)
    if dimension != nil, !isWhole || builder.repeats { divided.insert(value) }
    guard builder.hasReduced else { return elements[position] }
    reducing.insert(value)
    for (sibling, element) in zip(instruction.results, elements) where sibling != value {
      let own = program.types[sibling].axes.ids.map { axes[$0] ?? graph.index(0) }
      let hidden = hiddenPlace(of: sibling, axes)
      siblings[sibling, default: [:]][Access(axes: own + hidden, index: index)] = element
    }
    return elements[position]
  }

  /// The results of a region whose parameters are read elsewhere.
  func bind(
    _ region: Region, _ readers: [ElementReader], _ axes: [Int: Expression]
  ) -> [ElementReader] {
    // What the region computed with other parameters is not what it computes with these.
    let owned = region.ownValues
    if let loop = graph.openIterations.last { bodies[loop, default: []].formUnion(owned) }
    for value in owned {
      memo[value] = nil
      siblings[value] = nil
      stages[value]?.place = nil
    }
    if loops.contains(where: { owned.contains($0.key.value) }) {
      loops = loops.filter { !owned.contains($0.key.value) }
    }
    whole.forget(owned)
    for (parameter, reader) in zip(region.parameters, readers) { parameters[parameter] = reader }
    return region.results.map { result in
      { index in self.element(of: result, at: index, axes: axes) }
    }
  }
}

extension Program {
  /// The loops of a value, its axes and then its dimensions.
  func extents(of value: ValueID) -> [Extent] {
    types[value].axes.ids.map { axes[$0].extent } + types[value].shape
  }

  /// The layout of a value's buffer: its loops, but that a ragged dimension is the rows of all examples.
  func bufferExtents(of value: ValueID) -> [Extent] {
    let type = types[value]
    let examples = type.raggedAxes.compactMap { axes[$0].rows?.axis }
    return type.axes.ids.filter { !examples.contains($0) }.map { axes[$0].extent }
      + type.shape.map { extent in
        if case .ragged(_, let total) = extent { total } else { extent }
      }
  }
}
