import VMap

/// Examples of different lengths beside as many elements in rows of one length.
enum DifferentLengths {
  static let count = 100_000
  static let longest = 2000

  /// Lengths of 1 to 2,000, one as often as it is short: Zipf's law.
  private static func lengths() -> [Int] {
    var sums: [Double] = []
    for length in 1...longest { sums.append((sums.last ?? 0) + 1 / Double(length)) }
    var seed: UInt64 = 7
    return (0..<count).map { _ in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let share = Double(seed >> 11) / Double(1 << 53) * (sums.last ?? 0)
      return (sums.firstIndex { $0 >= share } ?? 0) + 1
    }
  }

  /// Prints, for each function, the times of both and how much longer an element takes.
  static func report() throws {
    let lengths = lengths()
    let total = lengths.reduce(0, +)
    let numbers = (0..<total).map { Float($0 % 1000) * 0.001 - 0.5 }
    let ragged = try Ragged(
      values: F(numbers), offsets: lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) })
    let width = total / count
    let dense = try F(shape: [count, width], scalars: Array(numbers.prefix(count * width)))
    let share = Double(count * longest) / Double(total)
    answer("\(total) rows in \(count) examples; padded they were \(share) times as many")
    func row(_ name: String, stacks: Bool, _ function: @escaping @Sendable (F) -> F) throws {
      let own = vmap(function, inAxes: .ragged, outAxes: stacks ? .ragged : 0)
      let other = vmap(function)
      let ours = try best {
        let result = try own(ragged)
        _ = try stacks ? Ragged(result).values.ready() : result.ready()
      }
      let theirs = try best { _ = try other(dense).ready() }
      let ratio = ours / theirs * Double(count * width) / Double(total)
      answer("\(name): \(ours * 1e3) ms, in rows of one length \(theirs * 1e3) ms, \(ratio) times")
    }
    try row("sum", stacks: false) { $0.sum() }
    try row("softmax", stacks: true) { $0.softmax() }
    try row("2 x + 1", stacks: true) { $0 * 2 + 1 }
    try row("scan", stacks: false) { x in
      scan(F(0), x) { h, v in (tanh(h * 0.5 + v), h) }.0
    }
    try row("scan with outputs", stacks: true) { x in
      scan(F(0), x) { h, v in
        let next = tanh(h * 0.5 + v)
        return (next, next)
      }.1
    }
  }

  private static func best(_ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<20 {
      let start = now()
      try body()
      best = min(best, now() - start)
    }
    return best
  }
}
