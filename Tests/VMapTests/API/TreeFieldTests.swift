import Testing
import VMap

/// What trees hold besides tensors is part of what a function is compiled for.
@Suite struct TreeFieldTests {
  struct Scaled: TensorTree {
    var x = Tensor<Float>([1, 2])
    var scale: Float = 1
    var note: (@Sendable () -> Void)?

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws { try visit("x", &x) }
  }

  enum Change: TensorTree {
    case double(Tensor<Float>)
    case negate(Tensor<Float>)

    mutating func visitChildren(_ visit: inout some TreeVisitor) throws {
      switch self {
      case .double(var x):
        try visit("x", &x)
        self = .double(x)
      case .negate(var x):
        try visit("x", &x)
        self = .negate(x)
      }
    }
  }

  final class Model: TensorTree, @unchecked Sendable {
    var w = Tensor<Float>([1, 2])

    func visitChildren(_ visit: inout some TreeVisitor) throws { try visit("w", &w) }
  }

  @Test func aNumber() throws {
    let traces = CallCounter()
    let f = vmap { (s: Scaled) in
      traces.add()
      return s.x * s.scale
    }
    for scale: Float in [2, 10, 2, 10, 10] {
      try expect(f(Scaled(scale: scale)), [2], [scale, 2 * scale])
    }
    #expect(traces.count == 2)
    // It does not matter how deep it lies.
    let total = vmap { (all: Tuple<[String: [Scaled]], Tensor<Float>>) in
      let (scaled, y) = all.elements
      return scaled.values.joined().reduce(y) { $0 + $1.x * $1.scale }
    }
    for scale: Float in [2, 10] {
      let scaled = ["a": [Scaled(), Scaled(scale: scale)], "b": []]
      try expect(total(Tuple(scaled, Tensor([0, 0]))), [2], [1 + scale, 2 + 2 * scale])
    }
  }

  @Test func aCase() throws {
    let f = vmap { (change: Change) in
      switch change {
      case .double(let x): 2 * x
      case .negate(let x): -x
      }
    }
    for _ in 0..<2 {
      try expect(f(.double(Tensor([1, 2]))), [2], [2, 4])
      try expect(f(.negate(Tensor([1, 2]))), [2], [-1, -2])
    }
  }

  @Test func theResultHasThoseOfItsOwnCall() throws {
    let f = jit { (s: Scaled) in Scaled(x: s.x + 1, scale: s.scale * 2) }
    #expect(try f(Scaled(scale: 2)).scale == 4)
    #expect(try f(Scaled(scale: 3)).scale == 6)
    try expect(f(Scaled(scale: 3)).x, [2], [2, 3])
  }

  @Test func onlyTensorsMayDifferInLoopsAndBranches() throws {
    let start = Scaled(scale: 3)
    let doubled = fori(0, 3, start) { _, state in Scaled(x: state.x * 2, scale: state.scale) }
    #expect(doubled.scale == 3)
    try expect(doubled.x, [2], [8, 16])
    let change: @Sendable (Scaled) -> Scaled = { Scaled(x: $0.x, scale: $0.scale + 1) }
    expectError(.loopStateMismatch, naming: "fori", "no tensor") {
      try fori(0, 3, start) { _, state in change(state) }.x.scalars()
    }
    expectError(.loopStateMismatch, naming: "whileLoop", "no tensor") {
      try whileLoop(start, while: { $0.x[0] .< 9 }, do: change).x.scalars()
    }
    expectError(.loopStateMismatch, naming: "scan", "carry", "no tensor") {
      try scan(start, length: 2) { (change($0), $0.x) }.1.scalars()
    }
    expectError(.branchMismatch, naming: "cond", "no tensor") {
      try cond(Tensor(true), then: { start }, else: { change(start) }).x.scalars()
    }
  }

  @Test func classesAreRefused() throws {
    let model = Model()
    let x = Tensor<Float>([1, 2])
    expectError(.invalidArgument, naming: "argument 0", "class Model", "struct") {
      try vmap { (m: Model, x: Tensor<Float>) in m.w * x }(model, x)
    }
    expectError(.invalidArgument, naming: "argument 0[0]", "class Model") {
      try vmap { (m: [Model], x: Tensor<Float>) in x }([model, model], x)
    }
    try expect(model.w, [2], [1, 2])
  }
}
