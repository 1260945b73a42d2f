/// Where a launch runs.
public enum Placement: Sendable, Hashable {
  /// In the calling thread, where the device can do that: starts in under a microsecond and is done
  /// when the call returns.
  case immediate
  /// On all cores or on the GPU: the call returns at once, and whoever reads a buffer that the
  /// kernel uses waits.
  case wide
  /// In the calling thread when the estimated time there is short, else on all cores.
  case automatic(estimatedMicroseconds: Double)

  /// Waking the other cores costs more than it saves below this time, measured with two cores.
  public static let wideThresholdMicroseconds = 80.0

  var isWide: Bool {
    switch self {
    case .immediate: false
    case .wide: true
    case .automatic(let estimate): estimate >= Placement.wideThresholdMicroseconds
    }
  }
}
