import Testing
import VMap

/// Gradients of functions of trees, in every nesting with maps.
@Suite struct GradTests {
  /// The sum of w² x, whose gradients are 2 w x and w².
  private static let loss: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, x in
    (w * w * x).sum()
  }

  private let w = Tensor<Float>([1, 2, 3])
  private let x = Tensor<Float>([4, 5, 6])
  private let xs = Tensor<Float>([[4, 5, 6], [1, 0, -1]])

  @Test func callsAndMaps() throws {
    try expect(grad(Self.loss)(w, x), [3], [8, 20, 36])
    try expect(jit(grad(Self.loss))(w, x), [3], [8, 20, 36])
    try expect(
      vmap(grad(Self.loss), inAxes: [nil, 0])(w, xs), [2, 3], [8, 20, 36, 2, 0, -6])
    try expect(
      vmap(grad(Self.loss), inAxes: [nil, 1], outAxes: 1)(w, xs.transposed()), [3, 2],
      [8, 2, 20, 0, 36, -6])
  }

  @Test func valuesBeside() throws {
    let (value, slope) = try valueAndGrad(Self.loss)(w, x)
    try expect(value, [], [78])
    try expect(slope, [3], [8, 20, 36])
    let (values, slopes) = try vmap(valueAndGrad(Self.loss), inAxes: [nil, 0])(w, xs)
    try expect(values, [2], [78, -8])
    try expect(slopes, [2, 3], [8, 20, 36, 2, 0, -6])
  }

  @Test func allArguments() throws {
    let (dw, dx) = try grad(ofAll: Self.loss)(w, x)
    try expect(dw, [3], [8, 20, 36])
    try expect(dx, [3], [1, 4, 9])
    let (value, one, other) = try vmap(valueAndGrad(ofAll: Self.loss), inAxes: [nil, 0])(w, xs)
    try expect(value, [2], [78, -8])
    try expect(one, [2, 3], [8, 20, 36, 2, 0, -6])
    try expect(other, [2, 3], [1, 4, 9, 1, 4, 9])
  }

  @Test func somethingBesides() throws {
    let f: @Sendable (Tensor<Float>, Tensor<Float>) -> (Tensor<Float>, Tensor<Float>) = { w, x in
      let y = w * x
      return ((w * y).sum(), y)
    }
    let (slope, y) = try grad(withAux: f)(w, x)
    try expect(slope, [3], [8, 20, 36])
    try expect(y, [3], [4, 10, 18])
    let (value, ys, slopes) = try vmap(valueAndGrad(withAux: f), inAxes: [nil, 0])(w, xs)
    try expect(value, [2], [78, -8])
    try expect(ys, [2, 3], [4, 10, 18, 1, 0, -3])
    try expect(slopes, [2, 3], [8, 20, 36, 2, 0, -6])
  }

  /// A mean over the batch: its gradient for what the batch shares is one sum.
  @Test func ofMaps() throws {
    let mapped = vmap(Self.loss, inAxes: [nil, 0])
    let total: @Sendable (Tensor<Float>, Tensor<Float>) throws -> Tensor<Float> = { w, xs in
      try mapped(w, xs).sum()
    }
    try expect(grad(total)(w, xs), [3], [10, 20, 30])
    let shared = vmap(
      { (w: Tensor<Float>, x: Tensor<Float>) in Self.loss(w, x).sum(over: "batch") },
      inAxes: [nil, 0], outAxes: nil, axisName: "batch")
    try expect(grad(shared)(w, xs), [3], [10, 20, 30])
    let (value, slope) = try valueAndGrad(shared)(w, xs)
    try expect(value, [], [70])
    try expect(slope, [3], [10, 20, 30])
    try expect(
      vmap(grad(total), inAxes: [0, nil])(Tensor<Float>([[1, 2, 3], [1, 1, 1]]), xs), [2, 3],
      [10, 20, 30, 10, 10, 10])
  }

  @Test func higherOrders() throws {
    let cube: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in x * x * x }
    try expect(grad(cube)(Tensor(2)), [], [12])
    try expect(grad(grad(cube))(Tensor(2)), [], [12])
    try expect(grad(grad(grad(cube)))(Tensor(2)), [], [6])
    try expect(vmap(grad(grad(cube)))(Tensor([1, 2])), [2], [6, 12])
    let inner: @Sendable (Tensor<Float>) throws -> Tensor<Float> = { x in try grad(cube)(x) * x }
    try expect(vmap(grad(inner))(Tensor([1, 2])), [2], [9, 36])
  }

  /// Of perturbations of two depths none is taken for the other.
  @Test func nestedPerturbations() throws {
    let outer = grad { (x: Tensor<Float>) in
      try x * grad { (y: Tensor<Float>) in x + y }(Tensor(1))
    }
    try expect(outer(Tensor(1)), [], [1])
    let captured = grad { (x: Tensor<Float>) in try grad { (y: Tensor<Float>) in x * y * y }(x) }
    try expect(captured(Tensor(3)), [], [12])
  }

  @Test func capturedTensors() throws {
    let x = x
    try expect(grad { (w: Tensor<Float>) in (w * x).sum() }(w), [3], [4, 5, 6])
    let slopes = vmap(
      { (w: Tensor<Float>, x: Tensor<Float>) in
        try grad { (w: Tensor<Float>) in Self.loss(w, x) }(w)
      }, inAxes: [nil, 0])
    try expect(slopes(w, xs), [2, 3], [8, 20, 36, 2, 0, -6])
  }

  @Test func trees() throws {
    let f: @Sendable ([String: Tensor<Float>], [Tensor<Float>]) -> Tensor<Float> = { p, x in
      guard let a = p["a"], let b = p["b"] else { return Tensor(0) }
      return (a * x[0] + b).sum() * x[1]
    }
    let parameters = ["a": w, "b": Tensor<Float>(1)]
    let slope = try grad(f)(parameters, [x, Tensor(2)])
    try expect(try #require(slope["a"]), [3], [8, 10, 12])
    try expect(try #require(slope["b"]), [], [6])
    let mapped = try vmap(grad(f), inAxes: [["a": nil, "b": nil], [0, nil]])(
      parameters, [xs, Tensor(2)])
    try expect(try #require(mapped["a"]), [2, 3], [8, 10, 12, 2, 0, -2])
  }

  /// Integers and truth values do not change.
  @Test func integers() throws {
    let f: @Sendable (Tuple<Tensor<Float>, Tensor<Int32>, Tensor<Bool>>) -> Tensor<Float> = {
      let (x, n, isOn) = $0.elements
      return (`where`(isOn, x * n.asType(Float.self), x)).sum()
    }
    let slope = try grad(f)(Tuple(w, Tensor<Int32>([2, 3, 4]), Tensor([true, false, true])))
    try expect(slope.elements.0, [3], [2, 1, 4])
    try expect(slope.elements.1, [3], [0, 0, 0])
    try expect(slope.elements.2, [3], [false, false, false])
  }

  /// What was not chosen contributes neither a value nor NaN.
  @Test func unchosenElements() throws {
    let f: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in
      `where`(x .> 0, sqrt(x), Tensor(0)).sum()
    }
    try expect(grad(f)(Tensor([4, 0, -1])), [3], [0.25, 0, 0])
    try expect(vmap(grad(f))(Tensor([4, 0, -1])), [3], [0.25, 0, 0])
    let branch: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in
      cond(x .> 0) {
        log(x)
      } else: {
        x
      }
    }
    try expect(vmap(grad(branch))(Tensor([4, 0, -1])), [3], [0.25, 1, 1])
  }

  @Test func stoppedGradients() throws {
    let f: @Sendable (Tensor<Float>) -> Tensor<Float> = { w in (w * stopGradient(w)).sum() }
    try expect(grad(f)(w), [3], [1, 2, 3])
    try expect(vmap(grad(f))(xs), [2, 3], [4, 5, 6, 1, 0, -1])
    try expect(stopGradient([w])[0], [3], [1, 2, 3])
    try expect(jvp({ (w: Tensor<Float>) in stopGradient(w) * w }, w, x).1, [3], [4, 10, 18])
  }

  /// Inside of a `vmap` whose axis has a name, cotangents are summed over it, as `jax.grad` does.
  @Test func collectivesAround() throws {
    let f = vmap(
      { (x: Tensor<Float>) in
        try grad { (y: Tensor<Float>) in square(y.sum(over: "i")) }(x)
      }, axisName: "i")
    // The sum is 6, its square counts 12 for each of three examples, of which all read each.
    try expect(f(Tensor([1, 2, 3])), [3], [36, 36, 36])
    let centered = vmap(
      { (x: Tensor<Float>) in
        try grad { (y: Tensor<Float>) in square(y - y.mean(over: "i")) }(x)
      }, axisName: "i")
    try expect(centered(Tensor([1, 2, 6])), [3], [-4, -2, 6])
  }

  /// As in JAX, a gradient for a complex number is the conjugate of the steepest ascent.
  @Test func complexNumbers() throws {
    let size: @Sendable (Tensor<Complex<Float>>) -> Tensor<Float> = { z in square(abs(z)).sum() }
    let z = Tensor<Complex<Float>>([Complex(3, 4), Complex(0, -1), Complex(0, 0)])
    let slope = try grad(size)(z).scalars()
    #expect(slope == [Complex(6, -8), Complex(0, 2), Complex(0, 0)])
    let (_, pullback) = try vjp({ (z: Tensor<Complex<Float>>) in z * z }, z)
    let one = Tensor<Complex<Float>>([Complex(1, 0), Complex(1, 0), Complex(1, 0)])
    #expect(try pullback(one).scalars() == [Complex(6, 8), Complex(0, -2), Complex(0, 0)])
  }

  @Test func emptyBatches() throws {
    let none = try Tensor<Float>(shape: [0, 3], scalars: [])
    try expect(vmap(grad(Self.loss), inAxes: [nil, 0])(w, none), [0, 3], [])
  }

  @Test func errors() throws {
    let vector: @Sendable (Tensor<Float>) -> Tensor<Float> = { $0 * 2 }
    expectError(.shapeMismatch, naming: "grad", "scalar", "f32[3]") { try grad(vector)(w) }
    expectError(.shapeMismatch, naming: "valueAndGrad", "f32[3]") {
      try vmap(valueAndGrad(vector))(xs)
    }
    struct Mine: Error {}
    let throwing: @Sendable (Tensor<Float>) throws -> Tensor<Float> = { _ in throw Mine() }
    expectError(.functionFailed, naming: "Mine") { try grad(throwing)(w) }
    let wrong: @Sendable (Tensor<Float>) -> Tensor<Float> = { ($0 + Tensor([1, 2])).sum() }
    expectError(.shapeMismatch, naming: "add") { try grad(wrong)(w) }
  }
}
