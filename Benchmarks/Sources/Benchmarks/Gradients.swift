import VMap

/// Derivatives of functions of one example.
enum Gradients {
  /// The cross-entropy of a network of one hidden layer.
  static let loss: @Sendable (Tuple<F, F>, F, Tensor<Int32>) -> F = { weights, x, label in
    let (first, second) = weights.elements
    let logits = matmul(second, tanh(matmul(first, x)))
    return logits.logSumExp() - logits[label]
  }

  static let perExample: @Sendable (F, F, F, Tensor<Int32>) throws -> F = { first, second, x, y in
    try grad(loss)(Tuple(first, second), x, y).elements.0
  }

  /// The norm of the gradient of one example.
  static let norm: @Sendable (F, F, F, Tensor<Int32>) throws -> F = { first, second, x, y in
    let (a, b) = try grad(loss)(Tuple(first, second), x, y).elements
    return sqrt((a * a).sum() + (b * b).sum())
  }

  /// The sum of the gradients of all examples, each brought to a norm of at most 1.
  static let clippedSum: @Sendable (F, F, F, Tensor<Int32>) throws -> F = { first, second, x, y in
    let clipped = vmap(
      inAxes: [nil, nil, 0, 0],
      { (first: F, second: F, x: F, y: Tensor<Int32>) in
        let (a, b) = try grad(loss)(Tuple(first, second), x, y).elements
        let size = sqrt((a * a).sum() + (b * b).sum())
        return a * minimum(1 / size, 1)
      })
    return try clipped(first, second, x, y).sum(axes: [0])
  }

  /// The gradient of the mean over all examples.
  static let shared: @Sendable (F, F, F, Tensor<Int32>) throws -> F = { first, second, x, y in
    let mean: @Sendable (F, F, F, Tensor<Int32>) throws -> F = { first, second, x, y in
      try vmap(loss, inAxes: [nil, 0, 0])(Tuple(first, second), x, y).mean()
    }
    return try grad(mean)(first, second, x, y)
  }

  static let rosenbrock: @Sendable (F) -> F = { x in
    let (low, high) = (x[..<31], x[1...])
    let (a, b) = (high - low * low, 1 - low)
    return (100 * a * a + b * b).sum()
  }

  /// Through as many steps as each example has, at most 1,000.
  static let skewed: @Sendable (Tensor<Int32>) throws -> F = { n in
    let run: @Sendable (F, Tensor<Int32>) -> F = { x, n in
      fori(Tensor<Int32>(0), minimum(n, 1000), x) { _, x in sin(x) + 0.5 * x }
    }
    return try grad(run)(F(0.7), n)
  }

  static let attention: @Sendable (F, F, F) throws -> F = { q, k, v in
    let sum: @Sendable (F, F, F) -> F = { q, k, v in
      let result = Examples.attention(q, k, v)
      return (result * result).sum()
    }
    return try grad(sum)(q, k, v)
  }
}
