import Testing
import VMap

/// Choices that each example makes for itself.
@Suite struct BranchCases {
  typealias F = Tensor<Float>

  @Test func eachExampleTakesItsBranch() throws {
    let f = vmap { (x: F) in
      cond(x .> 0) {
        sqrt(x)
      } else: {
        x * x
      }
    }
    try expect(f(F([4, -3, 9, 0])), [4], [2, 9, 3, 0])
  }

  /// A choice that is the same for all examples, in results that vary.
  @Test(arguments: [true, false])
  func aSharedPredicate(_ predicate: Bool) throws {
    let f = vmap(
      { (p: Tensor<Bool>, x: F) in
        cond(p) {
          x + 1
        } else: {
          -x
        }
      }, inAxes: [nil, 0])
    try expect(f(Tensor(predicate), F([1, 2, 3])), [3], predicate ? [2, 3, 4] : [-1, -2, -3])
  }

  /// Results that do not vary do so through the predicate.
  @Test func aPredicateMakesConstantsVary() throws {
    let f = vmap { (x: F) in
      cond(x .> 1) {
        (F([1, 2]))
      } else: {
        F([3, 4])
      }
    }
    try expect(f(F([0, 2])), [2, 2], [3, 4, 1, 2])
  }

  @Test func severalBranches() throws {
    let f = vmap { (kind: Tensor<Int32>, x: F) in
      switchCase(
        kind,
        {
          x
        },
        {
          x * 10
        },
        {
          x * 100
        })
    }
    try expect(
      f(Tensor<Int32>([-5, 0, 1, 2, 7]), F([1, 2, 3, 4, 5])), [5], [1, 2, 30, 400, 500])
    let one = vmap { (kind: Tensor<Int32>, x: F) in
      switchCase(kind) {
        x + 1
      }
    }
    try expect(one(Tensor<Int32>([0, 3]), F([1, 2])), [2], [2, 3])
  }

  /// What is not taken may divide by zero, be infinite or never end.
  @Test func whatIsNotTakenIsNotSeen() throws {
    let f = vmap { (x: Tensor<Int32>) in
      cond(x .== 0) {
        whileLoop(x) {
          $0 .== 0
        } do: {
          $0 + 1
        }
      } else: {
        cond(x .> 100) {
          whileLoop(x) {
            $0 .> 0
          } do: {
            $0
          }
        } else: {
          100 / x
        }
      }
    }
    try expect(f(Tensor<Int32>([0, 5, -20, 50])), [4], [1, 20, -5, 2])
  }

  /// What every branch gives as it is does not vary with the predicate.
  @Test func forwardedResults() throws {
    let f = vmap(
      { (x: F, y: F) in
        cond(x .> 0) {
          [x * 2, y]
        } else: {
          [x, y]
        }
      }, inAxes: [0, nil], outAxes: [0, nil])
    let results = try f(F([0, 1, 2]), F(3))
    try expect(results[0], [3], [0, 2, 4])
    try expect(results[1], [], [3])
    // What only one branch forwards does.
    let other = vmap(
      { (x: F, y: F) in
        switchCase(x.asType(Int32.self), { [y, y] }, { [y, x] }, { [y, y] })
      }, inAxes: [0, nil], outAxes: [nil, 0])
    let chosen = try other(F([0, 1, 2]), F(3))
    try expect(chosen[0], [], [3])
    try expect(chosen[1], [3], [3, 1, 3])
  }

