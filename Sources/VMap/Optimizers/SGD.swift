/// Steps downhill, with momentum.
///
///     let optimizer = SGD(learningRate: 0.1, momentum: 0.9)
///     var velocity = try optimizer.initialState(for: model)
///     let step = jit { (model: Model, velocity: Model, batch: Tensor<Float>) in
///       try optimizer.updated(model, velocity, gradient: grad(loss)(model, batch))
///     }
///     (model, velocity) = try step(model, velocity, batch)
///
/// After `optax.sgd`.
public struct SGD: Sendable, Hashable {
  /// How far a step goes.
  public var learningRate: Double
  /// How much of a step the next one keeps.
  public var momentum: Double

  /// An optimizer; without momentum by default.
  public init(learningRate: Double, momentum: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
  }

  /// The velocity to begin with: zeros.
  ///
  /// - Throws: ``VMapError`` where the tree cannot be visited.
  public func initialState<Parameters: TensorTree>(
    for parameters: Parameters
  ) throws(VMapError) -> Parameters {
    try parameters.mappingNumbers { [$0[0].zeros] }[0]
  }

  /// The parameters after a step, and the velocity for the next one.
  ///
  /// - Parameters:
  ///   - parameters: A tree; integers and truth values in it stay as they are.
  ///   - velocity: What ``initialState(for:)`` or the step before gave.
  ///   - gradient: A tree like the parameters.
  /// - Throws: ``VMapError`` where the trees differ in structure, element types or shapes.
  public func updated<Parameters: TensorTree>(
    _ parameters: Parameters, _ velocity: Parameters, gradient: Parameters
  ) throws(VMapError) -> (Parameters, Parameters) {
    let results = try parameters.mappingNumbers(with: [velocity, gradient], resultCount: 2) { x in
      let velocity = x[1].scaled(by: momentum) + x[2]
      return [x[0] - velocity.scaled(by: learningRate), velocity]
    }
    return (results[0], results[1])
  }
}
