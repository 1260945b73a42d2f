/// One kernel, scheduled: which loops are the NDRange, which run inside a work-item, and which is
/// the lane dimension.
struct Kernel {
  /// A value that the kernel stores.
  struct Root {
    let buffer: ValueID
    let element: ElementType
    let value: Expression
    let offset: Expression
    /// The loops inside a work-item, slowest first.
    let serial: [LoopVariable]
  }

  /// Where a work-item's vector lanes come from.
  enum Lanes: Hashable {
    /// Consecutive iterations of a loop of the NDRange: the examples of a batch.
    case outer(LoopVariable)
    /// Consecutive iterations of each innermost loop of a work-item.
    case inner
  }

  let name: String
  let graph: ExpressionGraph
  var roots: [Root]
  /// The loops of the NDRange, slowest first.
  let parallel: [LoopVariable]
  let lanes: Lanes
  /// The loops whose iterations are lanes somewhere.
  let laneVariables: Set<LoopVariable>
  let width: Int
  /// Iterations of a loop that one work-item computes side by side, sharing what it loads; of the
  /// lane loop, whole vectors.
  let blocks: [LoopVariable: Int]
  let localSize: Int
  /// A rough cost of one work-item in fused multiply-adds, for choosing where to run.
  let itemCost: Double
  /// What happened and why, for people.
  let explanation: String

  /// The buffers that the kernel reads.
  var inputs: [ValueID]
  /// The loop of which a work-item takes many vectors, if there is one.
  var strip: Strip?
  /// Operands to copy into panels first.
  var panels: [Panel] = []
  /// Buffers made of whole panels: lanes beyond the end of the loop may be read there.
  var padded: Set<ValueID> = []

  /// The number of work-items along a loop of the NDRange.
  func items(along variable: LoopVariable, extent: Int) -> Int {
    if let strip, strip.variable == variable { return strip.items(extent, width: width) }
    let step = (lanes == .outer(variable) ? width : 1) * (blocks[variable] ?? 1)
    return (extent + step - 1) / step
  }

  /// The number of work-items for the given sizes.
  func itemCount(_ sizes: [Symbol: Int]) -> Int {
    parallel.reduce(1) {
      $0 * items(along: $1, extent: graph.extent(of: $1).value(sizes))
    }
  }
}