  @Test func treesOfResults() throws {
    let f = vmap { (x: F) in
      cond(x.sum() .> 0) {
        ["double": x * 2, "sum": x.sum()]
      } else: {
        ["double": x, "sum": F(0)]
      }
    }
    let result = try f(F(shape: [2, 2], scalars: [1, 2, -3, -4]))
    try expect(#require(result["double"]), [2, 2], [2, 4, -3, -4])
    try expect(#require(result["sum"]), [2], [3, 0])
  }

  /// Several results need no tree of their own.
  @Test func tuplesOfResults() throws {
    let sort = vmap { (x: F, y: F) in
      let (low, high) = cond(x .< y) {
        (x, y)
      } else: {
        (y, x)
      }
      return Tuple(low, high)
    }
    let (low, high) = try sort(F([1, 5, 3]), F([2, 4, 3])).elements
    try expect(low, [3], [1, 4, 3])
    try expect(high, [3], [2, 5, 3])
    let f = vmap { (kind: Tensor<Int32>, x: F) in
      let (value, slope, both) = switchCase(
        kind, { (x, F(1), [x, x]) }, { (x * x, 2 * x, [x, F(0)]) })
      return Tuple(value, slope, both[1])
    }
    let (value, slope, second) = try f(Tensor<Int32>([0, 1]), F([3, 4])).elements
    try expect(value, [2], [3, 16])
    try expect(slope, [2], [1, 8])
    try expect(second, [2], [3, 0])
  }

  /// A result that is too large for a work-item: the host goes through the branches.
  @Test func largeResults() throws {
    let f = vmap { (x: F) in
      cond(x[0] .> 0) {
        x + 1
      } else: {
        x - 1
      }
    }
    let x = try F.ones([3, 400]) * F(shape: [3, 1], scalars: [1, -2, 3])
    let y = try f(x).scalars()
    #expect(y == (0..<1200).map { [2, -3, 4][$0 / 400] })
  }

  /// What one branch replaces in place is not what another one reads of other examples.
  @Test func windowsBesideABranchOverTheBatch() throws {
    let x = try F(shape: [3, 2], scalars: [1, 2, 3, 4, 5, 6])
    let two = vmap(
      { (x: F, p: Tensor<Bool>) in
        cond(p) {
          x.at(0).set(100)
        } else: {
          x.at(1).set(x.sum(over: "i")[0])
        }
      }, axisName: "i")
    try expect(two(x, Tensor([true, false, true])), [3, 2], [100, 2, 3, 9, 100, 6])
    let three = vmap(
      { (x: F, kind: Tensor<Int32>) in
        switchCase(
          kind, { x.at(0).add(10) }, { fori(0, 1, x) { _, _ in x.at(1).set(x[0].max(over: "i")) } },
          { x.at(0).add(1000) })
      }, axisName: "i")
    try expect(three(x, Tensor<Int32>([0, 1, 2])), [3, 2], [11, 2, 3, 5, 1005, 6])
  }

  /// A branch that needs all examples is computed in lockstep.
  @Test func aBranchOverTheBatch() throws {
    let f = vmap(
      { (x: F) in
        cond(x .> 1) {
          x + x.sum(over: "i")
        } else: {
          x
        }
      }, axisName: "i")
    try expect(f(F([1, 2, 3])), [3], [1, 8, 9])
  }

  @Test func outsideOfAnyTrace() throws {
    let x = F([1, 2])
    let y = cond(x.sum() .> 0) {
      x * 2
    } else: {
      x
    }
    try expect(y, [2], [2, 4])
    let both = jit { (x: F) in
      cond(x.sum() .> 10) {
        x
      } else: {
        x + 1
      }
    }
    try expect(both(x), [2], [2, 3])
  }

  @Test func errors() throws {
    let shapes = cond(Tensor(true)) {
      F([1, 2])
    } else: {
      F(1)
    }
    #expect {
      try shapes.scalars()
    } throws: { error in
      let error = error as? VMapError
      return error?.kind == .branchMismatch
        && error?.message.contains("then gives (f32[2]), else gives (f32[])") == true
    }
    let structures = cond(Tensor(true)) {
      ["a": F(1)]
    } else: {
      ["b": F(1)]
    }
    #expect {
      try structures["a"]?.scalars()
    } throws: {
      ($0 as? VMapError)?.kind == .branchMismatch
    }
    let predicate = cond(Tensor([true, false])) {
      F(1)
    } else: {
      F(2)
    }
    #expect {
      try predicate.scalars()
    } throws: {
      ($0 as? VMapError)?.message == "cond: the predicate should be a scalar, it is bool[2]"
    }
  }
}
