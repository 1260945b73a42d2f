import VMap

/// The training of a small network, with its slopes by hand.
enum Adam {
  /// The losses in 20 steps of Adam.
  static let losses: @Sendable (F, F, F, F) -> F = { w1, w2, x, y in
    let weights = [w1, w2]
    let zeros = weights.map { zerosLike($0) }
    let numbers = F.arange(1, 21)
    let (_, losses) = scan(Tuple(weights, zeros, zeros), numbers) { state, number in
      let (weights, first, second) = state.elements
      let (loss, slopes) = lossAndSlopes(weights, x, y)
      let m = zip(first, slopes).map { 0.9 * $0 + 0.1 * $1 }
      let v = zip(second, slopes).map { 0.99 * $0 + 0.01 * $1 * $1 }
      let scale = 1 - pow(F(0.9), number)
      let spread = 1 - pow(F(0.99), number)
      let next = zip(weights, zip(m, v)).map { w, moments in
        let (m, v) = moments
        return w - 0.01 * (m / scale) / (sqrt(v / spread) + 1e-6)
      }
      return (Tuple(next, m, v), loss)
    }
    return losses
  }

  private static func lossAndSlopes(_ weights: [F], _ x: F, _ y: F) -> (F, [F]) {
    let hidden = tanh(matmul(x, weights[0].transposed()))
    let error = matmul(hidden, weights[1]) - y
    let share = 2 / Float(y.shape[0]) * error
    let back = outer(share, weights[1]) * (1 - hidden * hidden)
    return (
      (error * error).mean(), [matmul(back.transposed(), x), matmul(share, hidden)]
    )
  }
}
