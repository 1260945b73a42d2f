public import VMap

/// A network with one hidden layer of 32 units: the log-probabilities of ten digits for 64 pixels.
public struct Network: TensorTree {
  /// From pixels to hidden units.
  public var hidden: Layer
  /// From hidden units to digits.
  public var output: Layer

  /// Weights at random, of a size that keeps that of what goes through.
  public init(_ key: Random.Key) {
    let keys = key.split()
    hidden = Layer(keys[0], inputs: 64, outputs: 32)
    output = Layer(keys[1], inputs: 32, outputs: 10)
  }

  /// Visits all fields.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("hidden", &hidden)
    try visit("output", &output)
  }

  /// The log-probability of each digit.
  public func callAsFunction(_ image: Tensor<Float>) -> Tensor<Float> {
    logSoftmax(output(tanh(hidden(image))))
  }

  /// How surprising a digit is to the network.
  public func loss(_ image: Tensor<Float>, _ digit: Tensor<Int32>) -> Tensor<Float> {
    -self(image).take(digit)
  }

  /// A network made tensor by tensor.
  public func mapping(_ function: (Tensor<Float>) -> Tensor<Float>) -> Network {
    var result = self
    result.hidden = hidden.mapping(function)
    result.output = output.mapping(function)
    return result
  }

  /// All tensors.
  public var tensors: [Tensor<Float>] { [hidden, output].flatMap { [$0.weights, $0.bias] } }
}

/// An affine function of a vector.
public struct Layer: TensorTree {
  /// A row for each output.
  public var weights: Tensor<Float>
  /// What is added to each output.
  public var bias: Tensor<Float>

  init(_ key: Random.Key, inputs: Int, outputs: Int) {
    let scale = 1 / Float(inputs).squareRoot()
    weights = Random.normal(key, [outputs, inputs], of: Float.self) * scale
    bias = Tensor<Float>.zeros([outputs])
  }

  /// Visits all fields.
  public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try visit("weights", &weights)
    try visit("bias", &bias)
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { matmul(weights, x) + bias }

  func mapping(_ function: (Tensor<Float>) -> Tensor<Float>) -> Layer {
    var result = self
    result.weights = function(weights)
    result.bias = function(bias)
    return result
  }
}
