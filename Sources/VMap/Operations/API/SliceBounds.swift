/// The indices that Python's `start:stop:step` names along a dimension.
struct SliceBounds {
  let start: Int
  let count: Int
  /// 1 where there is no second index.
  let step: Int

  /// The least index, or 0 where there is none.
  var low: Int { step < 0 ? start + (count - 1) * step : start }

  init(_ from: Int?, _ to: Int?, _ step: Int, _ size: Int, for name: String) throws(VMapError) {
    guard step != 0, step != .min else {
      throw VMapError(.invalidArgument, "\(name): a step of \(step) is not possible")
    }
    let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
    func bound(_ index: Int) -> Int {
      Swift.min(Swift.max(index < 0 ? Swift.max(index + size, -1) : index, low), high)
    }
    let start = from.map(bound) ?? (step > 0 ? low : high)
    let stop = to.map(bound) ?? (step > 0 ? high : low)
    let distance = step > 0 ? stop - start : start - stop
    count = distance > 0 ? (distance - 1) / abs(step) + 1 : 0
    self.start = count == 0 ? 0 : start
    self.step = count > 1 ? step : 1
  }
}
