import Glibc

/// When to give up waiting, on a clock that never goes back.
struct Deadline: Sendable {
  static let never = Deadline(nanoseconds: .max)

  private let nanoseconds: UInt64

  private init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Some time from now on.
  init(after nanoseconds: UInt64) { self.nanoseconds = Deadline.now() + nanoseconds }

  var isNever: Bool { nanoseconds == .max }
  var isOver: Bool { Deadline.now() >= nanoseconds }

  /// The moment on the clock that shows the time of day, which locks go by.
  var timeOfDay: timespec {
    let now = Deadline.now()
    let rest = nanoseconds > now ? nanoseconds - now : 0
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let sum = UInt64(time.tv_nsec) + rest % 1_000_000_000
    time.tv_sec += Int(rest / 1_000_000_000 + sum / 1_000_000_000)
    time.tv_nsec = Int(sum % 1_000_000_000)
    return time
  }

  /// Nanoseconds of the clock.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
