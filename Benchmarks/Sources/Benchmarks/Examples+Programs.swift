import VMap

/// Programs of many operations, for the time that compiling takes.
extension Examples {
  static let bitonicSort: @Sendable (F) -> F = { input in
    var x = input
    for size in [2, 4, 8, 16] {
      for stride in [8, 4, 2, 1] where stride < size {
        let other = x[Tensor<Int32>((0..<16).map { Int32($0 ^ stride) })]
        let isLower = Tensor((0..<16).map { ($0 & stride == 0) == ($0 & size == 0) })
        x = select(isLower, minimum(x, other), maximum(x, other))
      }
    }
    return x
  }

  static let rollChain: @Sendable (F) -> F = { x in
    (1...12).reduce(x) { x, shift in x + 0.5 * x.rolled(by: shift) }
  }

  static let stencil: @Sendable (F) -> F = { grid in
    var u = grid
    for _ in 0..<6 {
      let p = u.padded(low: [1, 1], high: [1, 1], value: 0)
      let inner = TensorIndex.slice(1, -1)
      let rows = p[..<(-2), inner] + p[2..., inner]
      let columns = p[inner, ..<(-2)] + p[inner, 2...]
      u = u + 0.1 * (rows + columns - 4 * u)
    }
    return u
  }

  static let linearAlgebra: @Sendable (F, F) -> F = { a, b in
    let x = LinearAlgebra.solve(a, matmul(LinearAlgebra.cholesky(a), b))
    let (values, vectors) = LinearAlgebra.eigh(a)
    return x + matmul(vectors * sqrt(values), matmul(vectors.transposed(), b))
  }

  static let samplers: @Sendable (Random.Key) -> F = { key in
    let keys = key.split(7)
    return stack([
      Random.normal(keys[0], [4]), Random.exponential(keys[1], [4]),
      Random.gumbel(keys[2], [4]), Random.laplace(keys[3], [4]),
      Random.gamma(keys[4], F(2.5), [4]), Random.beta(keys[5], F(2), F(3), [4]),
      Random.truncatedNormal(keys[6], F(-1), F(2), [4]),
    ])
  }

  static let conjugateGradient: @Sendable (F, F) -> F = { a, b in
    let square = dot(b, b)
    let enough = 1e-8 * square
    let start = (zerosLike(b), Tensor<Int32>(0))
    let (x, _, _, _, _) = whileLoop(start.0, b, b, square, start.1) { _, _, _, square, count in
      square .> enough .&& count .< 50
    } do: { x, r, p, square, count in
      let ap = matmul(a, p)
      let alpha = square / dot(p, ap)
      let rest = r - alpha * ap
      let new = dot(rest, rest)
      return (x + alpha * p, rest, rest + new / square * p, new, count + 1)
    }
    return x
  }

  /// What each field of a grid is worth, where a step goes to the best field beside it.
  static let valueIteration: @Sendable (F) -> F = { rewards in
    let (value, _) = whileLoop(rewards, F(1)) { _, change in
      change .> 1e-3
    } do: { value, _ in
      let up = concatenate([value[..<1], value[..<(-1)]])
      let down = concatenate([value[1...], value[(-1)...]])
      let left = concatenate([value[.all, ..<1], value[.all, ..<(-1)]], axis: 1)
      let right = concatenate([value[.all, 1...], value[.all, (-1)...]], axis: 1)
      let best = maximum(maximum(up, down), maximum(left, right))
      let new = rewards + 0.9 * best
      return (new, abs(new - value).max())
    }
    return value
  }

  /// The probabilities of the states of five qubits after three layers of turns and CNOTs.
  static let quantumCircuit: @Sendable (F) -> F = { angles in
    let first = F.zeros([32]).at(0).set(1).reshaped(to: [2, 2, 2, 2, 2])
    var state = complex(first, zerosLike(first))
    for layer in 0..<3 {
      for qubit in 0..<5 {
        let half = angles[layer, qubit] / 2
        let (c, s) = (complex(cos(half), F(0)), complex(F(0), -sin(half)))
        let gate = stack([stack([c, s]), stack([s, c])])
        state = tensordot(gate, state, axes: ([1], [qubit])).moveAxis(0, to: qubit)
      }
      for qubit in 0..<4 {
        let halves = state.split(into: 2, axis: qubit)
        state = concatenate([halves[0], halves[1].flipped(qubit + 1)], axis: qubit)
      }
    }
    return square(abs(state)).flattened()
  }
}
