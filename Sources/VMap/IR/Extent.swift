/// A size that is known when a batch arrives, not when its program is compiled.
struct Symbol: Hashable, Sendable, Comparable {
  let id: Int
  static func < (a: Symbol, b: Symbol) -> Bool { a.id < b.id }
}

/// The number of iterations of a loop: a constant, the size of a map axis, or a count of blocks.
indirect enum Extent: Hashable, Sendable {
  case constant(Int)
  case symbol(Symbol)
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
    case .blocks(let extent, let size): extent.value(sizes).dividedUp(by: size)
    case .product(let factors): factors.lazy.map { $0.value(sizes) }.saturatingProduct()
    }
  }

  var symbols: [Symbol] {
    switch self {
    case .constant: []
    case .symbol(let symbol): [symbol]
    case .blocks(let extent, _): extent.symbols
    case .product(let factors): factors.flatMap(\.symbols)
    }
  }

  func replacing(_ sizes: [Symbol: Int]) -> Extent {
    switch self {
    case .constant: return self
    case .symbol(let symbol): return sizes[symbol].map { .constant($0) } ?? self
    case .blocks(let extent, let size):
      let inner = extent.replacing(sizes)
      if let n = inner.constant { return .constant(n.dividedUp(by: size)) }
      return .blocks(inner, size: size)
    case .product(let factors): return .product(factors.map { $0.replacing(sizes) })
    }
  }
}
