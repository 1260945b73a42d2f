import Testing
import VMap

/// Functions with derivatives of their own.
@Suite struct CustomRuleTests {
  private let x = Tensor<Float>([1, 2, 3])

  /// The square, with three times its derivative, so that the rule is seen.
  private let forward = customJVP(
    { (x: Tensor<Float>) in x * x }, jvp: { x, dx in 6 * x * dx })

  private let reverse = customVJP(
    { (x: Tensor<Float>) in x * x },
    vjp: { x in
      let tripled = 3 * x
      return (x * x, { ct in 2 * tripled * ct })
    })

  @Test func valuesAreThoseOfTheFunction() throws {
    try expect(forward(x), [3], [1, 4, 9])
    try expect(vmap(forward)(x), [3], [1, 4, 9])
    try expect(vmap(reverse)(x), [3], [1, 4, 9])
  }

  @Test func bothModesFollowARuleForward() throws {
    let forward = forward
    let f: @Sendable (Tensor<Float>) throws -> Tensor<Float> = { x in try forward(x).sum() }
    try expect(grad(f)(x), [3], [6, 12, 18])
    try expect(vmap(grad(forward))(x), [3], [6, 12, 18])
    try expect(jit(grad(f))(x), [3], [6, 12, 18])
    try expect(jvp(forward, x, x).1, [3], [6, 24, 54])
    try expect(hessian(f)(x), [3, 3], [6, 0, 0, 0, 6, 0, 0, 0, 6])
    try expect(grad { (x: Tensor<Float>) in try vmap(forward)(x).sum() }(x), [3], [6, 12, 18])
  }

  @Test func rulesInReverse() throws {
    let reverse = reverse
    let f: @Sendable (Tensor<Float>) throws -> Tensor<Float> = { x in try reverse(x).sum() }
    try expect(grad(f)(x), [3], [6, 12, 18])
    try expect(vmap(grad(reverse))(x), [3], [6, 12, 18])
    try expect(grad { (x: Tensor<Float>) in try vmap(reverse)(x).sum() }(x), [3], [6, 12, 18])
    try expect(vmap(grad(grad(reverse)))(x), [3], [6, 6, 6])
    try expect(hessian(f)(x), [3, 3], [6, 0, 0, 0, 6, 0, 0, 0, 6])
    expectError(.notDifferentiable, naming: "customVJP", "reverse mode", "argument 0") {
      try jvp(reverse, x, x)
    }
    // In the body of a loop, of an argument that is a tree.
    let looped: @Sendable ([String: Tensor<Float>]) throws -> Tensor<Float> = { p in
      guard let a = p["a"], let b = p["b"] else { return Tensor(0) }
      return whileLoop(a) {
        $0.sum() .< 9
      } do: {
        try reverse($0) + b
      }
    }
    let p = ["a": x, "b": x * 0]
    expectError(.notDifferentiable, naming: "customVJP", "argument 0.a") { try jvp(looped, p, p) }
  }

  @Test func severalArguments() throws {
    let product = customJVP(
      { (x: Tensor<Float>, y: Tensor<Float>) in x * y },
      jvp: { x, y, dx, dy in 10 * (x * dy + y * dx) })
    let (dx, dy) = try grad(ofAll: { (x: Tensor<Float>, y: Tensor<Float>) in
      try product(x, y).sum()
    })(x, x + 1)
    try expect(dx, [3], [20, 30, 40])
    try expect(dy, [3], [10, 20, 30])
    let scaled = customVJP(
      { (x: Tensor<Float>, scale: Tensor<Float>) in x },
      vjp: { x, scale in (x, { ct in (ct * scale, stopGradient(scale) * 0) }) })
    try expect(
      vmap(grad { (x: Tensor<Float>, s: Tensor<Float>) in try scaled(x, s) })(x, x), [3], [1, 2, 3])
  }

  /// In loops the rule is applied at each step.
  @Test func inLoops() throws {
    let (forward, reverse) = (forward, reverse)
    for rule in [forward, reverse] {
      let counted: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in
        fori(0, 2, x) { _, y in try rule(y) }
      }
      // x⁴, with derivatives tripled twice.
      try expect(vmap(grad(counted))(x), [3], [36, 288, 972])
      let open: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in
        whileLoop(x) {
          $0 .< 4
        } do: { y in
          try rule(y + 1)
        }
      }
      try expect(vmap(grad(open))(Tensor([0, 1, 5])), [3], [72, 12, 1])
    }
  }

  @Test func rulesThatDoNotFit() throws {
    let x = x
    let shape = customJVP({ (x: Tensor<Float>) in x * x }, jvp: { x, dx in dx.sum() })
    expectError(.shapeMismatch, naming: "customJVP", "f32[]", "f32[3]") { try jvp(shape, x, x) }
    let cotangent = customVJP(
      { (x: Tensor<Float>) in x.sum() }, vjp: { x in (x.sum(), { ct in ct }) })
    expectError(.shapeMismatch, naming: "customVJP", "f32[]", "f32[3]") { try grad(cotangent)(x) }
    let value = customVJP({ (x: Tensor<Float>) in x.sum() }, vjp: { x in (x, { ct in ct }) })
    expectError(.shapeMismatch, naming: "customVJP", "f32[3]", "f32[]") { try grad(value)(x) }
    struct Mine: Error {}
    let throwing = customJVP({ (x: Tensor<Float>) in x.sum() }, jvp: { _, _ in throw Mine() })
    expectError(.functionFailed, naming: "Mine") { try grad(throwing)(x) }
  }
}
