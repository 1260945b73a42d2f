/// One kernel, scheduled: which loops are the NDRange, which run inside a work-item, and which is
/// the lane dimension.
struct Kernel {
  /// A value that the kernel stores.
  struct Root {
    let buffer: ValueID
    let element: ElementType
    /// The element, or the parts of a complex one, which lie side by side.
    let parts: [Expression]
    /// Counted in elements.
    let offset: Expression
    /// The loops inside a work-item, slowest first.
    let serial: [LoopVariable]
    /// The arrays that a loop writes into the buffer as it goes, if it makes the rows there.
    var rows: [Int] = []
  }

  /// Elements of the stored values that are replaced after all of a work-item's are stored.
  struct Replacement {
    let reduction: Int
    let offset: Expression
    let covers: Expression

    /// What it needs, besides the elements that are replaced.
    func roots(in graph: ExpressionGraph) -> [Expression] {
      let result = graph.make(
        .reduced(reduction: reduction, slot: 0, graph.reductions[reduction].types[0]))
      return [offset, covers, result]
    }
  }

  /// What the lanes are: the elements of a work-item's vectors, or the work-items of a group.
  enum Lanes: Hashable {
    /// Vectors of consecutive iterations of a loop of the NDRange: the examples of a batch.
    case outer(LoopVariable)
    /// Vectors of consecutive iterations of each innermost loop of a work-item.
    case inner
    /// A group of work-items computes one iteration of the NDRange's loops: its work-items take
    /// turns at the iterations of the loops inside.
    case group
    /// A group of work-items computes a tile of iterations of the NDRange's loops.
    case tile
  }

  let name: String
  let graph: ExpressionGraph
  var roots: [Root]
  let schedule: Candidate
  let localSize: Int
  /// A rough cost, in fused multiply-adds, of what computes one iteration of the NDRange's loops, for
  /// choosing where to run.
  let itemCost: Double
  /// What the cost model says of all of the kernel, with batches of an assumed size.
  var total = 0.0
  /// What happened and why, for people.
  var explanation: String

  /// The buffers that the kernel reads.
  var inputs: [ValueID]
  /// The loop of which a work-item takes many vectors, if there is one.
  var strip: Strip?
  /// What is replaced in the roots, in place.
  var replacement: Replacement?
  /// Operands to copy into panels first.
  var panels: [Panel] = []
  /// The reductions that go along loops of the stored values.
  var scans: [Int] = []
  /// The state of loops, arrays of more than one element.
  var state: [Int] = []
  /// State that lies where that of a loop around it does, by its array.
  var sharing: [Int: SharedState] = [:]
  /// The state that lies in buffers, by its array.
  var scratch: [Int: Scratch] = [:]
  /// Buffers made of whole panels: lanes beyond the end of the loop may be read there.
  var padded: Set<ValueID> = []

  var lanes: Lanes { schedule.lanes }
  /// The number of elements of a vector.
  var width: Int { isGroups ? 1 : schedule.laneCount }
  /// Whether the NDRange's loops are groups, not work-items.
  var isGroups: Bool { schedule.groupSize != nil }
  /// The loops of the NDRange, slowest first.
  var parallel: [LoopVariable] { schedule.parallel }
  var laneVariables: Set<LoopVariable> { schedule.laneVariables }
  /// Iterations of a loop that one work-item computes side by side; those of a strip are its own.
  var blocks: [LoopVariable: Int] { schedule.isStrip ? [:] : schedule.blocks }

  /// The number of work-items for the given sizes; of groups, where one computes an iteration.
  func itemCount(_ sizes: [Symbol: Int]) -> Int {
    parallel.reduce(1) { count, variable in
      let extent = graph.extent(of: variable).value(sizes)
      if let strip, strip.variable == variable {
        return count.saturatingProduct(strip.items(extent, width: width))
      }
      let step = schedule.step(along: variable)
      return count.saturatingProduct(extent.dividedUp(by: step))
    }
  }

  /// The work-items to launch for so many items: whole groups.
  func globalSize(_ items: Int) -> Int {
    let groups = isGroups ? items : items.dividedUp(by: localSize)
    return min(groups, .max / localSize) * localSize
  }

  /// The NDRange for so many items: one row of whole groups, or as many as keep each short.
  ///
  /// PoCL compiles a kernel once more for a range of 65,535 work-items or more along a dimension.
  func range(_ items: Int) -> (global: [Int], local: [Int]) {
    let size = globalSize(items)
    let longest = 65_534
    guard !isGroups, size > longest else { return ([size], [localSize]) }
    let groups = size / localSize
    let rows = groups.dividedUp(by: longest / localSize)
    return ([groups.dividedUp(by: rows) * localSize, rows], [localSize, 1])
  }
}
