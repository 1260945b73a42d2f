/// A size that is known when a batch arrives, not when its program is compiled.
struct Symbol: Hashable, Sendable, Comparable {
  let id: Int
  /// Whether it counts the rows of all examples of a ragged dimension together.
  var isTotal = false
  static func < (a: Symbol, b: Symbol) -> Bool { a.id < b.id }
}

/// The number of iterations of a loop: a constant, the size of a map axis, the length of an example, or
/// a count of blocks.
indirect enum Extent: Hashable, Sendable {
  case constant(Int)
  case symbol(Symbol)
  /// A length that each example has for itself, by the axis that all of their rows go along together;
  /// in memory there are that many.
  case ragged(axis: Int, total: Extent)
  /// How many blocks of a fixed size cover an extent: the outer loop of a split reduction.
  case blocks(Extent, size: Int)
  /// The loops of several extents as one.
  case product([Extent])

  var constant: Int? {
    if case .constant(let value) = self { value } else { nil }
  }

  /// The extent as a number, for the given sizes.
  func value(_ sizes: [Symbol: Int]) -> Int {
    switch self {
    case .constant(let value): value
    case .symbol(let symbol): sizes[symbol] ?? 0
    case .ragged(_, let total): total.value(sizes)
    case .blocks(let extent, let size): extent.value(sizes).dividedUp(by: size)
    case .product(let factors): factors.lazy.map { $0.value(sizes) }.saturatingProduct()
    }
  }

  var symbols: [Symbol] {
    switch self {
    case .constant: []
    case .symbol(let symbol): [symbol]
    case .ragged(_, let total): total.symbols
    case .blocks(let extent, _): extent.symbols
    case .product(let factors): factors.flatMap(\.symbols)
    }
  }

  func replacing(_ sizes: [Symbol: Int]) -> Extent {
    switch self {
    case .constant: return self
    case .symbol(let symbol): return sizes[symbol].map { .constant($0) } ?? self
    case .ragged(let axis, let total): return .ragged(axis: axis, total: total.replacing(sizes))
    case .blocks(let extent, let size):
      let inner = extent.replacing(sizes)
      if let n = inner.constant { return .constant(n.dividedUp(by: size)) }
      return .blocks(inner, size: size)
    case .product(let factors): return .product(factors.map { $0.replacing(sizes) })
    }
  }
}
