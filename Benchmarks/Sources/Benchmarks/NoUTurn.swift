import VMap

/// The No-U-Turn sampler, without recursion.
///
/// A tree of steps doubles, in a direction drawn at random, until its ends turn towards each other. A
/// leaf is compared with the left ends of the subtrees that it completes; those are kept by depth.
enum NoUTurn {
  private static let (draws, depth): (Int, Int32) = (8, 5)
  private static let step: Float = 0.15

  /// The position after some draws.
  static let sample: @Sendable (Random.Key, F) -> F = { key, start in
    fori(0, draws, 0.5 * start) { i, q in draw(key.foldIn(i), from: q) }
  }

  /// Four curved pairs: a is normal, b is normal around a squared.
  private static func logDensity(_ q: F) -> F {
    let (a, b) = (q[..<4], q[4...])
    let u = b - a * a
    return -0.5 * (a * a + 4 * u * u).sum()
  }

  private static func gradient(_ q: F) -> F {
    let (a, b) = (q[..<4], q[4...])
    let u = b - a * a
    return concatenate([8 * a * u - a, -4 * u])
  }

  private static func isTurning(_ left: F, _ right: F, _ total: F) -> Tensor<Bool> {
    let middle = total - (left + right) / 2
    return dot(left, middle) .<= 0 .|| dot(right, middle) .<= 0
  }

  private static func logUniform(_ key: Random.Key, _ number: Tensor<Int32>) -> F {
    log(Random.uniform(key.foldIn(number)))
  }

  @Sendable private static func draw(_ key: Random.Key, from q: F) -> F {
    let r: F = Random.normal(key.foldIn(0), [8])
    let energy = 0.5 * dot(r, r) - logDensity(q)
    let start = Tree(
      depth: Tensor(0), left: End(q: q, r: r), right: End(q: q, r: r), drawn: q, weight: F(0),
      total: r, isOver: Tensor(false))
    return whileLoop(start) {
      $0.depth .< depth .&& .!$0.isOver
    } do: { tree in
      let toRight = logUniform(key, 1 + 2 * tree.depth) .< log(F(0.5))
      let grown = subtree(
        key, energy, tree.depth, select(toRight, F(1), F(-1)),
        from: End.select(toRight, tree.right, tree.left))
      let gain = grown.weight - tree.weight
      let isTaken = .!grown.isOver .&& logUniform(key, 2 + 2 * tree.depth) .< gain
      let left = End.select(toRight, tree.left, grown.end)
      let right = End.select(toRight, grown.end, tree.right)
      let total = tree.total + grown.total
      return Tree(
        depth: tree.depth + 1, left: left, right: right,
        drawn: select(isTaken, grown.drawn, tree.drawn),
        weight: logaddexp(tree.weight, grown.weight), total: total,
        isOver: grown.isOver .|| isTurning(left.r, right.r, total))
    }.drawn
  }

  /// Goes on from an end by as many steps as the tree has.
  private static func subtree(
    _ key: Random.Key, _ energy: F, _ depth: Tensor<Int32>, _ direction: F, from end: End
  ) -> Subtree {
    let count = Tensor<Int32>(1) << depth
    let kept = F.zeros([Int(Self.depth), 8])
    let start = Subtree(
      count: Tensor(0), end: end, drawn: end.q, weight: F(-1e30), total: .zeros([8]), lefts: kept,
      totals: kept, isOver: Tensor(false))
    return whileLoop(start) {
      $0.count .< count .&& .!$0.isOver
    } do: { state in
      let i = state.count
      let half = state.end.r + 0.5 * step * direction * gradient(state.end.q)
      let q = state.end.q + step * direction * half
      let r = half + 0.5 * step * direction * gradient(q)
      let gain = energy + logDensity(q) - 0.5 * dot(r, r)
      let weight = logaddexp(state.weight, gain)
      let isDrawn = logUniform(key, 63 + count + i) .< gain - weight
      let total = state.total + r
      let last = populationCount(i >> 1)
      let first = last + 1 - populationCount(((i ^ -1) & (i + 1)) - 1)
      let isEven = (i & 1) .== 0
      let lefts = select(isEven, state.lefts.at(last).set(r), state.lefts)
      let totals = select(isEven, state.totals.at(last).set(total), state.totals)
      let (_, turns) = whileLoop(last, Tensor(false)) { k, turns in
        k .>= first .&& .!turns
      } do: { k, _ in
        (k - 1, isTurning(lefts[k], r, total - totals[k] + lefts[k]))
      }
      return Subtree(
        count: i + 1, end: End(q: q, r: r), drawn: select(isDrawn, q, state.drawn),
        weight: weight, total: total, lefts: lefts, totals: totals,
        isOver: turns .|| .!(gain .> -1000))
    }
  }
}
