import Synchronization

/// The examples that are still to be computed, handed out to whoever is free.
///
/// With several workers a part is a share of what remains, by how fast each has been, so that all end
/// together: guided self-scheduling on devices of different speeds (HGuided).
final class PartQueue: Sendable {
  private struct State {
    var next: Int
    /// Examples a second of each worker, as far as it has computed any.
    var speeds: [Double?]
    var failure: VMapError?
  }

  /// The examples there are.
  let range: Range<Int>
  /// Parts begin at multiples of so many examples.
  private let unit: Int
  private let state: Mutex<State>

  /// The part of all that a worker gets of which nothing is known.
  private static let firstShare = 1.0 / 64
  /// What takes less time than this, in seconds, is no part.
  private static let shortest = 0.002

  init(_ range: Range<Int>, unit: Int, workers: Int) {
    self.range = range
    self.unit = unit
    state = Mutex(
      State(next: range.lowerBound, speeds: [Double?](repeating: nil, count: workers)))
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
        length = min(longest, PartQueue.guided(remaining, range.count, state.speeds, worker))
      }
      length = max(unit, length - length % unit)
      let end = min(range.upperBound, state.next + length)
      defer { state.next = end }
      return state.next..<end
    }
  }

  /// A share of what remains: half of what would have all workers end together.
  private static func guided(
    _ remaining: Int, _ all: Int, _ speeds: [Double?], _ worker: Int
  ) -> Int {
    guard let own = speeds[worker] else { return max(1, Int(Double(all) * firstShare)) }
    // Who has computed nothing yet is taken to be as fast as this one.
    let share = own / speeds.reduce(0) { $0 + ($1 ?? own) }
    return max(1, Int(Double(remaining) * share / 2), Int(min(own * shortest, 1e15)))
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
