import VMap

extension NoUTurn {
  /// A position and a momentum.
  struct End: TensorTree {
    var q: F
    var r: F

    static func select(_ isFirst: Tensor<Bool>, _ a: End, _ b: End) -> End {
      End(q: VMap.select(isFirst, a.q, b.q), r: VMap.select(isFirst, a.r, b.r))
    }

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      try visit("q", &q)
      try visit("r", &r)
    }
  }

  /// What doubles: its ends, what is drawn of it so far, and the sum of its momenta.
  struct Tree: TensorTree {
    var depth: Tensor<Int32>
    var left: End
    var right: End
    var drawn: F
    var weight: F
    var total: F
    var isOver: Tensor<Bool>

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      try visit("depth", &depth)
      try visit("left", &left)
      try visit("right", &right)
      try visit("drawn", &drawn)
      try visit("weight", &weight)
      try visit("total", &total)
      try visit("isOver", &isOver)
    }
  }

  /// What grows from one end, with the left ends of its own subtrees by depth.
  struct Subtree: TensorTree {
    var count: Tensor<Int32>
    var end: End
    var drawn: F
    var weight: F
    var total: F
    var lefts: F
    var totals: F
    var isOver: Tensor<Bool>

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      try visit("count", &count)
      try visit("end", &end)
      try visit("drawn", &drawn)
      try visit("weight", &weight)
      try visit("total", &total)
      try visit("lefts", &lefts)
      try visit("totals", &totals)
      try visit("isOver", &isOver)
    }
  }
}
