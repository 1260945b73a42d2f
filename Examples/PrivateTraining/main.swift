// Handwritten digits with differential privacy: gradients of single examples are clipped before they are
// added up, noise hides each of them, and each step's batch is a random part of the images, so that no
// two sizes are the same. A new size compiles nothing.
//
// M. Abadi et al., Deep learning with differential privacy, 2016, algorithm 1.

import ExampleSupport
import Foundation
import VMap

var example = Example("private-training", "A classifier of digits that learns nobody's digits")
let data = try DigitImages()
let (images, digits) = (data.images, data.digits)
let count = images.shape[0]

let (rate, bound, noise, steps) = (256 / Double(count), Float(1), Float(0.7), 200)

typealias Gradient =
  @Sendable (Network, Tensor<Float>, Tensor<Int32>, Tensor<Int32>) throws -> Network

/// The gradient for one image, the one with a number.
let plainGradient: Gradient = { network, images, digits, index in
  try grad { (network: Network) in network.loss(images[index], digits[index]) }(network)
}
/// The same, made no longer than the bound.
let clippedGradient: Gradient = { network, images, digits, index in
  let gradient = try plainGradient(network, images, digits, index)
  let square = gradient.tensors.map { ($0 * $0).sum() }.reduce(Tensor(0), +)
  let scale = minimum(1, bound / sqrt(square))
  return gradient.mapping { $0 * scale }
}

let optimizer = Adam(learningRate: 5e-3)
/// Makes a step of the sum of the gradients of a batch.
let update = jit {
  (network: Network, state: Adam.State<Network>, sum: Network, noise: Tensor<Float>) in
  var key = Random.key(1).foldIn(state.count)
  let gradient = sum.mapping { tensor in
    let keys = key.split()
    key = keys[0]
    let hidden = tensor + Random.normal(keys[1], tensor.shape, of: Float.self) * noise
    return hidden / Float(rate * Double(count))
  }
  return try optimizer.updated(network, state, gradient: gradient)
}

/// The sum of gradients over a batch, which is the numbers of its images.
let (plain, clipped) = (
  vmap(plainGradient, inAxes: [nil, nil, nil, 0], outAxes: .sum),
  vmap(clippedGradient, inAxes: [nil, nil, nil, 0], outAxes: .sum)
)

/// Trains and gives the network, the time of a step, the sizes of the batches and how many programs were
/// built after the first step.
func train(
  _ sums: Vectorized<Network, Network, Tensor<Float>, Tensor<Int32>, Tensor<Int32>>, noise: Float
) throws -> (network: Network, milliseconds: Double, sizes: Set<Int>, built: Int) {
  var network = Network(Random.key(0))
  var state = try optimizer.initialState(for: network)
  var generator = SystemRandomNumberGenerator()
  var (times, sizes): ([Double], Set<Int>) = ([], [])
  var builtAtFirst = 0
  for step in 0..<steps {
    // Each image is there with the same probability, whichever others are.
    let batch = (0..<Int32(count)).filter { _ in
      Double.random(in: 0..<1, using: &generator) < rate
    }
    sizes.insert(batch.count)
    let start = ContinuousClock.now
    let sum = try sums(network, images, digits, Tensor(batch))
    (network, state) = try update(network, state, sum, Tensor(noise))
    _ = try network.output.bias.scalars()
    times.append((ContinuousClock.now - start) / .milliseconds(1))
    if step == 0 { builtAtFirst = try currentDevice().programsBuilt }
  }
  let built = try currentDevice().programsBuilt - builtAtFirst
  return (network, times.sorted()[steps / 2], sizes, built)
}

let open = try example.timed("\(steps) steps") { try train(plain, noise: 0) }
let hidden = try example.timed("\(steps) private steps") {
  try train(clipped, noise: noise * bound)
}
let accuracy = try data.accuracy(of: hidden.network)
let ratio = hidden.milliseconds / open.milliseconds
example.check("sizes of batches: \(hidden.sizes.count) different ones", hidden.sizes.count > 30)
example.check("programs built after the first step: \(hidden.built)", hidden.built == 0)
print("a private step: \(rounded(hidden.milliseconds)) ms, \(rounded(ratio)) times a plain one")
example.check(
  "accuracy: \(rounded(100 * accuracy)) % of images that it has not seen", accuracy >= 0.9)

// What the hidden units look for.
let weights = try hidden.network.hidden.weights.scalars()
var picture = Picture(width: 288, height: 144)
for unit in 0..<32 {
  let own = weights[unit * 64..<(unit + 1) * 64]
  let greatest = own.map(abs).max() ?? 1
  for (pixel, weight) in own.enumerated() {
    let color = Color.heat(Double(0.5 + weight / greatest / 2))
    let (x, y) = (unit % 8 * 36 + pixel % 8 * 4, unit / 8 * 36 + pixel / 8 * 4)
    for place in 0..<16 { picture[x + place % 4, y + place / 4] = color }
  }
}
try example.finish(picture)
