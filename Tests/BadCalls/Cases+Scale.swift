import VMap

// Deep and wide programs.

extension CaseList {
  mutating func addDepth() {
    works("deep.chain-of-constants") {
      var x = ones(4)
      for _ in 0..<10_000 { x = x + 1 }
      try expect(x, [10_001, 10_001, 10_001, 10_001])
    }
    works("deep.chain-on-stored") {
      var x = F([0, 0])
      for _ in 0..<10_000 { x = x + 1 }
      try expect(x, [10_000, 10_000])
    }
    works("deep.chain-dropped") {
      var x = F([0, 0])
      for _ in 0..<20_000 { x = x.reshaped(to: [2, 1]).reshaped(to: [2]) }
    }
    works("deep.doubling") {
      var x = F([1, 1])
      for _ in 0..<60 { x = x + x }
      try expect(x, [0x1p60, 0x1p60])
    }
    poisons("deep.poisoned-chain", .invalidArgument, "negative size") {
      var x = F.zeros([-1])
      for _ in 0..<100_000 { x = x + 1 }
      return x
    }
    works("deep.traced") {
      let f = vmap { (x: F) in
        var y = x
        for _ in 0..<5_000 { y = y + 1 }
        return y
      }
      try expect(f(ones(3)), [5_001, 5_001, 5_001])
    }
    works("deep.traced-mixed") {
      let f = vmap { (x: F) in
        var y = x
        for step in 0..<500 { y = y * 0.5 + Float(step % 7) }
        return y
      }
      _ = try f(ones(3)).scalars()
    }
    works("deep.maps") {
      var f = vmap { (x: F) in x + 1 }
      for _ in 1..<12 { f = vmap(f) }
      try expect(f(F.ones([Int](repeating: 1, count: 11) + [2])), [2, 2])
    }
    fails("deep.maps-of-too-few", .axisOutOfRange, "rank 0") {
      var f = vmap { (x: F) in x + 1 }
      for _ in 1..<12 { f = vmap(f) }
      _ = try f(F.ones([Int](repeating: 1, count: 11)))
    }
    works("deep.rank") {
      let shape = [Int](repeating: 1, count: 38) + [2, 3]
      let x = F.ones(shape)
      try expect(x.transposed().sum(axis: 0) + 1, [4, 4])
      try expect(vmap { (x: F) in x + 1 }(x), [2, 2, 2, 2, 2, 2])
      try expect(matmul(x, x.swapAxes(-1, -2)), [3, 3, 3, 3])
      let stored = F([[[1, 2, 3], [4, 5, 6]]])
      try expect(matmul(stored, stored.swapAxes(-1, -2)), [14, 32, 32, 77])
    }
    works("deep.rank-hundred") {
      let x = F.ones([Int](repeating: 1, count: 100))
      try expect((x + 1).squeezed(), [2])
    }
    works("deep.loops") {
      @Sendable func nested(_ depth: Int, _ x: F) -> F {
        depth == 0 ? x + 1 : fori(0, 1, x) { _, x in nested(depth - 1, x) }
      }
      try expect(nested(8, ones(2)), [2, 2])
    }
    works("deep.list") {
      var node = Node()
      for _ in 0..<1_000 { node = Node(value: F(1), next: [node]) }
      let f = jit { (x: Node) in x.value + 1 }
      try expect(f(node), [2])
    }
  }

  mutating func addWidth() {
    works("wide.arguments") {
      let f = vmap { (x: [F]) in x[0] + x[100] + x[199] }
      try expect(f((0..<200).map { F([Float($0), 0]) }), [299, 0])
    }
    works("wide.sum") {
      let f = vmap { (x: [F]) in x.dropFirst().reduce(x[0]) { $0 + $1 } }
      try expect(f([F](repeating: F([1, 2]), count: 24)), [24, 48])
    }
    ends("wide.results") {
      let f = vmap { (x: F) in (0..<130).map { x + Float($0) } }
      try expect(f(ones(2))[129], [130, 130])
    }
    ends("wide.captures") {
      let x = (0..<140).map { F([Float($0), 0]) }
      let f = jit { (y: F) in x.reduce(y) { $0 + $1 } }
      try expect(f(F([0, 0])), [9_730, 0])
    }
    ends("wide.recorded") {
      var level = (0..<256).map { F([Float($0)]) }
      while level.count > 1 {
        level = (0..<level.count / 2).map { level[2 * $0] + level[2 * $0 + 1] }
      }
      try expect(level[0], [32_640])
    }
    works("wide.constants") {
      let f = jit { (x: F) in (0..<100).reduce(x) { $0 + (Float($1) + 0.25) } }
      try expect(f(F([0])), [4_975])
    }
    works("wide.join") {
      let x = concatenate((0..<100).map { F([Float($0)]) })
      try expect(x.sum(), [4_950])
      try expect(stack([F](repeating: ones(2), count: 500)).sum(axis: 0), [500, 500])
    }
    works("wide.join-in-vmap") {
      let f = vmap { (x: F) in concatenate([F](repeating: x, count: 64)).sum() }
      try expect(f(ones(2, 3)), [192, 192])
    }
    works("wide.dictionary") {
      let tree = Dictionary(uniqueKeysWithValues: (0..<300).map { ("key \($0)", ones(2)) })
      let f = vmap { (x: [String: F]) in ["sum": (x["key 7"] ?? F(0)) + Float(x.count)] }
      let result = try f(tree)
      guard result.count == 1 else { throw WrongResult(text: "\(result.count)") }
      try expect(result["sum"] ?? ones(1), [301, 301])
    }
    works("wide.names") {
      let f = vmap(vmap({ (x: F) in x.sum(over: "b\"\\") }, axisName: "b\"\\"), axisName: "ä\n")
      try expect(f(ones(2, 2)), [2, 2, 2, 2])
    }
    works("empty.tree") {
      let result = try vmap({ (x: [F]) in x }, axisSize: 3)([])
      guard result.isEmpty else { throw WrongResult(text: "\(result)") }
      _ = try vmap({ (x: Nothing) in x }, axisSize: 3)(Nothing())
      _ = try jit { (x: F?) in x }(nil)
      _ = try vmap { (x: F) in Nothing() }(ones(3))
    }
    works("empty.batch") {
      try expect(vmap { (x: F) in x.sum() }(ones(0, 3)), [])
      try expect(vmap { (x: F) in matmul(x, ones(3)) }(ones(0, 2, 3)), [])
      try expect(vmap({ () -> F in F(1) }, axisSize: 0)(), [])
      try expect(vmap({ (x: F) in x.sum(over: "i") }, outAxes: nil, axisName: "i")(ones(0)), [0])
      let f = vmap { (x: F) in whileLoop(x, while: { $0 .< 9 }, do: { $0 + 1 }) }
      try expect(f(ones(0)), [])
    }
    works("scalar.everything") {
      let x = F(2)
      try expect(jit { (x: F) in x * x + x.sum() - x.max() }(x), [4])
      try expect(matmul(x.reshaped(to: [1]), x.reshaped(to: [1])), [4])
      try expect(x.broadcast(to: []), [2])
      try expect(stack([x, x]), [2, 2])
      try expect(x[.newAxis], [2])
      try expect(x[.ellipsis], [2])
      try expect(x.argmax(), [0])
      try expect(x.mean() + x.variance(), [2])
      try expect(whileLoop(x, while: { $0 .< 9 }, do: { $0 + 1 }), [9])
    }
  }
}
