import Synchronization

/// The examples that are still to be computed, handed out to whoever is free.
///
/// With several workers a part is a share of what remains, by how fast each has been, so that all end
/// together: guided self-scheduling on devices of different speeds (HGuided).
final class PartQueue: Sendable {
  private struct State {
    var next: Int
    var speeds: [Double]
    var failure: VMapError?
  }

  /// The examples there are.
  let range: Range<Int>
  /// Parts begin at multiples of so many examples.
  private let unit: Int
  private let state: Mutex<State>

  /// The fewest parts that one of several workers takes, if it takes all.
  private static let fewestParts = 64

  /// - Parameter speeds: What is known of each worker's speed, relative to the others.
  init(_ range: Range<Int>, unit: Int, speeds: [Double]) {
    self.range = range
    self.unit = unit
    state = Mutex(State(next: range.lowerBound, speeds: speeds))
  }

  /// Whether several workers share the examples out.
  var isShared: Bool { state.withLock { $0.speeds.count > 1 } }

  /// Takes the next part; nil where there is none, or where a worker has failed.
  func take(_ worker: Int, atMost longest: Int) -> Range<Int>? {
    state.withLock { state in
      let remaining = range.upperBound - state.next
      guard remaining > 0, state.failure == nil else { return nil }
      var length = longest
      if state.speeds.count > 1 {
        let share = state.speeds[worker] / max(1e-9, state.speeds.reduce(0, +))
        let guided = Int(Double(remaining) * share / 2)
        length = min(longest, max(guided, range.count / PartQueue.fewestParts, 1))
      }
      length = max(unit, length - length % unit)
      let end = min(range.upperBound, state.next + length)
      defer { state.next = end }
      return state.next..<end
    }
  }

  /// Notes how long a part took.
  func note(_ worker: Int, _ part: Range<Int>, took duration: Duration) {
    let seconds = max(1e-9, duration / .seconds(1))
    state.withLock { $0.speeds[worker] = Double(part.count) / seconds }
  }

  /// Ends the work of all with a failure.
  func fail(_ error: VMapError) { state.withLock { $0.failure = $0.failure ?? error } }

  /// What the first worker failed with.
  var failure: VMapError? { state.withLock { $0.failure } }

  /// - Throws: What the first worker failed with.
  func check() throws(VMapError) { if let failure { throw failure } }
}
