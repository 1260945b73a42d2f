import VMap

// Maps inside of maps, chunks, and functions that fail.

extension CaseList {
  mutating func addNesting() {
    fails("nested.operation", .shapeMismatch, "add", "[4]", "[5]") {
      _ = try vmap { (x: F) in
        try vmap { (y: F) in y + ones(5) }(x)
      }(ones(2, 3, 4))
    }
    fails("nested.swallowed-operation", .shapeMismatch, "add", "[4]", "[5]") {
      _ = try vmap { (x: F) in
        (try? vmap { (y: F) in y + ones(5) }(x)) ?? x
      }(ones(2, 3, 4))
    }
    works("nested.swallowed-axes") {
      let f = vmap { (x: F) in (try? vmap(inAxes: 7) { (y: F) in y }(x)) ?? x }
      try expect(f(ones(2, 2)), [1, 1, 1, 1])
    }
    fails("nested.function", .functionFailed, "OwnError") {
      _ = try vmap { (x: F) in
        try vmap { (y: F) -> F in throw OwnError() }(x)
      }(ones(2, 3))
    }
    fails("nested.three-deep", .axisOutOfRange, "axis 1", "shape [5]") {
      _ = try vmap { (x: F) in
        try vmap { (y: F) in try vmap(inAxes: 1) { (z: F) in z }(y) }(x)
      }(ones(3, 4, 5))
    }
    fails("nested.levels-and-inline", .axisOutOfRange, "axis 0", "shape []") {
      _ = try vmap(vmap { (x: F) in try vmap { (y: F) in y }(x) })(ones(3, 4))
    }
    fails("nested.jit-in-vmap", .shapeMismatch, "matmul", "[3]", "[4]") {
      let product = jit { (x: F) in matmul(x, ones(4)) }
      _ = try vmap { (x: F) in try product(x) }(ones(2, 3))
    }
    fails("nested.vmap-in-jit", .axisSizeMismatch, "size 2", "size 3") {
      let sum = vmap { (x: F, y: F) in x + y }
      _ = try jit { (x: F) in try sum(x, ones(3)) }(ones(2))
    }
    fails("nested.vmap-of-jit", .axisOutOfRange, "shape []") {
      _ = try vmap(jit { (x: F) in x })(F(1))
    }
    fails("nested.leaving", .tracerEscaped, "vmap") {
      let f = vmap { (x: F) in
        let box = Box<F?>(nil)
        _ = try vmap { (y: F) in
          box.set(y * 2)
          return y
        }(x)
        return box.value ?? x
      }
      _ = try f(ones(2, 3)).scalars()
    }
    fails("nested.leaving-in-an-operation", .tracerEscaped, "vmap") {
      let f = vmap { (x: F) in
        let box = Box<F?>(nil)
        _ = try vmap { (y: F) in
          box.set(y * 2)
          return y
        }(x)
        return x + (box.value ?? x)
      }
      _ = try f(ones(2, 3)).scalars()
    }
  }

  mutating func addChunks() {
    fails("chunk.operation", .shapeMismatch, "add") {
      _ = try vmap(inAxes: 0, chunk: 2) { (x: F) in x + ones(5) }(ones(7, 3))
    }
    fails("chunk.function", .functionFailed, "OwnError") {
      _ = try vmap(inAxes: 0, chunk: 2) { (x: F) -> F in throw OwnError() }(ones(7, 3))
    }
    fails("chunk.sizes", .axisSizeMismatch, "size 7", "size 8") {
      _ = try vmap(inAxes: 0, chunk: 2) { (x: F, y: F) in x + y }(ones(7), ones(8))
    }
    fails("chunk.given-size", .axisSizeMismatch, "axisSize is 9", "size 7") {
      _ = try vmap(inAxes: 0, axisSize: 9, chunk: 2) { (x: F) in x }(ones(7))
    }
    fails("chunk.tracer", .valueOfTracer, "f32[3]") {
      _ = try vmap(inAxes: 0, chunk: 2) { (x: F) in F(try x.scalars()) }(ones(7, 3))
    }
    works("chunk.huge") {
      try expect(vmap(inAxes: 0, chunk: .max) { (x: F) in x + 1 }(ones(3)), [2, 2, 2])
    }
    works("chunk.empty-batch") {
      try expect(vmap(inAxes: 0, chunk: 2) { (x: F) in x + 1 }(ones(0)), [])
    }
    works("chunk.nothing-mapped") {
      let f = vmap(inAxes: nil, axisSize: 5, chunk: 2) { (x: F) in x + 1 }
      try expect(f(F(1)), [2, 2, 2, 2, 2])
    }
  }

