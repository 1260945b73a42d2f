import Testing
import VMap

/// Structs are trees without saying how, and a tensor that a tree does not visit is an error.
@Suite struct VisitedFieldTests {
  typealias F = Tensor<Float>

  struct Plain: TensorTree {
    var flag = true
    var weights = F([1, 2])
    var name = "plain"
    var rest: [F?] = [nil, F([3, 4])]
    var table = ["a": F([5, 6])]
    var small: Int8 = 3
    var last = Pair(first: F([7, 8]), second: Tensor<Int32>([9, 10]))
  }

  struct Pair<First: TensorTree, Second: TensorTree>: TensorTree {
    var first: First
    var second: Second
  }

  struct Constant: TensorTree {
    let x: F
  }

  struct Together: TensorTree {
    var both: (F, F)
  }

  enum Silent: TensorTree {
    case one(F)
  }

  /// Visits what its number says.
  struct Forgetful: TensorTree {
    var visits = 1
    var x = F([1, 2])
    var y = F([3, 4])
    var others: [F] = []
    var choice: F?

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      try visit("x", &x)
      if visits > 1 { try visit("y", &y) }
      if visits > 2 { try visit("others", &others) }
    }
  }

  /// Visits copies.
  struct Copying: TensorTree {
    var x = F([1, 2])

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      var copy = x
      try visit("x", &copy)
    }
  }

  struct Outer: TensorTree {
    var inner: [Forgetful]
  }

  @Test func structsVisitTheirFields() throws {
    let result = try jit { (p: Plain) -> Plain in
      var p = p
      p.weights = p.weights + 1
      p.rest[1] = p.rest[1].map { $0 * 2 }
      p.table["a"] = p.last.first
      p.last.second = p.last.second + 1
      return p
    }(Plain())
    try expect(result.weights, [2], [2, 3])
    #expect(result.flag && result.name == "plain" && result.small == 3 && result.rest[0] == nil)
    try expect(#require(result.rest[1]), [2], [6, 8])
    try expect(#require(result.table["a"]), [2], [7, 8])
    try expect(result.last.first, [2], [7, 8])
    #expect(try result.last.second.scalars() == [10, 11])
    // Fields have their names in axes and errors.
    let pair = Pair(first: F([1, 2]), second: F(3))
    let sum: @Sendable (Pair<F, F>) -> F = { $0.first + $0.second }
    try expect(vmap(sum, inAxes: [["first": 0, "second": nil]])(pair), [2], [4, 5])
    expectError(.axisOutOfRange, naming: "argument 0.second") { try vmap(sum)(pair) }
    // An argument's other fields are part of what a function is compiled for.
    let named = jit { (p: Plain) in p.name == "plain" ? p.weights : -p.weights }
    try expect(named(Plain()), [2], [1, 2])
    try expect(named(Plain(name: "other")), [2], [-1, -2])
  }

  @Test func whatCannotBeVisitedIsNamed() {
    let x = F([1, 2])
    expectError(.invalidArgument, naming: "field x", "Constant", "make it a var") {
      try vmap { (c: Constant) in c.x }(Constant(x: x))
    }
    expectError(.invalidArgument, naming: "argument 0.both", "no TensorTree", "Tuple") {
      try vmap { (t: Together) in t.both.0 }(Together(both: (x, x)))
    }
    expectError(.invalidArgument, naming: "Silent is no struct", "visitChildren") {
      try vmap { (s: Silent) in x }(.one(x))
    }
  }

  @Test func aForgottenFieldIsNamed() throws {
    let x = F([1, 2])
    let sum: @Sendable (Forgetful) -> F = { $0.x + $0.y }
    expectError(
      .invalidArgument, naming: "argument 0.y", "Forgetful.visitChildren", "visit(\"y\", &y)"
    ) {
      try vmap(sum)(Forgetful())
    }
    try expect(vmap(sum)(Forgetful(visits: 2)), [2], [4, 6])
    expectError(.invalidArgument, naming: "argument 0.inner[1].y", "Forgetful.visitChildren") {
      try vmap { (o: Outer) in o.inner[0].x }(
        Outer(inner: [Forgetful(visits: 2), Forgetful()]))
    }
    // Two fields may hold the same tensor.
    expectError(.invalidArgument, naming: "argument 0.y") {
      try vmap(sum)(Forgetful(x: x, y: x))
    }
    expectError(.invalidArgument, naming: "the result.y") {
      try vmap { (x: F) in Forgetful(x: x, y: x) }(x)
    }
    expectError(.invalidArgument, naming: "result 1.y") {
      try vmap { (x: F) in (x, Forgetful(x: x, y: x)) }(x)
    }
    expectError(.invalidArgument, naming: "argument 0.y") {
      try grad { (f: Forgetful) in (f.x * f.y).sum() }(Forgetful())
    }
    expectError(.invalidArgument, naming: "argument 0.x") {
      try vmap { (c: Copying) in c.x }(Copying())
    }
  }

  @Test func aForgottenFieldOfAStateIsNamed() throws {
    let step: @Sendable (Forgetful) -> Forgetful = { Forgetful(x: $0.x + 1, y: $0.y + 1) }
    expectError(.invalidArgument, naming: "state 0.y") {
      try fori(0, 3, Forgetful()) { _, s in step(s) }.x.scalars()
    }
    expectError(.invalidArgument, naming: "state 0.y") {
      try whileLoop(Forgetful(), while: { $0.x[0] .< 9 }, do: step).x.scalars()
    }
    expectError(.invalidArgument, naming: "carry.y") {
      try scan(Forgetful(), length: 2) { (step($0), $0.x) }.1.scalars()
    }
    expectError(.invalidArgument, naming: "result.y") {
      try cond(Tensor(true), then: { Forgetful() }, else: { Forgetful() }).x.scalars()
    }
    expectError(.invalidArgument, naming: "tree.y") {
      try stopGradient(Forgetful()).x.scalars()
    }
    expectError(.invalidArgument, naming: "state 0.y") {
      try jit { (x: F) in fori(0, 3, Forgetful(x: x)) { _, s in step(s) }.x }(F([1, 2]))
    }
  }

  /// A field without a tensor in the first call may have one in the next.
  @Test func aFieldThatIsEmptyAtFirstIsNotForgotten() throws {
    let f = vmap { (s: Forgetful) in s.others.reduce(s.x + s.y) { $0 + $1 } }
    try expect(f(Forgetful(visits: 2)), [2], [4, 6])
    expectError(.invalidArgument, naming: "argument 0.others") {
      try f(Forgetful(visits: 2, others: [F([1, 1])]))
    }
    expectError(.invalidArgument, naming: "argument 0.choice") {
      try f(Forgetful(visits: 2, choice: F([1, 1])))
    }
    try expect(f(Forgetful(visits: 3, others: [F([1, 1])])), [2], [5, 7])
  }
}
