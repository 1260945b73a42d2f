import VMap

/// A network with one hidden layer: the scores of ten digits for the 64 pixels of one image.
struct Classifier: TensorTree {
  var w1: Tensor<Float>
  var b1: Tensor<Float>
  var w2: Tensor<Float>
  var b2: Tensor<Float>

  /// The log-probabilities for one image: a vector goes in, a vector comes out.
  func classify(_ image: Tensor<Float>) -> Tensor<Float> {
    let hidden = tanh(matmul(w1, image) + b1)
    return logSoftmax(matmul(w2, hidden) + b2)
  }

  /// The same for a matrix of images, with the batch written out by hand.
  func classifyBatch(_ images: Tensor<Float>) -> Tensor<Float> {
    let hidden = tanh(matmul(images, w1.transposed()) + b1)
    return logSoftmax(matmul(hidden, w2.transposed()) + b2)
  }
}
