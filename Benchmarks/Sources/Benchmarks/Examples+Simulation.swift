import VMap

extension Examples {
  /// Lorenz' equations by 1,000 steps of the classical Runge-Kutta method.
  static let lorenz: @Sendable (F) -> F = { state in
    let h: Float = 0.002
    @Sendable func slope(_ s: F) -> F {
      let (x, y, z) = (s[0], s[1], s[2])
      return stack([10 * (y - x), x * (28 - z) - y, x * y - Float(8.0 / 3) * z])
    }
    return fori(0, 1000, state) { _, s in
      let a = slope(s)
      let b = slope(s + h / 2 * a)
      let c = slope(s + h / 2 * b)
      let d = slope(s + h * c)
      let inner = 2 * b + 2 * c
      return s + h / 6 * (a + inner + d)
    }
  }

  /// How often the pole falls in 200 random pushes; it is put up again where it began.
  static let cartPole: @Sendable (Random.Key, F) -> Tensor<Int32> = { key, start in
    let pushes = Random.bits(key, [200])
    let first = (0..<4).map { 0.02 * start[$0] }
    let (_, falls) = fori(0, 200, first, Tensor<Int32>(0)) { i, state, falls in
      let (x, v, angle, spin) = (state[0], state[1], state[2], state[3])
      let force = select((pushes[i] & 1) .== 1, F(10), F(-10))
      let (sine, cosine) = (sin(angle), cos(angle))
      let push = (force + 0.05 * spin * spin * sine) / 1.1
      let inertia = 0.5 * (Float(4.0 / 3) - 0.1 * cosine * cosine / 1.1)
      let turn = (9.8 * sine - cosine * push) / inertia
      let speedUp = push - 0.05 * turn * cosine / 1.1
      let next = [x + 0.02 * v, v + 0.02 * speedUp, angle + 0.02 * spin, spin + 0.02 * turn]
      let isFallen = abs(next[0]) .> 2.4 .|| abs(next[2]) .> 0.2095
      return (
        zip(first, next).map { select(isFallen, $0, $1) }, falls + isFallen.asType(Int32.self)
      )
    }
    return falls
  }

  /// Van der Pol's oscillator until time 10, in steps as long as the error allows.
  ///
  /// By the method of Bogacki and Shampine.
  static let vanDerPol: @Sendable (F) -> F = { mu in
    let (end, tolerance): (Float, Float) = (10, 1e-4)
    @Sendable func slope(_ x: F, _ v: F) -> (F, F) { (v, mu * (1 - x * x) * v - x) }

    let (_, x, v, _) = whileLoop(F(0), F(2), F(0), F(0.01)) { t, _, _, _ in
      t .< end
    } do: { t, x, v, step in
      let h = minimum(step, end - t)
      let (ax, av) = slope(x, v)
      let (bx, bv) = slope(x + h / 2 * ax, v + h / 2 * av)
      let (cx, cv) = slope(x + 0.75 * h * bx, v + 0.75 * h * bv)
      let (nx, nv) = (
        x + h / 9 * combination([2, 3, 4], [ax, bx, cx]),
        v + h / 9 * combination([2, 3, 4], [av, bv, cv])
      )
      let (dx, dv) = slope(nx, nv)
      let ex = h / 72 * combination([-5, 6, 8, -9], [ax, bx, cx, dx])
      let ev = h / 72 * combination([-5, 6, 8, -9], [av, bv, cv, dv])
      let excess = maximum(abs(ex), abs(ev)) / tolerance
      let factor = clip(0.9 * pow(maximum(excess, 1e-6), -1 / 3), min: 0.2, max: 5)
      let isGood = excess .<= 1
      return (
        select(isGood, t + h, t), select(isGood, nx, x), select(isGood, nv, v), h * factor
      )
    }
    return stack([x, v])
  }

  private static func combination(_ weights: [Float], _ slopes: [F]) -> F {
    let terms = zip(weights, slopes).map { $0 * $1 }
    return terms.dropFirst().reduce(terms[0], +)
  }
}
