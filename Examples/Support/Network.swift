import VMap

/// A network with one hidden layer of 32 units: the log-probabilities of ten digits for 64 pixels.
struct Network: TensorTree {
  var hidden: Layer
  var output: Layer

  /// Weights at random, of a size that keeps that of what goes through.
  init(_ key: Random.Key) {
    let keys = key.split()
    hidden = Layer(keys[0], inputs: 64, outputs: 32)
    output = Layer(keys[1], inputs: 32, outputs: 10)
  }

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("hidden", &hidden)
    try visit("output", &output)
  }

  func callAsFunction(_ image: Tensor<Float>) -> Tensor<Float> {
    logSoftmax(output(tanh(hidden(image))))
  }
}

/// An affine function of a vector.
struct Layer: TensorTree {
  var weights: Tensor<Float>
  var bias: Tensor<Float>

  init(_ key: Random.Key, inputs: Int, outputs: Int) {
    let scale = 1 / Float(inputs).squareRoot()
    weights = Random.normal(key, [outputs, inputs], of: Float.self) * scale
    bias = Tensor<Float>.zeros([outputs])
  }

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("weights", &weights)
    try visit("bias", &bias)
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { matmul(weights, x) + bias }
}
