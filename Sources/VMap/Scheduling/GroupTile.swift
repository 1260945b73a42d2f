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
  /// The innermost loops of the reduction, slowest first: all iterations of each but the first, and
  /// `depth` of that, are staged together. None where no reduction is.
  let loops: [LoopVariable]
  let depth: Int
  var stages: [Stage] = []

  /// How many work-items a group has.
  var items: Int { sides.reduce(1) { $0 * $1.items } }

  /// How many times an element is staged for the whole reduction, whose loops have these sizes.
  func pieces(_ variables: [LoopVariable], _ size: (LoopVariable) -> Double) -> Double {
    variables.filter { !loops.dropFirst().contains($0) }.reduce(1) { total, variable in
      total * (variable == loops.first ? (size(variable) / Double(depth)).rounded(.up) : size(variable))
    }
  }
}

/// An operand of a tile in local memory: a row for each iteration of the reduction's loops, in it an
/// element for each iteration of the tile's.
struct Stage: Hashable {
  /// A loop that the operand depends on, and how many of its iterations are staged.
  struct Dimension: Hashable {
    let variable: LoopVariable
    let count: Int
  }

  /// The load, in the kernel's graph.
  let load: Expression
  let buffer: ValueID
  let element: ElementType
  /// The reduction's loops and the tile's, slowest first, as elements lie in local memory.
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
  /// The elements of local memory.
  var capacity: Int { rows.reduce(1) { $0 * $1.count } * pitch }
  var byteCount: Int { capacity * element.computeType.byteCount }

  /// Local memory answers so many work-items at once where their elements lie in different banks.
  private static let banks = 32
  /// Rows begin where vectors of so many elements may.
  private static let alignment = 4

  init(
    _ load: Expression, of buffer: ValueID, _ element: ElementType, rows: [Dimension], columns: [Dimension],
    order: [Dimension]
  ) {
    self.load = load
    self.buffer = buffer
    self.element = element
    self.rows = rows
    self.columns = columns
    self.order = order
    let width = columns.reduce(1) { $0 * $1.count }
    // Work-items that go along the rows write down the columns: into banks of their own.
    let isTurned = order.last.map(rows.contains) ?? false
    let padding = isTurned ? max(1, Stage.banks / (order.last?.count ?? 1)) : 0
    pitch = width + (padding >= Stage.alignment ? padding / Stage.alignment * Stage.alignment : padding)
  }
}
