extension Kernel {
  /// Work-items that take many vectors of a loop each, as few as there are compute units or a
  /// multiple of them.
  struct Strip {
    let variable: LoopVariable
    /// The kernel's only reduction.
    let reduction: Int
    let units: Int

    /// The most vectors in a strip: those of a page.
    static let capacity = 64

    /// How many work-items share a number of iterations.
    func items(_ extent: Int, width: Int) -> Int {
      guard extent > 0 else { return 0 }
      let all = (extent + width - 1) / width
      let limit = units * Strip.capacity
      let parts = units * ((all + limit - 1) / limit)
      let vectors = (all + parts - 1) / parts
      return (all + vectors - 1) / vectors
    }
  }

  /// A rough cost of the whole kernel for the given sizes, in fused multiply-adds.
  func cost(_ sizes: [Symbol: Int], items: Int) -> Double {
    guard let strip else { return Double(items) * itemCost }
    // Strips are as long as the sizes make them, up to those that the cost of an item is for.
    let rest = parallel.filter { $0 != strip.variable }.reduce(1) {
      $0 * graph.extent(of: $1).value(sizes)
    }
    let extent = graph.extent(of: strip.variable).value(sizes)
    return itemCost * Double(rest * extent) / Double(Strip.capacity * width)
  }
}
