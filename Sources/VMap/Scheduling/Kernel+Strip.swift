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
      let all = extent.dividedUp(by: width)
      let limit = units * Strip.capacity
      let parts = units * all.dividedUp(by: limit)
      return all.dividedUp(by: all.dividedUp(by: parts))
    }
  }

  /// A rough cost of the whole kernel for the given sizes, in fused multiply-adds.
  func cost(_ sizes: [Symbol: Int], items: Int) -> Double {
    guard strip != nil else { return Double(items) * itemCost }
    // Strips are as long as the sizes make them, up to those that the cost of an item is for.
    let count = parallel.reduce(1.0) { $0 * Double(graph.extent(of: $1).value(sizes)) }
    return itemCost * count / Double(Strip.capacity * width)
  }
}
