/// The tree in which a reduction combines its elements: which partial results there are, and how they
/// are merged.
///
/// It is part of what a reduction means. It follows from the operation, from constant extents, and from
/// how the program's values lie in memory; never from a device, a schedule or a batch. Who computes
/// which part of it changes no bit.
struct ReductionTree: Hashable, Sendable {
  /// How many partial results take turns at the iterations of one loop, which counts as the innermost.
  ///
  /// A power of two: they are merged by halves, the second half into the first.
  private(set) var partials = 1
  /// The position of that loop among the reduction's.
  private(set) var position = 0
  /// How many iterations of the first loop are a block, where there are several: each block is a
  /// tree of its own, and their results are merged in their order.
  private(set) var block: Int?

  /// The most partial results: four of the longest vectors, whose additions hide each other's latency.
  static let mostPartials = 64
  /// The fewest that are worth merging.
  static let fewestPartials = 16
  /// The fewest elements that have partial results.
  static let shortest = 64
  /// The most elements that are no blocks, and how many a block has.
  static let longestWhole = 16384
  static let blockLength = 4096

  /// One element after another, in the loops' order.
  static let inOrder = ReductionTree()

  private init() {}

  /// The tree for elements of some loops, slowest first.
  ///
  /// - Parameter reading: How elements are read, if that is one after another.
  init(over extents: [Extent], _ reading: ElementLayout.Reading? = nil) {
    let sizes = extents.map { $0.constant ?? .max }
    let total = sizes.saturatingProduct()
    if let reading, total >= ReductionTree.shortest {
      let longest = sizes.indices.last { sizes[$0] == sizes.max() } ?? 0
      let isLong = sizes[reading.position] >= ReductionTree.fewestPartials
      position = isLong ? reading.position : longest
      // The sums of several results hide each other's latency.
      var count = reading.isReused ? ReductionTree.fewestPartials : ReductionTree.mostPartials
      while count > sizes[position] { count /= 2 }
      partials = count >= ReductionTree.fewestPartials ? count : 1
    }
    guard let first = sizes.first, total > ReductionTree.longestWhole else { return }
    var length = max(
      1, ReductionTree.blockLength / max(1, sizes.dropFirst().saturatingProduct()))
    if position == 0 { length = max(partials, length - length % partials) }
    if first > length { block = length }
  }

  /// The tree for all examples of a map axis: the same however many there are.
  init(overAxis isContiguous: Bool) {
    partials = isContiguous ? ReductionTree.mostPartials : 1
    block = ReductionTree.blockLength
  }

  /// The tree of one block.
  var ofBlock: ReductionTree {
    var tree = self
    tree.block = nil
    return tree
  }
}
