/// A tree whose children errors call by names of their own, `argument 1` in place of `arguments[1]`.
protocol RootedTree: TensorTree {
  /// What each child is called, before its position.
  static var childRoot: String { get }
}

/// The arguments of a function whose number is known at run time, as one tree.
struct ArgumentList: RootedTree {
  static let childRoot = "argument"
  var elements: [AnyTensor]

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try elements.visitChildren(&visit)
  }
}

/// The results of a function whose number is known at run time, as one tree.
struct ResultList: RootedTree {
  static let childRoot = "result"
  var elements: [AnyTensor]

  mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
    try elements.visitChildren(&visit)
  }
}
