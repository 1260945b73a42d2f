import Testing
import VMap

/// Loops that each example leaves when it is done.
@Suite struct LoopCases {
  typealias Ints = Tensor<Int32>

  @Test func eachExampleStopsForItself() throws {
    let f = vmap { (v: Ints) in
      whileLoop(v) {
        $0 .< 3
      } do: {
        $0 + 2
      }
    }
    try expect(f(.counting(4)), [4], [4, 3, 4, 3])
  }

  @Test func aStateVariesBecauseOfTheCondition() throws {
    let f = vmap(
      { (x: Ints, y: Ints) in
        whileLoop(x) {
          $0 .< y
        } do: {
          $0 + 2
        }
      }, inAxes: [nil, 0])
    try expect(f(Tensor(0), Ints([2, 3])), [2], [2, 4])
  }

  @Test func aStateVariesBecauseOfTheBody() throws {
    let f = vmap(
      { (x: Ints, y: Ints) in
        whileLoop(x) {
          $0 .< 3
        } do: {
          $0 + y
        }
      }, inAxes: [nil, 0])
    try expect(f(Tensor(0), Ints([2, 3])), [2], [4, 3])
  }

  @Test func aStateOfSeveralTensors() throws {
    let f = vmap { (x: Ints, y: Ints) in
      whileLoop(x, y) { x, y in
        x + y .< 5
      } do: { x, y in
        (x + 1, y)
      }
    }
    let (x, y) = try f(Ints([0, 0]), Ints([1, 2]))
    try expect(x, [2], [4, 3])
    try expect(y, [2], [1, 2])
    let dictionaries = vmap { (x: Ints) in
      whileLoop(["x": x, "n": Ints(0)]) {
        ($0["x"] ?? Ints(9)) .< 9
      } do: { state in
        state.mapValues { $0 + 1 }
      }
    }
    let result = try dictionaries(Ints([3, 7, 20]))
    try expect(#require(result["x"]), [3], [9, 9, 20])
    try expect(#require(result["n"]), [3], [6, 2, 0])
  }

  /// After each turn, what varies moves on by one place in the state.
  @Test func whatVariesMovesThroughTheState() throws {
    let f = vmap { (x: Ints) in
      fori(0, 2, Ints(0), Ints(1), Ints(2), x) { _, a, b, c, d in (b, c, d, a) }
    }
    let (a, b, c, d) = try f(.counting(3, from: 3))
    try expect(a, [3], [2, 2, 2])
    try expect(b, [3], [3, 4, 5])
    try expect(c, [3], [0, 0, 0])
    try expect(d, [3], [1, 1, 1])
  }

  @Test func loopsThatCount() throws {
    let f = vmap { (x: Ints) in fori(0, 10, x, Ints(0)) { _, x, y in (x + 1, y + 2) } }
    let (x, y) = try f(.counting(2))
    try expect(x, [2], [10, 11])
    try expect(y, [2], [20, 20])
    let sums = vmap { (x: Ints) in fori(2, 5, x) { (i: Ints, x: Ints) -> Ints in x + i } }
    try expect(sums(.counting(2)), [2], [9, 10])
  }

  @Test func boundsThatVary() throws {
    let add: @Sendable (Ints, Ints) -> Ints = { x, n in
      fori(Ints(0), n, x) { (_: Ints, x: Ints) -> Ints in x + 1 }
    }
    let table = vmap(vmap(add, inAxes: [nil, 0]), inAxes: [0, nil])
    try expect(table(.counting(3), .counting(4)), [3, 4], [0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5])
    // The lower bound too; where it is not below the upper one, nothing happens.
    let range = vmap { (from: Ints, to: Ints) in
      fori(from, to, Ints(0)) { (i: Ints, sum: Ints) -> Ints in sum + i }
    }
    try expect(range(Ints([0, 2, 5, 9]), Ints([4, 4, 5, 1])), [4], [6, 5, 0, 0])
  }

  @Test func loopsInLoops() throws {
    let f = vmap { (n: Ints) in
      fori(Ints(0), n, Ints(0)) { (i: Ints, sum: Ints) -> Ints in
        sum
          + whileLoop(i) {
            $0 .< 3
          } do: {
            $0 + n
          }
      }
    }
    // For n: the sum over i < n of the first of i, i + n, i + 2n, … that is 3 or more.
    try expect(f(.counting(6)), [6], [0, 3, 7, 12, 18, 25])
  }

  @Test func theConditionMayDependOnTheIndexOfTheExample() throws {
    let f = vmap(
      { (x: Ints) in
        whileLoop(x) {
          $0 .< axisIndex("i")
        } do: {
          $0 + 2
        }
      }, axisName: "i")
    try expect(f(.zeros([4])), [4], [0, 2, 2, 4])
  }

  /// Each example makes as many steps as the limit allows, and says whether it wanted more.
  @Test func limits() throws {
    let f = vmap { (x: Ints) in
      whileLoop(x, limit: 3) {
        $0 .< 10
      } do: {
        $0 + 3
      }
    }
    let (state, reachedLimit) = try f(Ints([-5, 0, 1, 4, 9, 20]))
    try expect(state, [6], [4, 9, 10, 10, 12, 20])
    try expect(reachedLimit, [6], [true, true, false, false, false, false])
    // A loop that would not end, on a state of several trees, and no step at all.
    for limit in [0, 5] {
      let several = vmap { (x: Ints) in
        let (state, reachedLimit) = whileLoop([x], x, limit: limit) { xs, _ in
          xs[0] .> 0
        } do: { xs, y in
          ([xs[0] + 1], y + 2)
        }
        return (state.0[0], state.1, reachedLimit)
      }
      let (a, b, reachedLimit) = try several(Ints([-1, 0, 1]))
      try expect(a, [3], [-1, 0, Int32(1 + limit)])
      try expect(b, [3], [-1, 0, Int32(1 + 2 * limit)])
      try expect(reachedLimit, [3], [false, false, true])
    }
  }

  @Test func stateOfAnotherShapeIsNoState() {
    expectError(.loopStateMismatch, naming: "whileLoop", "state 0", "i32[2]", "i32[]") {
      try vmap { (x: Ints) in
        whileLoop(x) {
          $0.sum() .< 3
        } do: {
          $0.sum()
        }
      }(.ones([3, 2]))
    }
    expectError(.loopStateMismatch, naming: "fori", "state 1", "i32[]", "i32[2]") {
      try vmap { (x: Ints) in
        fori(0, 3, x, Ints(0)) { _, x, sum in (x, x + sum) }
      }(.ones([3, 2]))
    }
    expectError(.loopStateMismatch, naming: "condition", "bool[]", "bool[2]") {
      try vmap { (x: Ints) in
        whileLoop(x) {
          $0 .< 3
        } do: {
          $0 + 1
        }
      }(.ones([3, 2]))
    }
    expectError(.loopStateMismatch, naming: "whileLoop", "1 tensor ", "returns 2") {
      try vmap { (x: Ints) in
        whileLoop([x]) {
          $0[0] .< 3
        } do: {
          $0 + $0
        }[0]
      }(.ones([3]))
    }
  }
}
