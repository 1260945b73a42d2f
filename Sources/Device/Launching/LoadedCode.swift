import Synchronization

/// The code of one kernel, in groups of one size, that PoCL has loaded.
///
/// PoCL loads it once more for a grid wider than all before, or when it was dropped.
final class LoadedCode: Sendable {
  private let gate: LaunchGate
  /// The launches that go on after they are enqueued, where there are such.
  private let wide: WideLaunches?
  /// Whether the driver drops it when there is much code and no launch runs it.
  private let mayBeDropped: Bool
  private let wasLaunched = Atomic<Bool>(false)
  /// The largest grid so far, whose code is before all other: along the first two dimensions, and
  /// along the third, which PoCL does not count.
  private let width = Atomic<Int>(0)
  private let depth = Atomic<Int>(0)

  /// How often code may have been loaded.
  private static let loads = Atomic<Int>(0)
  /// With so many codes PoCL begins to drop those that no launch runs.
  private static let capacity = 128

  init(_ gate: LaunchGate, _ wide: WideLaunches?, mayBeDropped: Bool) {
    self.gate = gate
    self.wide = wide
    self.mayBeDropped = mayBeDropped
  }

  /// Makes a launch: beside others where its code is loaded, and else alone.
  ///
  /// - Parameters:
  ///   - code: What is known of the code; nil where launches never get in each other's way.
  ///   - grid: The sizes.
  ///   - body: Makes the launch, and waits for its end where it is told that it is alone.
  @inline(__always)
  static func launch(
    _ code: LoadedCode?, over grid: LaunchGrid,
    _ body: (_ isAlone: Bool) throws(DeviceError) -> Void
  ) throws(DeviceError) {
    guard let code else { return try body(false) }
    try code.launch(over: grid, body)
  }

  @inline(__always)
  private func launch(
    over grid: LaunchGrid, _ body: (_ isAlone: Bool) throws(DeviceError) -> Void
  ) throws(DeviceError) {
    do {
      gate.enter()
      defer { gate.leave() }
      if isLoaded(for: grid) { return try body(false) }
    }
    try gate.alone { () throws(DeviceError) -> Void in
      if wasLaunched.exchange(true, ordering: .relaxed) { _ = wide?.settle() }
      LoadedCode.noteLoads(1)
      try body(true)
      width.max(grid.width, ordering: .relaxed)
      depth.max(grid.depth, ordering: .relaxed)
    }
  }

  private func isLoaded(for grid: LaunchGrid) -> Bool {
    grid.width <= width.load(ordering: .relaxed) && grid.depth <= depth.load(ordering: .relaxed)
      && (!mayBeDropped || LoadedCode.loads.load(ordering: .relaxed) < LoadedCode.capacity)
  }

  static func noteLoads(_ count: Int) { loads.wrappingAdd(count, ordering: .relaxed) }

  /// Notes that other code may be before this.
  func forget() {
    width.store(0, ordering: .relaxed)
    depth.store(0, ordering: .relaxed)
  }
}