  mutating func addFunctions() {
    fails("function.throws", .functionFailed, "the function threw OwnError") {
      _ = try vmap { (x: F) -> F in throw OwnError() }(ones(3))
    }
    fails("function.throws-in-jit", .functionFailed, "OwnError") {
      _ = try jit { (x: F) -> F in throw OwnError() }(ones(3))
    }
    fails("function.throws-in-lowered", .functionFailed, "OwnError") {
      _ = try vmap { (x: F) -> F in throw OwnError() }.lowered(ones(3))
    }
    fails("function.throws-our-error", .countMismatch, "5 scalars") {
      _ = try vmap { (x: F) in try x + F(shape: [5], scalars: [1]) }(ones(3))
    }
    fails("function.fails-before-it-throws", .shapeMismatch, "mul") {
      _ = try vmap { (x: F) -> F in
        _ = x * ones(9)
        throw OwnError()
      }(ones(3, 2))
    }
    fails("function.unused-failure", .invalidArgument, "sum", "axis 4") {
      _ = try vmap { (x: F) -> F in
        _ = x.sum(axis: 4)
        return x
      }(ones(3, 2))
    }
    fails("function.first-failure", .shapeMismatch, "sub") {
      _ = try vmap { (x: F) -> F in (x - ones(9)).sum(axis: 4) }(ones(3, 2))
    }
    fails("function.fails-twice", .functionFailed, "OwnError") {
      let f = vmap { (x: F) -> F in throw OwnError() }
      _ = try? f(ones(3))
      _ = try f(ones(3))
    }
    works("function.fails-once") {
      let calls = Box(0)
      let f = vmap { (x: F) -> F in
        if calls.update({ $0 + 1 }) == 1 { throw OwnError() }
        return x + 1
      }
      _ = try? f(ones(3))
      try expect(f(ones(3)), [2, 2, 2])
    }
    fails("function.captures-poison", .invalidArgument, "negative size") {
      let poison = F.zeros([-3])
      _ = try vmap { (x: F) in x + poison }(ones(3))
    }
    fails("function.returns-poison", .invalidArgument, "negative size") {
      _ = try vmap { (x: F) in F.zeros([-3]) }(ones(3))
    }
    fails("function.shape-error-in-an-empty-batch", .shapeMismatch, "matmul") {
      _ = try vmap { (x: F) in matmul(x, ones(4)) }(ones(0, 3))
    }
    fails("tree.argument-refuses", .functionFailed, "OwnError") {
      _ = try vmap { (x: Refusing) in x.value }(Refusing())
    }
    fails("tree.result-refuses", .functionFailed, "OwnError") {
      _ = try vmap { (x: F) in Refusing() }(ones(3))
    }
    fails("tree.state-refuses", .functionFailed, "OwnError") {
      _ = try vmap { (x: F) in
        whileLoop(Refusing(), while: { _ in B(false) }, do: { $0 })
      }(ones(3))
    }
    let changes: [(String, Changing.Change)] = [
      ("grows", .grows), ("shrinks", .shrinks), ("turns", .turns),
    ]
    for (name, change) in changes {
      fails("tree.\(name)", .invalidArgument, "TensorTree") {
        _ = try vmap { (x: Changing) in ones(3) }(Changing(change: change))
      }
    }
  }
}
