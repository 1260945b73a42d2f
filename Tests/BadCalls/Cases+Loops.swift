import VMap

// Loops whose state or condition does not fit.

extension CaseList {
  mutating func addLoops() {
    poisons("loop.shape", .loopStateMismatch, "whileLoop", "state 0", "f32[3]", "f32[2,3]") {
      whileLoop(ones(3), while: { $0.sum() .< 9 }, do: { stack([$0, $0]) })
    }
    poisons("loop.rank", .loopStateMismatch, "f32[]", "f32[1]") {
      whileLoop(F(1), while: { $0 .< 9 }, do: { $0.reshaped(to: [1]) })
    }
    fails("loop.shape-in-vmap", .loopStateMismatch, "state 0", "f32[3]", "f32[]") {
      _ = try vmap { (x: F) in whileLoop(x, while: { $0.sum() .< 9 }, do: { $0.sum() }) }(
        ones(2, 3))
    }
    poisons("loop.second-state", .loopStateMismatch, "state 1", "i32[]", "i32[2]") {
      let (_, steps) = whileLoop(ones(3), I(0)) { x, _ in
        x.sum() .< 9
      } do: { x, steps in
        (x, stack([steps, steps]))
      }
      return steps
    }
    fails("loop.field", .loopStateMismatch, "state 0.bias", "f32[3]", "f32[4]") {
      let layer = whileLoop(Layer()) {
        $0.bias.sum() .< 9
      } do: {
        Layer(weights: $0.weights, bias: $0.weights.sum(axis: 0))
      }
      _ = try layer.bias.scalars()
    }
    fails("loop.array-grows", .loopStateMismatch, "1 tensor", "returns 2", "state 0[1]") {
      let state = whileLoop([ones(3)], while: { $0[0].sum() .< 9 }, do: { $0 + [ones(3)] })
      _ = try state[0].scalars()
    }
    fails("loop.array-shrinks", .loopStateMismatch, "2 tensors", "returns 1", "state 0[1]") {
      let state = whileLoop([ones(3), ones(3)], while: { $0[0].sum() .< 9 }, do: { [$0[0]] })
      _ = try state[1].scalars()
    }
    fails("loop.keys", .loopStateMismatch, "state 0.b", "state 0.a") {
      let state = whileLoop(
        ["a": ones(3)], while: { _ in B(false) }, do: { ["b": $0["a"] ?? ones(3)] })
      _ = try state["a"]?.scalars()
    }
    fails("loop.optional-appears", .loopStateMismatch, "0 tensors", "returns 1") {
      _ = try vmap { (x: F) in
        whileLoop(F?.none, while: { _ in B(false) }, do: { _ in F(1) }) ?? x
      }(ones(3))
    }
    poisons("loop.condition-vector", .loopStateMismatch, "condition", "bool[2]") {
      whileLoop(ones(2), while: { $0 .< 9 }, do: { $0 + 1 })
    }
    poisons("loop.condition-of-size-one", .loopStateMismatch, "condition", "bool[1]") {
      whileLoop(ones(1), while: { $0 .< 9 }, do: { $0 + 1 })
    }
    fails("loop.condition-in-vmap", .loopStateMismatch, "condition", "bool[3]") {
      _ = try vmap { (x: F) in whileLoop(x, while: { $0 .< 9 }, do: { $0 + 1 }) }(ones(2, 3))
    }
    poisons("loop.condition-fails", .shapeMismatch, "lt", "[2]", "[3]") {
      whileLoop(ones(2), while: { ($0 .< ones(3)).all() }, do: { $0 + 1 })
    }
    poisons("loop.body-fails", .shapeMismatch, "add", "[2]", "[3]") {
      whileLoop(ones(2), while: { $0.sum() .< 9 }, do: { $0 + ones(3) })
    }
    poisons("loop.condition-throws", .functionFailed, "OwnError") {
      whileLoop(ones(2), while: { _ in throw OwnError() }, do: { $0 + 1 })
    }
    poisons("loop.body-throws", .functionFailed, "OwnError") {
      whileLoop(ones(2), while: { $0.sum() .< 9 }, do: { _ in throw OwnError() })
    }
    fails("loop.body-throws-in-vmap", .functionFailed, "OwnError") {
      _ = try vmap { (x: F) in
        whileLoop(x, while: { $0.sum() .< 9 }, do: { _ in throw OwnError() })
      }(ones(2, 3))
    }
    poisons("loop.poisoned-state", .invalidArgument, "negative size") {
      whileLoop(F.zeros([-1]), while: { $0.sum() .< 9 }, do: { $0 + 1 })
    }
    poisons("loop.poisoned-capture", .invalidArgument, "negative size") {
      let poison = F.zeros([-1])
      return whileLoop(ones(3), while: { $0.sum() .< 9 }, do: { $0 + poison })
    }
    poisons("loop.body-value-outside", .tracerEscaped) {
      let box = Box(ones(1))
      _ = whileLoop(ones(3)) {
        $0.sum() .< 9
      } do: {
        box.set($0 + 1)
        return $0 + 1
      }
      return box.value + 1
    }
    fails("loop.body-value-in-vmap", .tracerEscaped, "loop") {
      _ = try vmap { (x: F) in
        let box = Box(ones(1))
        let y = whileLoop(x) {
          $0.sum() .< 9
        } do: {
          box.set($0 * 2)
          return $0 + 1
        }
        return y + box.value
      }(ones(2, 3))
    }
    fails("loop.body-value-returned", .tracerEscaped, "loop") {
      _ = try vmap { (x: F) in
        let box = Box(ones(1))
        _ = whileLoop(x) {
          $0.sum() .< 9
        } do: {
          box.set($0)
          return $0 + 1
        }
        return box.value
      }(ones(2, 3))
    }
    fails("loop.condition-value-in-the-body", .tracerEscaped, "loop") {
      let box = Box(ones(1))
      _ = try whileLoop(ones(3)) {
        box.set($0 * 2)
        return $0.sum() .< 9
      } do: {
        $0 + box.value
      }.scalars()
    }
    fails("loop.map-in-the-body", .axisOutOfRange, "axis 1", "shape [3]") {
      _ = try whileLoop(ones(3)) {
        $0.sum() .< 9
      } do: {
        try vmap(inAxes: 1) { (x: F) in x }($0)
      }.scalars()
    }
    works("loop.never-runs") {
      try expect(whileLoop(ones(2), while: { _ in B(false) }, do: { $0 + 1 }), [1, 1])
    }
    works("loop.empty-state") {
      let state = whileLoop([F](), while: { _ in B(false) }, do: { $0 })
      guard state.isEmpty else { throw WrongResult(text: "\(state)") }
    }
    for limit in [-1, 1 << 31] {
      poisons("loop.limit(\(limit))", .invalidArgument, "whileLoop", "limit", "\(limit)") {
        whileLoop(ones(2), limit: limit, while: { $0.sum() .< 9 }, do: { $0 + 1 }).0
      }
    }
    poisons("loop.limit-condition-throws", .functionFailed, "OwnError") {
      whileLoop(ones(2), limit: 3, while: { _ in throw OwnError() }, do: { $0 + 1 }).1
    }
    poisons("loop.limit-condition-vector", .loopStateMismatch, "condition", "bool[2]") {
      whileLoop(ones(2), limit: 3, while: { $0 .< 9 }, do: { $0 + 1 }).0
    }
    addCountingLoops()
    addScans()
  }

