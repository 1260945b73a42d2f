import Testing
import VMap

/// Products with Jacobians, Jacobians and Hessians of functions of trees.
@Suite struct TransformTests {
  private static let f: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { a, x in
    matmul(a, x * x)
  }

  private let a = Tensor<Float>([[1, 2, 0], [0, 1, 3]])
  private let x = Tensor<Float>([1, 2, 3])
  private let dx = Tensor<Float>([1, 0, -1])
  private let zero = Tensor<Float>([[0, 0, 0], [0, 0, 0]])

  @Test func forwardProducts() throws {
    let (y, dy) = try jvp(Self.f, (a, x), (zero, dx))
    try expect(y, [2], [9, 31])
    try expect(dy, [2], [2, -18])
    let (b, db) = try jvp({ (x: Tensor<Float>) in [x.sum(), x[0] * x[1]] }, x, dx)
    try expect(b[1], [], [2])
    try expect(db[0], [], [0])
    try expect(db[1], [], [2])
    let mapped = vmap { (v: Tensor<Float>) in
      try jvp({ (x: Tensor<Float>) in (x * x * x).sum() }, v, v).1
    }
    try expect(mapped(Tensor([[1, 1], [2, 0]])), [2], [6, 24])
    try expect(
      jvp(
        vmap(Self.f, inAxes: [nil, 0]), (a, x.reshaped(to: [1, 3])),
        (zero, dx.reshaped(to: [1, 3]))
      ).1, [1, 2], [2, -18])
  }

  @Test func reverseProducts() throws {
    let (y, pullback) = try vjp(Self.f, a, x)
    try expect(y, [2], [9, 31])
    let (da, dv) = try pullback(Tensor([1, -1]))
    try expect(da, [2, 3], [1, 4, 9, -1, -4, -9])
    try expect(dv, [3], [2, 4, -18])
    let rows = try vmap(pullback)(Tensor([[1, 0], [0, 1]]))
    try expect(rows.1, [2, 3], [2, 8, 0, 0, 4, 18])
    let inside = vmap { (x: Tensor<Float>) in
      let (y, pullback) = try vjp({ (x: Tensor<Float>) in exp(x) }, x)
      return try pullback(pullback(y))
    }
    let value = try inside(Tensor<Float>([0])).scalars()
    #expect(value == [1])
  }

  @Test func linearized() throws {
    let (y, derivative) = try linearize(Self.f, a, x)
    try expect(y, [2], [9, 31])
    try expect(derivative(zero, dx), [2], [2, -18])
    try expect(
      vmap(derivative, inAxes: [nil, 0])(zero, Tensor([[1, 0, -1], [0, 1, 0]])), [2, 2],
      [2, -18, 8, 4])
  }

  @Test(arguments: [JacobianMode.byShape, .forward, .reverse])
  func jacobians(mode: JacobianMode) throws {
    let a = a
    let g: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in Self.f(a, x) }
    try expect(jacobian(g, mode: mode)(x), [2, 3], [2, 8, 0, 0, 4, 18])
    try expect(
      vmap(jacobian(g, mode: mode))(Tensor([[1, 2, 3], [0, 1, 0]])), [2, 2, 3],
      [2, 8, 0, 0, 4, 18, 0, 4, 0, 0, 2, 0])
    let tree: @Sendable ([Tensor<Float>], Tensor<Float>) -> Tensor<Float> = { p, x in
      p[0] * x + p[1]
    }
    let parts = try jacobian(tree, mode: mode)([Tensor(2), dx], x)
    try expect(parts[0], [3], [1, 2, 3])
    try expect(parts[1], [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let many = try jacobian(
      { (x: Tensor<Float>) in ["sum": x.sum(), "square": x * x] }, mode: mode)(x)
    try expect(try #require(many["sum"]), [3], [1, 1, 1])
    try expect(try #require(many["square"]), [3, 3], [2, 0, 0, 0, 4, 0, 0, 0, 6])
    try expect(
      jacobian(vmap { (x: Tensor<Float>) in x * x }, mode: mode)(x), [3, 3],
      [2, 0, 0, 0, 4, 0, 0, 0, 6])
  }

  @Test func hessians() throws {
    let f: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { x, y in
      (x * x * x * y).sum() + x[0] * x[2]
    }
    let expected: [Float] = [6, 0, 1, 0, 0, 0, 1, 0, -18]
    try expect(hessian(f)(x, dx), [3, 3], expected)
    try expect(
      vmap(hessian(f), inAxes: [0, nil])(x.reshaped(to: [1, 3]), dx), [1, 3, 3], expected)
    let dx = dx
    let g: @Sendable (Tensor<Float>) -> Tensor<Float> = { f($0, dx) }
    try expect(jvp(grad(g), x, dx).1, [3], [5, 0, 19])
  }

  @Test func errors() throws {
    expectError(.shapeMismatch, naming: "jvp", "tangent of argument 1", "f32[3]", "f32[2]") {
      try jvp(Self.f, (a, x), (zero, Tensor([1, 2])))
    }
    expectError(.invalidArgument, naming: "jvp", "tensor") {
      try jvp({ (x: [Tensor<Float>]) in x[0] }, [x], [x, x])
    }
    let (_, pullback) = try vjp(Self.f, a, x)
    expectError(.shapeMismatch, naming: "vjp", "cotangent", "f32[2]", "f32[3]") {
      try pullback(x)
    }
    expectError(.shapeMismatch, naming: "hessian", "scalar", "f32[3]") {
      try hessian { (x: Tensor<Float>) in x * 2 }(x)
    }
  }

  /// Holds a pullback for longer than it is good for.
  private final class Box: @unchecked Sendable {
    var pullback: Vectorized<Tensor<Float>, Tensor<Float>>?
  }

  @Test func pullbacksThatEscape() throws {
    let box = Box()
    let f = jit { (x: Tensor<Float>) in
      let (y, pullback) = try vjp({ (x: Tensor<Float>) in x * x }, x)
      box.pullback = pullback
      return y
    }
    _ = try f(x)
    let pullback = try #require(box.pullback)
    expectError(.tracerEscaped) { try pullback(x) }
  }
}
