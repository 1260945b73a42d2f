/// The sizes of a launch, checked.
struct LaunchGrid {
  let global: [Int]
  let local: [Int]

  /// The most work-items along the first two dimensions, and those along the third.
  let width: Int
  let depth: Int

  /// Whether there is nothing to do.
  ///
  /// Such a launch must not reach the driver: PoCL 3.1 divides by zero.
  var isEmpty: Bool { global.contains(0) }

  init(
    global: [Int], local: [Int], maximumGroupSize: Int, kernel: String
  ) throws(DeviceError) {
    func invalid(_ why: String) -> DeviceError {
      DeviceError(
        .invalidArgument,
        "cannot launch \"\(kernel)\" over \(global) in groups of \(local): \(why)")
    }
    guard (1...3).contains(global.count), global.count == local.count else {
      throw invalid("both need the same one to three dimensions")
    }
    var groupSize = 1
    var groupCount = 1
    for (extent, group) in zip(global, local) {
      guard group > 0, extent >= 0 else { throw invalid("sizes must be positive") }
      guard extent % group == 0 else {
        throw invalid("every size must be a multiple of its group's")
      }
      let (size, sizeOverflow) = groupSize.multipliedReportingOverflow(by: group)
      guard !sizeOverflow, size <= maximumGroupSize else {
        throw invalid("the device's groups have at most \(maximumGroupSize) work-items")
      }
      let (count, countOverflow) = groupCount.multipliedReportingOverflow(by: extent / group)
      // PoCL counts groups in 32 bits.
      guard !countOverflow, count < 1 << 32 else {
        throw DeviceError(
          .sizeOverflow,
          "\"\(kernel)\" over \(global) in groups of \(local) has 2^32 groups or more")
      }
      groupSize = size
      groupCount = count
    }
    self.global = global
    self.local = local
    width = global.prefix(2).max() ?? 0
    depth = global.count > 2 ? global[2] : 1
  }
}