  private mutating func addCountingLoops() {
    for (lower, upper) in [(0, 1 << 31), (-(1 << 31) - 1, 0), (0, Int.max), (Int.min, 0)] {
      let bound = lower == 0 ? upper : lower
      poisons("fori.bounds(\(lower),\(upper))", .invalidArgument, "fori", "\(bound)", "32 bits") {
        fori(lower, upper, ones(3)) { _, x in x }
      }
    }
    poisons("fori.shape", .loopStateMismatch, "fori", "state 0", "f32[3]", "f32[]") {
      fori(0, 3, ones(3)) { _, x in x.sum() }
    }
    poisons("fori.vector-bound", .shapeMismatch, "fori", "upper bound", "scalar", "i32[2]") {
      fori(I(0), I([3, 4]), ones(3)) { _, x in x }
    }
    poisons("fori.vector-start", .shapeMismatch, "fori", "lower bound", "scalar", "i32[2]") {
      fori(I([0, 1]), I(4), ones(3)) { _, x in x }
    }
    poisons("fori.throws", .functionFailed, "OwnError") {
      fori(0, 3, ones(3)) { _, _ -> F in throw OwnError() }
    }
    fails("fori.throws-in-vmap", .functionFailed, "OwnError") {
      _ = try vmap { (x: F) in fori(0, 3, x) { _, _ -> F in throw OwnError() } }(ones(2, 3))
    }
    fails("fori.bounds-in-vmap", .invalidArgument, "32 bits") {
      _ = try vmap { (x: F) in fori(0, .max, x) { _, x in x } }(ones(2, 3))
    }
    poisons("fori.index-outside", .tracerEscaped) {
      let box = Box(I(0))
      _ = fori(0, 3, ones(3)) { i, x in
        box.set(i)
        return x
      }
      return box.value + 1
    }
    fails("fori.index-in-vmap", .tracerEscaped, "loop") {
      _ = try vmap { (x: F) in
        let box = Box(I(0))
        let y = fori(0, 3, x) { i, x in
          box.set(i)
          return x
        }
        return y * box.value.asType(Float.self)
      }(ones(2, 3))
    }
    fails("fori.index-as-a-number", .valueOfTracer, "i32[]") {
      _ = try fori(0, 3, ones(3)) { i, x in x[Int(try i.scalar())] + x }.scalars()
    }
    works("fori.backwards") { try expect(fori(5, -5, ones(2)) { _, x in x + 1 }, [1, 1]) }
    works("fori.extreme-bounds") {
      try expect(fori(Int(Int32.max), Int(Int32.min), ones(2)) { _, x in x + 1 }, [1, 1])
    }
  }
}
