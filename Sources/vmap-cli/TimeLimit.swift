import ArgumentParser
import Foundation
import Synchronization
import VMap

/// The time after which the command gives up; OpenCL has no way to end a kernel alone.
struct TimeLimit: ParsableArguments {
  @Option(
    name: .customLong("time-limit"), parsing: .unconditional,
    help: "The most seconds until there are results; then the command ends, with 1 and without any."
  )
  var seconds: Double?

  private static let isRunning = Atomic<Bool>(false)

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds <= 1e9) {
      throw ValidationError(
        "--time-limit should be more than 0, at most 1e9 seconds, got \(seconds)")
    }
  }

  func start() {
    guard let seconds else { return }
    TimeLimit.isRunning.store(true, ordering: .relaxed)
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: seconds)
      // Results that are there are written, and not cut off.
      guard TimeLimit.isRunning.exchange(false, ordering: .relaxed) else { return }
      try? Console.printError("Error: there is no result after --time-limit \(seconds) seconds")
      _exit(1)
    }
  }

  func stop() { TimeLimit.isRunning.store(false, ordering: .relaxed) }
}
