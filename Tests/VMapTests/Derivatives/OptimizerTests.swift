import Testing
import VMap

/// Steps downhill on trees.
@Suite struct OptimizerTests {
  private let start = ["w": Tensor<Float>([1, -2]), "b": Tensor<Float>(3)]
  private let slope = ["w": Tensor<Float>([0.5, 1]), "b": Tensor<Float>(-2)]

  @Test func momentum() throws {
    let optimizer = SGD(learningRate: 0.5, momentum: 0.5)
    var (parameters, velocity) = (start, try optimizer.initialState(for: start))
    for _ in 0..<2 {
      (parameters, velocity) = try optimizer.updated(parameters, velocity, gradient: slope)
    }
    // The steps are half of the slope, and of one and a half times it.
    try expect(try #require(parameters["w"]), [2], [0.375, -3.25])
    try expect(try #require(parameters["b"]), [], [5.5])
    try expect(try #require(velocity["b"]), [], [-3])
  }

  /// With a gradient that stays, both means of Adam are the gradient and its square: each step has the
  /// length of the learning rate.
  @Test func adam() throws {
    let optimizer = Adam(learningRate: 0.25)
    var (parameters, state) = (start, try optimizer.initialState(for: start))
    let step = jit {
      (p: [String: Tensor<Float>], s: Adam.State<[String: Tensor<Float>]>) in
      try optimizer.updated(
        p, s, gradient: ["w": Tensor<Float>([0.5, 1]), "b": Tensor<Float>(-2)])
    }
    for _ in 0..<4 { (parameters, state) = try step(parameters, state) }
    #expect(try state.count.scalar() == 4)
    let w = try #require(parameters["w"]).scalars()
    let b = try #require(parameters["b"]).scalar()
    for (value, wanted) in zip(w + [b], [0, -3, 4] as [Float]) {
      #expect(abs(value - wanted) < 1e-5)
    }
  }

  /// Adam against the paper's formulas in plain Swift, with gradients that change.
  @Test func adamFindsAMinimum() throws {
    let optimizer = Adam(learningRate: 0.1)
    let loss: @Sendable (Tensor<Double>) -> Tensor<Double> = { x in square(x - 3) }
    var (x, state) = (Tensor<Double>(0), try optimizer.initialState(for: Tensor<Double>(0)))
    var (expected, mean, variance) = (0.0, 0.0, 0.0)
    var (decay1, decay2) = (1.0, 1.0)
    for _ in 0..<20 {
      (x, state) = try optimizer.updated(x, state, gradient: grad(loss)(x))
      let slope = 2 * (expected - 3)
      (mean, variance) = (0.9 * mean + 0.1 * slope, 0.999 * variance + 0.001 * slope * slope)
      (decay1, decay2) = (decay1 * 0.9, decay2 * 0.999)
      expected -=
        0.1 * (mean / (1 - decay1)) / ((variance / (1 - decay2)).squareRoot() + 1e-8)
    }
    #expect(try abs(x.scalar() - expected) < 1e-9)
  }

  @Test func errors() throws {
    let optimizer = SGD(learningRate: 1)
    expectError(.shapeMismatch, naming: "optimizer", "f32[2]", "f32[3]") {
      try optimizer.updated(
        Tensor<Float>([1, 2]), Tensor<Float>([1, 2]), gradient: Tensor<Float>([1, 2, 3]))
    }
    expectError(.invalidArgument, naming: "optimizer", ".b") {
      try optimizer.updated(start, start, gradient: ["w": Tensor<Float>([1, 2])])
    }
  }
}
