// Handwritten digits from scratch: the loss is written for one image, mapped over a batch, and
// differentiated for the weights that the batch shares.

import ExampleSupport
import Foundation
import VMap

var example = Example("training", "A classifier of digits, trained from scratch")
let data = try DigitImages()
let (images, digits) = (data.images, data.digits)

let loss: @Sendable (Network, Tensor<Float>, Tensor<Int32>) -> Tensor<Float> = {
  network, image, digit in
  network.loss(image, digit)
}
let meanLoss: @Sendable (Network, Tensor<Float>, Tensor<Int32>) throws -> Tensor<Float> = {
  network, images, digits in
  try vmap(loss, inAxes: [nil, 0, 0])(network, images, digits).mean()
}

let (batchSize, epochs) = (128, 60)
let optimizer = Adam(learningRate: 3e-3)
let batches = images.shape[0] / batchSize

/// Once through all images in a random order: the network and the optimizer's state after it, and the
/// mean loss.
let epoch = jit {
  (network: Network, state: Adam.State<Network>, images: Tensor<Float>, digits: Tensor<Int32>) in
  let key = Random.key(1).foldIn(state.count)
  let order = Random.permutation(key, images.shape[0])[..<(batches * batchSize)]
  let (last, losses) = try scan(Tuple(network, state), order.reshaped(to: [batches, batchSize])) {
    carry, batch in
    let (network, state) = carry.elements
    let (value, gradient) = try valueAndGrad(meanLoss)(
      network, images.take(batch, axis: 0), digits.take(batch, axis: 0))
    let (next, nextState) = try optimizer.updated(network, state, gradient: gradient)
    return (Tuple(next, nextState), value)
  }
  let (next, nextState) = last.elements
  return (next, nextState, losses.mean())
}

var network = Network(Random.key(0))
var state = try optimizer.initialState(for: network)
var curve: [Double] = []
try example.timed("\(epochs) times through \(images.shape[0]) images") {
  for _ in 0..<epochs {
    let value: Tensor<Float>
    (network, state, value) = try epoch(network, state, images, digits)
    curve.append(Double(try value.scalar()))
  }
}

let accuracy = try data.accuracy(of: network)
example.check("loss: from \(rounded(curve[0])) to \(rounded(curve[epochs - 1]))", curve[0] > 1)
example.check(
  "accuracy: \(rounded(100 * accuracy)) % of \(data.testDigits.count) images that it has not seen",
  accuracy >= 0.98)

var picture = Picture(width: 480, height: 320)
let frame = Frame(x: 0...Double(epochs - 1), y: -4...0.5, columns: 0..<480)
picture.drawPath(
  curve.enumerated().map { (Double($0), log10($1)) }, in: frame, color: Color.heat(0.6))
try example.finish(picture)
