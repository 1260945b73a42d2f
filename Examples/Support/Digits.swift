import Foundation
public import VMap

/// Images of handwritten digits: 1,437 to learn from and 360 to be tested with.
public struct DigitImages {
  /// The images to learn from, a row of 64 pixels each.
  public let images: Tensor<Float>
  /// What they show.
  public let digits: Tensor<Int32>
  /// The images to be tested with.
  public let testImages: Tensor<Float>
  /// What these show.
  public let testDigits: [Int32]

  /// Reads the files beside the examples.
  public init() throws {
    let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = examples.path + "/Digits/Data"
    images = try Tensor(contentsOfNPY: "\(data)/train_images.npy")
    digits = try Tensor(contentsOfNPY: "\(data)/train_labels.npy")
    testImages = try Tensor(contentsOfNPY: "\(data)/images.npy")
    testDigits = try Tensor<Int32>(contentsOfNPY: "\(data)/labels.npy").scalars()
  }

  /// The part of the images to be tested with that a network knows.
  public func accuracy(of network: Network) throws -> Double {
    let classify = vmap(
      { (network: Network, image: Tensor<Float>) in network(image).argmax() }, inAxes: [nil, 0])
    let guesses = try classify(network, testImages).scalars()
    return Double(zip(guesses, testDigits).count { $0 == $1 }) / Double(testDigits.count)
  }
}
