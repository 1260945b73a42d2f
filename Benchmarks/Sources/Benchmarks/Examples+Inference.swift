import VMap

extension Examples {
  static let nearest: @Sendable (F, F) -> Tensor<Int32> = { x, centres in
    let d = centres - x
    return (d * d).sum(axis: 1).argmin()
  }

  /// The positions of something that moves, from the noise of its sensor and what that saw.
  static let kalman: @Sendable (F, F) -> F = { noise, measurements in
    let motion = F([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]])
    let sight = F([[1, 0, 0, 0], [0, 1, 0, 0]])
    let drift = 0.02 * F.eye(4)
    let start = Tuple(F.zeros([4]), 100 * F.eye(4))
    let (_, positions) = scan(start, measurements) { belief, measured in
      let (before, spread) = belief.elements
      let expected = matmul(motion, before)
      let covariance = matmul(matmul(motion, spread), motion.transposed()) + drift
      let seen = matmul(covariance, sight.transposed())
      let uncertainty = matmul(sight, seen) + noise * noise * F.eye(2)
      let gain = LinearAlgebra.solve(uncertainty, seen.transposed()).transposed()
      let mean = expected + matmul(gain, measured - matmul(sight, expected))
      return (Tuple(mean, covariance - matmul(gain, seen.transposed())), mean[..<2])
    }
    return positions
  }

  /// The weights of a logistic regression, by as many of Newton's steps as it takes.
  static let logisticFit: @Sendable (F, Tensor<Int32>) -> F = { x, labels in
    let y = labels.asType(Float.self)
    let (weights, _, _) = whileLoop(F.zeros([6]), F(1), Tensor<Int32>(0)) { _, change, count in
      change .> 1e-4 .&& count .< 20
    } do: { weights, _, count in
      let p = sigmoid(matmul(x, weights))
      let gradient = matmul(x.transposed(), y - p) - 0.1 * weights
      let weighted = x.transposed() * (p * (1 - p))
      let hessian = matmul(weighted, x) + 0.1 * F.eye(6)
      let change = LinearAlgebra.solve(hessian, gradient)
      return (weights + change, abs(change).max(), count + 1)
    }
    return weights
  }
}
