import Device

/// How many examples a call computes at once, decided before anything is allocated.
struct MemoryPlan {
  /// The examples of a part; nil where all are computed at once.
  let part: Int?

  /// Smaller needs are not held against what is left.
  private static let threshold = HostMemory.threshold

  /// - Parameters:
  ///   - chunk: The most examples to compute at once, if the caller says so.
  ///   - hasFailed: Whether memory was refused for all at once.
  /// - Throws: ``VMapError`` of the kind ``VMapError/Kind/device`` where even the smallest part has no room.
  init(
    _ executable: Executable, _ sizes: [Symbol: Int], chunk: Int?, hasFailed: Bool = false
  ) throws(VMapError) {
    let need = MemoryNeed(executable.plan.plan, of: executable.program, sizes)
    let limit = executable.context.profile.maximumAllocationBytes
    let isLarge = need.peak >= MemoryPlan.threshold || need.largest > limit || hasFailed
    guard chunk != nil || isLarge else {
      part = nil
      return
    }
    let available = isLarge ? executable.context.availableBytes() : nil
    func fits(_ need: (peak: Int, largest: Int)) -> Bool {
      need.largest <= limit && need.peak <= available ?? .max
    }
    let fitsWhole = !hasFailed && fits((need.peak, need.largest))
    guard chunk != nil || !fitsWhole, let divided = executable.divided else {
      part = nil
      return
    }
    let count = divided.exampleCount(sizes)
    var length = min(count, chunk ?? (hasFailed ? count.dividedUp(by: 2) : count))
    // What a part needs grows with it.
    while !fits(divided.memory(sizes, part: length)), divided.partLength(atMost: length / 2) < length {
      length = divided.partLength(atMost: length / 2)
    }
    length = divided.partLength(atMost: length)
    part = length < count ? length : nil
  }
}
