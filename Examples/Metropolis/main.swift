// Thousands of Markov chains, each with its own key. The density is a curved one that is hard for
// straight steps, and whose moments are known.

import ExampleSupport
import Foundation
import VMap

var example = Example("metropolis", "Metropolis sampling, written for one chain")
let chains = 8192
let samplesPerChain = 24

/// The logarithm of the density of x ~ N(0, 1) and y ~ N(x², ½²), up to a constant.
let logDensity: @Sendable (Tensor<Float>) -> Tensor<Float> = { point in
  let (x, y) = (point[0], point[1])
  return -0.5 * (square(x) + 4 * square(y - square(x)))
}

/// Makes a number of steps from a point: each is proposed at random, and taken or not.
@Sendable func walk(_ key: Random.Key, from start: Tensor<Float>, steps: Int) -> Tensor<Float> {
  fori(0, steps, start) { step, point in
    let keys = key.foldIn(step.asType(UInt32.self)).split()
    let proposal = point + 0.8 * Random.normal(keys[0], [2])
    let gain = logDensity(proposal) - logDensity(point)
    let isTaken = log(Random.uniform(keys[1])) .< gain
    return select(isTaken, proposal, point)
  }
}

/// The samples of one chain, some steps apart, after enough steps to forget where it began.
let sample: @Sendable (Random.Key) -> Tensor<Float> = { key in
  let keys = key.split(samplesPerChain + 1)
  let start = walk(keys[0], from: Tensor([0, 0]), steps: 500)
  let (_, points) = scan(start, keys[1...]) { point, key in
    let next = walk(key, from: point, steps: 25)
    return (next, next)
  }
  return points
}

let keys = Random.key(2024).split(chains)
let sampler = vmap(sample)
_ = try sampler(keys).scalars()
let values = try example.timed("\(chains) chains of \(500 + 25 * samplesPerChain) steps") {
  try sampler(keys).scalars().map(Double.init)
}
let points = stride(from: 0, to: values.count, by: 2).map { (x: values[$0], y: values[$0 + 1]) }

// A chain's samples depend on each other, chains do not: the error of a mean is at most that of as many
// samples as there are chains. Five times that error is exceeded once in a million times.
typealias Moment = (
  name: String, exact: Double, deviation: Double, value: (Double, Double) -> Double
)
// With z of N(0, 1): E z⁴ = 3, E z⁶ = 15.
let moments: [Moment] = [
  ("x", 0, 1, { x, _ in x }),
  ("x²", 1, 2.0.squareRoot(), { x, _ in x * x }),
  ("y", 1, 2.25.squareRoot(), { _, y in y }),
  ("xy", 0, 15.25.squareRoot(), { x, y in x * y }),
]
for moment in moments {
  let sum = points.reduce(0) { $0 + moment.value($1.x, $1.y) }
  let mean = sum / Double(points.count)
  let bound = 5 * moment.deviation / Double(chains).squareRoot()
  example.check(
    "mean of \(moment.name): \(rounded(mean)), exactly \(moment.exact), within \(rounded(bound))",
    abs(mean - moment.exact) < bound)
}

// The samples on the left, the density on the right.
var picture = Picture(width: 480, height: 320)
let left = Frame(x: -3...3, y: -1.5...6.5, columns: 0..<240)
let perPixel = 6.0 / 239 * 8 / 319
var counts = [Int](repeating: 0, count: 240 * 320)
for point in points {
  if let pixel = picture.pixel(point.x, point.y, in: left) { counts[pixel.y * 240 + pixel.x] += 1 }
}
for row in 0..<320 {
  for column in 0..<240 {
    let x = -3 + 6 * (Double(column) + 0.5) / 239
    let y = 6.5 - 8 * (Double(row) + 0.5) / 319
    let density = exp(-0.5 * (x * x + 4 * (y - x * x) * (y - x * x))) / .pi
    let found = Double(counts[row * 240 + column]) / Double(points.count) / perPixel
    picture[column, row] = .heat((found * .pi).squareRoot())
    picture[240 + column, row] = .heat((density * .pi).squareRoot())
  }
}
try example.finish(picture)
