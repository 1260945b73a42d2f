// Handwritten digits: a classifier is written for one image and run on 360 of them with `vmap`.

import Foundation
import VMap

let data =
  CommandLine.arguments.dropFirst().first
  ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Data"

func tensor(_ name: String) throws -> Tensor<Float> {
  try Tensor(contentsOfNPY: "\(data)/\(name).npy")
}

/// Runs once to warm up, then some times, and gives the shortest time.
func bestTime(of runs: Int, _ body: () throws -> Void) rethrows -> Duration {
  try body()
  var best = Duration.seconds(1_000_000)
  for _ in 0..<runs { best = min(best, try ContinuousClock().measure(body)) }
  return best
}

func microseconds(_ time: Duration) -> String { "\(Int((time / .microseconds(1)).rounded())) µs" }

func ratio(_ time: Duration, to other: Duration) -> Double { (time / other * 10).rounded() / 10 }

let model = Classifier(
  w1: try tensor("W1"), b1: try tensor("b1"), w2: try tensor("W2"), b2: try tensor("b2"))
let images = try tensor("images")
let labels = try Tensor<Int32>(contentsOfNPY: "\(data)/labels.npy").scalars()
let expected = try tensor("expected_logp").scalars()

// The whole of it: one model for all images, one image for each example.
let classify = vmap(
  { (model: Classifier, image: Tensor<Float>) in model.classify(image) }, inAxes: [nil, 0])

let device = try currentDevice()
print("device        \(device.name): \(device.reason)")
let logProbabilities = try classify(model, images)
let answers = try logProbabilities.scalars()
let kernelCount = try classify.lowered(model, images).kernelCount
let after = try currentDevice()
print(
  "programs      \(after.programsBuilt) built from source, \(after.programsLoaded) from disk")
print("kernels       \(kernelCount) for \(labels.count) images")

let guesses = try logProbabilities.argmax(axis: 1).scalars()
let correct = zip(guesses, labels).count { $0 == $1 }
let accuracy = (100_000 * Double(correct) / Double(labels.count)).rounded() / 100_000
print("accuracy      \(accuracy) (\(correct) of \(labels.count))")
let largestDifference = zip(answers, expected).map { abs($0 - $1) }.max() ?? .infinity
print("vs. JAX       log-probabilities differ by at most \(largestDifference)")

// Three ways: the per-example function over the batch, called in a loop, and batched by hand.
let single = jit { (model: Classifier, image: Tensor<Float>) in model.classify(image) }
let byHand = jit { (model: Classifier, images: Tensor<Float>) in model.classifyBatch(images) }
let pixels = try images.scalars()
let separate = (0..<labels.count).map { Tensor<Float>(Array(pixels[$0 * 64..<$0 * 64 + 64])) }

let batched = try bestTime(of: 50) { _ = try classify(model, images).scalars() }
let looped = try bestTime(of: 5) {
  for image in separate { _ = try single(model, image).scalars() }
}
let handWritten = try bestTime(of: 50) { _ = try byHand(model, images).scalars() }
print("vmap          \(microseconds(batched)) for the batch")
print("loop of calls \(microseconds(looped)), \(ratio(looped, to: batched)) times as long")
print(
  "by hand       \(microseconds(handWritten)), \(ratio(handWritten, to: batched)) times as long")

guard largestDifference < 1e-4, correct == 356 else {
  print("The results are wrong.")
  exit(1)
}
