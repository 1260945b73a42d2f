// Kalman filters for many moving things at once: each is followed by its own filter, which knows how
// exact its own sensor is.

import ExampleSupport
import VMap

var example = Example("tracking", "Kalman filters, written for one track")
let (tracks, length) = (1000, 100)

/// Where something is believed to be: (x, y, velocity of x, velocity of y), and how sure that is.
struct Belief: TensorTree {
  var mean: Tensor<Float>
  var covariance: Tensor<Float>
}

let motion = Tensor<Float>([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])
let sight = Tensor<Float>([[1, 0, 0, 0], [0, 1, 0, 0]])
let jitter: Float = 0.15

/// The positions of one track after each of its measurements, from the noise of its sensor.
let follow: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { noise, measurements in
  let drift = jitter * jitter * Tensor<Float>.eye(4)
  let start = Belief(mean: .zeros([4]), covariance: 100 * Tensor<Float>.eye(4))
  let (_, positions) = scan(start, measurements) { belief, measured in
    // What is expected, and how far off that is.
    let mean = matmul(motion, belief.mean)
    let covariance = matmul(matmul(motion, belief.covariance), motion.transposed()) + drift
    let surprise = measured - matmul(sight, mean)

    // How much of that is believed.
    let seen = matmul(covariance, sight.transposed())
    let uncertainty = matmul(sight, seen) + square(noise) * Tensor<Float>.eye(2)
    let gain = LinearAlgebra.solve(uncertainty, seen.transposed()).transposed()
    let next = Belief(
      mean: mean + matmul(gain, surprise),
      covariance: covariance - matmul(gain, seen.transposed()))
    return (next, next.mean[..<2])
  }
  return positions
}

/// A track that wanders, and what a sensor sees of it.
let wander = { @Sendable (key: Random.Key, noise: Tensor<Float>) in
  let keys = key.split(3)
  let start = concatenate([Tensor<Float>.zeros([2]), Random.normal(keys[0], [2])])
  let (_, path) = scan(start, jitter * Random.normal(keys[1], [length, 4])) { state, push in
    let next = matmul(motion, state) + push
    return (next, next[..<2])
  }
  return (path, path + noise * Random.normal(keys[2], [length, 2]))
}

let noises = Tensor<Float>.linspace(0.5, 5, count: tracks)
let (paths, measurements) = try vmap(wander)(Random.key(7).split(tracks), noises)
let filters = vmap(follow)
_ = try filters(noises, measurements).scalars()
let estimates = try example.timed("\(tracks) tracks of \(length) measurements") {
  try filters(noises, measurements).scalars()
}

let (truth, seen, sigmas) = (
  try paths.scalars(), try measurements.scalars(), try noises.scalars()
)
var worst = 0.0
for track in 0..<tracks {
  let range = track * length * 2..<(track + 1) * length * 2
  let expected = plainFilter(sigma: Double(sigmas[track]), seen[range].map(Double.init))
  for (a, b) in zip(estimates[range], expected) {
    worst = max(worst, abs(Double(a) - b) / (1 + abs(b)))
  }
}
// A belief is a weighted mean of measurements: errors of single precision, 6e-8 of each number, do not
// add up, but are larger by the ratio of the first uncertainty to the noise, some hundreds.
example.check(
  "largest difference from a filter in double precision: \(rounded(worst))", worst < 1e-4)

func meanError(_ values: [Float]) -> Double {
  let squares = zip(values, truth).map { Double(($0 - $1) * ($0 - $1)) }
  return (squares.reduce(0, +) / Double(tracks * length)).squareRoot()
}
let (raw, filtered) = (meanError(seen), meanError(estimates))
example.check(
  "distance from the truth: \(rounded(raw)) measured, \(rounded(filtered)) filtered",
  filtered < 0.6 * raw)

// One track: what was seen, where it was, and what the filter made of it.
let shown = 600
func points(_ values: [Float]) -> [(x: Double, y: Double)] {
  (0..<length).map {
    let start = (shown * length + $0) * 2
    return (Double(values[start]), Double(values[start + 1]))
  }
}
func extent(_ values: [Double]) -> ClosedRange<Double> {
  (values.min() ?? 0) - 1...(values.max() ?? 0) + 1
}
let crosses = points(seen)
var picture = Picture(width: 480, height: 320)
let frame = Frame(x: extent(crosses.map(\.x)), y: extent(crosses.map(\.y)), columns: 0..<480)
for cross in crosses {
  picture.drawCross(cross.x, cross.y, in: frame, color: Color(150, 150, 150))
}
picture.drawPath(points(truth), in: frame, color: Color(60, 110, 200))
picture.drawPath(points(estimates), in: frame, color: Color(200, 60, 40))
try example.finish(picture)
