/// Steps downhill, each parameter by a length of its own.
///
///     let optimizer = Adam(learningRate: 1e-3)
///     var state = try optimizer.initialState(for: model)
///     let step = jit { (model: Model, state: Adam.State<Model>, batch: Tensor<Float>) in
///       try optimizer.updated(model, state, gradient: grad(loss)(model, batch))
///     }
///     (model, state) = try step(model, state, batch)
///
/// D. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, algorithm 1. After
/// `optax.adam`.
public struct Adam: Sendable, Hashable {
  /// How far a step goes.
  public var learningRate: Double
  /// How much of the mean of the gradients the next step keeps.
  public var beta1: Double
  /// How much of the mean of their squares the next step keeps.
  public var beta2: Double
  /// What is added to the root of that mean.
  public var epsilon: Double

  /// An optimizer with the numbers of the paper by default.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// What one step tells the next.
  public struct State<Parameters: TensorTree>: TensorTree {
    /// The number of steps made.
    public var count: Tensor<Int32>
    /// The mean of the gradients.
    public var mean: Parameters
    /// The mean of their squares.
    public var square: Parameters

    /// Visits the count and both means.
    public mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      try visit("count", &count)
      try visit("mean", &mean)
      try visit("square", &square)
    }
  }

  /// The state to begin with: zeros.
  ///
  /// - Throws: ``VMapError`` where the tree cannot be visited.
  public func initialState<Parameters: TensorTree>(
    for parameters: Parameters
  ) throws(VMapError) -> State<Parameters> {
    let zeros = try parameters.mappingNumbers { [$0[0].zeros] }[0]
    return State(count: Tensor(0), mean: zeros, square: zeros)
  }

  /// The parameters after a step, and the state for the next one.
  ///
  /// - Parameters:
  ///   - parameters: A tree; integers and truth values in it stay as they are.
  ///   - state: What ``initialState(for:)`` or the step before gave.
  ///   - gradient: A tree like the parameters.
  /// - Throws: ``VMapError`` where the trees differ in structure, element types or shapes.
  public func updated<Parameters: TensorTree>(
    _ parameters: Parameters, _ state: State<Parameters>, gradient: Parameters
  ) throws(VMapError) -> (Parameters, State<Parameters>) {
    let count = state.count + 1
    let trees = [state.mean, state.square, gradient]
    let results = try parameters.mappingNumbers(with: trees, resultCount: 3) { x in
      let (parameter, gradient) = (x[0], x[3])
      let mean = x[1].scaled(by: beta1) + gradient.scaled(by: 1 - beta1)
      let square = x[2].scaled(by: beta2) + (gradient * gradient).scaled(by: 1 - beta2)
      // Both began as zeros, which is made up for.
      func unbiased(_ mean: Term, _ beta: Double) -> Term {
        let count = Term(count.handle).converted(to: mean.element)
        return mean / (mean.constant(1) - Term("pow", mean.constant(beta), count))
      }
      let root = unbiased(square, beta2).squareRoot + square.constant(epsilon)
      let step = (unbiased(mean, beta1) / root).scaled(by: learningRate)
      return [parameter - step, mean, square]
    }
    return (results[0], State(count: count, mean: results[1], square: results[2]))
  }
}
