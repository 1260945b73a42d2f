import Testing

@testable import VMap

/// Gradients of what the examples of a batch share, through loops that each of them ends for itself.
@Suite struct SharedLoopGradientTests {
  typealias D = Tensor<Double>

  /// A walk whose steps grow with the largest part of the slope.
  static let walk: @Sendable (D, D, D) -> D = { parameters, start, end in
    let rates = exp(parameters)
    let (state, _, _) = whileLoop(start, D(0), D(0.05)) { _, time, _ in
      time .< end
    } do: { state, time, step in
      let left = end - time
      let h = minimum(step, left)
      let slope = stack([rates[0] - exp(state[1]), rates[1] * exp(state[0])])
      let factor = tanh((slope * slope).max()) * 0.1 + 1.2
      return (state + slope * h, select(h .< left, time + h, end), step * factor)
    }
    return state.sum()
  }

  @Test func theGradientOfTheSumIsTheSumOfTheGradients() throws {
    let parameters = D([0.3, -0.2])
    let ends = D([0.5, 1.0, 2.0])
    let starts = D([[0.5, 0.1], [0.2, 0.3], [0.1, 0.4]])
    let walk = Self.walk
    let each = try vmap(grad(walk), inAxes: [nil, 0, 0])(parameters, starts, ends)
      .sum(axis: 0).scalars()
    let gradient = grad { (p: D) in
      try vmap(walk, inAxes: [nil, 0, 0])(p, starts, ends).sum()
    }
    let whole = try gradient(parameters).scalars()
    // The terms are the same, added up in another order.
    for (a, b) in zip(each, whole) { #expect(abs(a - b) < 1e-9) }
    // Examples are work-items: none runs the loops of others.
    #expect(try gradient.lowered(parameters).kernelCount > 1)
  }
}
