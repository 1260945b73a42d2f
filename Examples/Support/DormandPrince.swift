public import VMap

/// What an integration is in the middle of.
public struct Progress: TensorTree {
  /// The time that has been reached.
  public var time: Tensor<Double>
  /// Where the integration is.
  public var state: Tensor<Double>
  /// How long the next step is.
  public var step: Tensor<Double>
  /// How many steps were tried.
  public var count: Tensor<Int32>

  /// A beginning.
  public init(
    time: Tensor<Double> = Tensor(0), state: Tensor<Double>, step: Tensor<Double>,
    count: Tensor<Int32> = Tensor(0)
  ) {
    self.time = time
    self.state = state
    self.step = step
    self.count = count
  }
}

/// Goes on to a time with the method of Dormand and Prince, in steps as long as the error allows.
public func integrate(
  _ start: Progress, to end: Tensor<Double>, tolerance: Double,
  _ slope: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>
) -> Progress {
  whileLoop(start) {
    $0.time .< end
  } do: { now in
    let h = minimum(now.step, end - now.time)
    let (next, error) = dormandPrince(now.state, h, slope)

    // The error against what is allowed: a step is taken where it is at most 1.
    let scale = tolerance * (1 + maximum(abs(now.state), abs(next)))
    let excess = (error / scale).max()
    let isGood = excess .<= 1
    let factor = clip(0.9 * pow(maximum(excess, 1e-10), -0.2), min: 0.2, max: 5)
    // The last step before the end is short for another reason than its error.
    let isCut = h .< now.step .&& isGood
    return Progress(
      time: select(isGood, select(h .< end - now.time, now.time + h, end), now.time),
      state: select(isGood, next, now.state),
      step: select(isCut, now.step, h * factor),
      count: now.count + 1)
  }
}

/// One step: the state of fifth order, and how far that of fourth order is from it.
private func dormandPrince(
  _ y: Tensor<Double>, _ h: Tensor<Double>, _ slope: (Tensor<Double>) -> Tensor<Double>
) -> (next: Tensor<Double>, error: Tensor<Double>) {
  let stages: [[Double]] = [
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ]
  let differences: [Double] = [
    71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339_200, 22 / 525, -1 / 40,
  ]
  func combination(_ weights: [Double], _ slopes: [Tensor<Double>]) -> Tensor<Double> {
    let terms = zip(weights, slopes).filter { $0.0 != 0 }.map { $0 * $1 }
    return h * terms.dropFirst().reduce(terms[0], +)
  }
  var slopes = [slope(y)]
  var next = y
  for weights in stages {
    next = y + combination(weights, slopes)
    slopes.append(slope(next))
  }
  return (next, abs(combination(differences, slopes)))
}
