/// A tile of the NDRange's loops that a group of work-items computes together, with what it reads staged
/// in local memory.
struct GroupTile: Hashable {
  /// How many work-items lie along a loop, each of which computes a block of its iterations.
  struct Side: Hashable {
    let variable: LoopVariable
    let items: Int
    let block: Int

    /// How many iterations of the loop the tile has.
    var extent: Int { items * block }
  }

  /// The loops of the tile, slowest first: neighbouring work-items lie along the last.
  let sides: [Side]
  /// The innermost loops of the reduction, slowest first, whose iterations are staged together: so many
  /// of the first, and all of each other.
  ///
  /// None where all is staged before anything is computed.
  let loops: [LoopVariable]
  let depth: Int
  var stages: [Stage] = []

  /// How many work-items a group has.
  var items: Int { sides.reduce(1) { $0 * $1.items } }

  /// The most elements of a stage that a work-item holds in registers.
  static let mostTurns = 16

  /// Whether work-items beyond the end of a loop have nothing left to do once all is staged.
  var endsEarly: Bool { loops.isEmpty && sides.allSatisfy { $0.block == 1 } }

  /// The elements of local memory, in bytes.
  var byteCount: Int { stages.reduce(0) { $0 + $1.byteCount } }

  /// How many times an element is staged for the whole reduction, whose loops have these sizes.
  func pieces(_ variables: [LoopVariable], _ size: (LoopVariable) -> Double) -> Double {
    guard let first = loops.first else { return 1 }
    return variables.filter { !loops.dropFirst().contains($0) }.reduce(1) { total, variable in
      total * (variable == first ? (size(variable) / Double(depth)).rounded(.up) : size(variable))
    }
  }
}

/// An operand of a tile in local memory: rows, in each of which the tile's iterations lie side by side.
struct Stage: Hashable {
  /// A loop over what is staged, and how many iterations of it are.
  struct Dimension: Hashable {
    let variable: LoopVariable
    let count: Int
  }

  /// What is staged: a load over the loops below and those around the tile.
  let source: Expression
  let buffer: ValueID
  let element: ElementType
  /// The loads that read it, and the row of each where it is not that of its own loops.
  var readers: [Expression: Expression?]
  /// The loops, slowest first, as elements lie in local memory.
  let rows: [Dimension]
  let columns: [Dimension]
  /// The loops as the group's work-items take turns at them: the last has neighbours in memory.
  let order: [Dimension]
  /// How far apart rows lie, in elements.
  let pitch: Int

  /// How many elements are staged at a time.
  var count: Int { order.reduce(1) { $0 * $1.count } }
  /// How many elements each of a group's work-items brings.
  func rounds(_ items: Int) -> Int { count.dividedUp(by: items) }
  /// How many rows there are.
  var height: Int { rows.reduce(1) { $0 * $1.count } }
  /// The elements of local memory.
  var capacity: Int { height * pitch }
  var byteCount: Int { capacity.saturatingProduct(element.computeType.byteCount) }

  /// Local memory answers so many work-items at once where their elements lie in different banks.
  private static let banks = 32

  init(
    _ source: Expression, of buffer: ValueID, _ element: ElementType,
    readers: [Expression: Expression?], rows: [Dimension], columns: [Dimension],
    order: [Dimension]
  ) {
    self.source = source
    self.buffer = buffer
    self.element = element
    self.readers = readers
    self.rows = rows
    self.columns = columns
    self.order = order
    let width = columns.reduce(1) { $0 * $1.count }
    // Work-items that go along the rows write down the columns: a row begins as many banks after the one
    // before as work-items write into it at once.
    let isTurned = order.last.map(rows.contains) ?? false
    let step = Stage.banks.dividedUp(by: order.last?.count ?? 1)
    let surplus = (step - width) % Stage.banks
    pitch = width + (isTurned ? surplus + (surplus < 0 ? Stage.banks : 0) : 0)
  }
}
