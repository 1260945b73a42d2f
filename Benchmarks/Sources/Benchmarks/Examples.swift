import VMap

/// What the workloads compute for one example.
enum Examples {
  static let squaredDot: @Sendable (F, F) -> F = { x, y in
    let d = dot(x, y)
    return d * d
  }

  static let layerNorm: @Sendable (F, F) -> F = { v, g in
    let centered = v - v.mean()
    return centered / sqrt(v.variance() + 1e-5) * g
  }

  /// How many steps z² + c stays within a radius of 2, at most 256.
  static let escapeTime: @Sendable (F, F) -> Tensor<Int32> = { cx, cy in
    let (_, _, n) = whileLoop(F(0), F(0), Tensor<Int32>(0)) { x, y, n in
      let radius = x * x + y * y
      return (radius .< 4) .&& (n .< 256)
    } do: { x, y, n in
      let real = x * x - y * y + cx
      let imaginary = 2 * x * y + cy
      return (real, imaginary, n + 1)
    }
    return n
  }

  static let decay: @Sendable (Tensor<Int32>) -> F = { n in
    let (_, x) = whileLoop(Tensor<Int32>(0), F(1)) { i, _ in
      i .< n
    } do: { i, x in
      (i + 1, x * 0.999 + 0.1)
    }
    return x
  }

  static let blackScholes: @Sendable (F, F, F) -> F = { s, k, t in
    let (rate, volatility): (Float, Float) = (0.05, 0.2)
    let drift = (rate + volatility * volatility / 2) * t
    let spread = volatility * sqrt(t)
    let d1 = (log(s / k) + drift) / spread
    let d2 = d1 - spread
    let discounted = k * exp(-rate * t)
    return s * normalCDF(d1) - discounted * normalCDF(d2)
  }

  private static func normalCDF(_ x: F) -> F { 0.5 * (1 + erf(x / Float(2).squareRoot())) }

  static let histogram: @Sendable (Tensor<Int32>) -> F = { bins in
    F.zeros([64]).at(bins).add(1)
  }

  static let conv: @Sendable (F, F) -> F = { kernel, x in
    convGeneralDilated(
      x[.newAxis], kernel, windowStrides: [1, 1], padding: .same,
      dimensionNumbers: ("NHWC", "HWIO", "NHWC"))[0]
  }

  static let distance: @Sendable (F, F) -> F = { x, y in
    let d = x - y
    return sqrt((d * d).sum())
  }

  /// What others at some places exert on one at a place.
  static let force: @Sendable (F, F) -> F = { x, others in
    let d = others - x
    let weights = pow((d * d).sum(axis: -1) + 1e-2, -1.5)
    return (d * weights.expandedDimension(at: 1)).sum(axis: 0)
  }

  static let attention: @Sendable (F, F, F) -> F = { q, k, v in
    matmul(softmax(matmul(q, k.transposed()) / 8), v)
  }

  static let rareCond: @Sendable (Tensor<Bool>, F) -> F = { p, x in
    cond(p) {
      fori(0, 200, x) { _, v in sin(v) + v * 0.5 }
    } else: {
      x + 1
    }
  }

  /// Eigenvectors have no sign, so what they make again is compared.
  static let eigh: @Sendable (F) -> F = { a in
    let (values, vectors) = LinearAlgebra.eigh(a)
    return matmul(vectors * values, vectors.transposed())
  }
}
