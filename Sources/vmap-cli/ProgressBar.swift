import Foundation
import Synchronization
import VMap

/// How far a run has come, on the terminal: the share, the rate and the time that is left.
final class ProgressBar: Sendable {
  private struct State {
    var last: ContinuousClock.Instant
    var isShown = false
  }

  private let start = ContinuousClock.now
  private let state: Mutex<State>
  private static let width = 30

  private init() { state = Mutex(State(last: start)) }

  /// Runs a closure with a bar where the standard error is a terminal and it takes more than a moment.
  static func showing<R>(_ isWanted: Bool, _ body: () throws -> R) rethrows -> R {
    guard isWanted, isatty(2) != 0 else { return try body() }
    let bar = ProgressBar()
    defer { bar.clear() }
    return try withProgress({ bar.show($0) }, body)
  }

  private func show(_ progress: BatchProgress) {
    let now = ContinuousClock.now
    let isDue = state.withLock { state in
      guard now - start > .seconds(1), now - state.last > .milliseconds(100) else { return false }
      state.last = now
      state.isShown = true
      return true
    }
    guard isDue, progress.done > 0, progress.count > 0 else { return }
    let share = Double(progress.done) / Double(progress.count)
    let seconds = Double((now - start).components.seconds) + 1e-3
    let rate = Double(progress.done) / seconds
    let left = Double(progress.count - progress.done) / rate
    let full = Int(share * Double(Self.width))
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
    let text =
      "\r\(bar) \(Int(share * 100)) %, \(Int(rate)) examples/s, \(Int(left)) s left \u{1b}[K"
    try? Console.printError(text, terminator: "")
  }

  private func clear() {
    if state.withLock({ $0.isShown }) { try? Console.printError("\r\u{1b}[K", terminator: "") }
  }
}
