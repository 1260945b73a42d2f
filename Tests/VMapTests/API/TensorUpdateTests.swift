import Testing
import VMap

/// Elements replaced, and found, by index, with the answers of JAX.
@Suite struct TensorUpdateTests {
  typealias Ints = Tensor<Int32>

  @Test func updates() throws {
    let x = try Ints.counting(4, 3)
    let (i, j) = (Tensor<Int64>([3, 0, 3]), Tensor<UInt8>([1, 2, 1]))
    try expectAll([
      (x.at(1).set(0), [4, 3], [0, 1, 2, 0, 0, 0, 6, 7, 8, 9, 10, 11]),
      (x.at(i).add(1), [4, 3], [1, 2, 3, 3, 4, 5, 6, 7, 8, 11, 12, 13]),
      (x.at(i, j).add(Ints([10, 20, 30])), [4, 3], [0, 1, 22, 3, 4, 5, 6, 7, 8, 9, 50, 11]),
      (x.at(3, 0).subtract(Ints(9)), [4, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 10, 11]),
      (
        x.at(.all, 1...).multiply(Ints([2, 3])), [4, 3],
        [0, 2, 6, 3, 8, 15, 6, 14, 24, 9, 20, 33]
      ),
      (
        x.at(.newAxis, .all, 0).set(Ints([7, 8, 9, 10]).expandedDimension(at: 0)), [4, 3],
        [7, 1, 2, 8, 4, 5, 9, 7, 8, 10, 10, 11]
      ),
      (x.at(.all).add(1), [4, 3], Array(1...12)),
      (x.at().multiply(0), [4, 3], Array(repeating: 0, count: 12)),
    ])
    let steps = try Ints(shape: [2, 2], scalars: [50, 51, 52, 53])
    try expectAll([
      (
        x.at(.slice(nil, nil, by: 2), .slice(nil, nil, by: -2)).set(steps), [4, 3],
        [51, 1, 50, 3, 4, 5, 53, 7, 52, 9, 10, 11]
      ),
      (
        x.at(.slice(3, 0, by: -1), 0).set(Ints([1, 2, 3])), [4, 3],
        [0, 1, 2, 3, 4, 5, 2, 7, 8, 1, 10, 11]
      ),
    ])
  }

  @Test func higherRanks() throws {
    let x = try Ints.counting(2, 3, 2)
    let columns = try Ints(shape: [2, 3], scalars: [20, 21, 22, 30, 31, 32])
    let rows = try Ints(shape: [2, 1], scalars: [0, 1])
    try expectAll([
      (x.at(.ellipsis, 0).min(Ints(3)), [2, 3, 2], [0, 1, 2, 3, 3, 5, 3, 7, 3, 9, 3, 11]),
      (
        x.at(0, .all, Ints([1, 0])).set(columns), [2, 3, 2],
        [30, 20, 31, 21, 32, 22, 6, 7, 8, 9, 10, 11]
      ),
      (
        x.at(rows, Ints([0, 2])).max(Ints(5)), [2, 3, 2], [5, 5, 2, 3, 5, 5, 6, 7, 8, 9, 10, 11]
      ),
    ])
    try expectAll([
      (x[Ints([0, 1]), .all, Ints([1, 1])], [2, 3], [1, 3, 5, 7, 9, 11]),
      (x[.all, Ints([0, 1]), Ints([1, 1])], [2, 2], [1, 3, 7, 9]),
    ])
  }

  /// Updates outside are left out, whatever the indices' type; reading gives the nearest edge or a
  /// value.
  @Test func outside() throws {
    let x = try Ints.counting(4, 3)
    let o = Tensor<Int8>([-1, 7, -9, 0])
    try expectAll([
      (x.at(o).set(100), [4, 3], [100, 100, 100, 3, 4, 5, 6, 7, 8, 100, 100, 100]),
      (
        x.at(Tensor<UInt64>([.max, 4, 1])).set(100), [4, 3],
        [0, 1, 2, 100, 100, 100, 6, 7, 8, 9, 10, 11]
      ),
      (x.at(Tensor<Int64>([.max, .min])).add(100), [4, 3], Array(0...11)),
      (x.at(o).get(fill: -5), [4, 3], [9, 10, 11, -5, -5, -5, -5, -5, -5, 0, 1, 2]),
      (x.at(o, 1).get(), [4], [10, 10, 1, 1]),
    ])
  }

  @Test func alongADimension() throws {
    let x = try Ints.counting(4, 3)
    func column(_ scalars: [Int32], _ shape: [Int]) throws -> Ints {
      try Ints(shape: shape, scalars: scalars)
    }
    try expectAll([
      (x.takeAlong(try column([2, 0, 1, -1], [4, 1]), axis: 1), [4, 1], [2, 3, 7, 11]),
      (x.takeAlong(try column([3, 0, 1], [1, 3]), axis: 0), [1, 3], [9, 1, 5]),
      (x.takeAlong(try column([2, 0], [1, 2]), axis: -1), [4, 2], [2, 0, 5, 3, 8, 6, 11, 9]),
      (
        oneHot(Ints([2, 0, -1, 3]), classes: 3, as: Int32.self), [4, 3],
        [0, 0, 1, 1] + Array(repeating: 0, count: 8)
      ),
      (
        oneHot(Tensor<Int8>([2, 0]), classes: 3, axis: 0, as: Int32.self), [3, 2],
        [0, 1, 0, 0, 1, 0]
      ),
      (
        oneHot(Tensor<Int8>([-1]), classes: 300, as: Int32.self).sum().expandedDimension(at: 0),
        [1], [0]
      ),
    ])
  }

  @Test func dynamicSlices() throws {
    let x = try Ints.counting(4, 3)
    try expectAll([
      (x.dynamicSlice([Ints(-2), Ints(2)], sizes: [2, 2]), [2, 2], [7, 8, 10, 11]),
      (
        x.dynamicUpdateSlice(
          Ints([90, 91]).expandedDimension(at: 0), [Tensor<UInt8>(9), Tensor<UInt8>(0)]), [4, 3],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 90, 91, 11]
      ),
    ])
  }

  /// A histogram of each row, and one element of a row in each step of a loop.
  @Test func inAMap() throws {
    let ids = try Ints(shape: [3, 4], scalars: [0, 1, 1, 9, 2, 2, 2, -1, 0, 0, 1, 2])
    let counts = try vmap { (ids: Ints) in Ints.zeros([3]).at(ids).add(1) }(ids)
    #expect(try counts.scalars() == [1, 2, 0, 0, 0, 4, 2, 1, 1])
    let steps = try vmap { (ids: Ints) in
      fori(0, 4, Ints.zeros([3])) { step, counts in
        counts.at(ids.take(step)).add(step + 1)
      }
    }(ids)
    #expect(try steps.scalars() == [1, 5, 0, 0, 0, 10, 3, 3, 4])
  }

  @Test func whatIsWrong() {
    let x = Ints.ones([4, 3])
    expectError(.invalidArgument, naming: "at: index 4", "axis 0") { try x.at(4).set(1).scalars() }
    expectError(.invalidArgument, naming: "at: 3 indices") { try x.at(0, 0, 0).add(1).scalars() }
    expectError(.shapeMismatch, naming: "[2]", "[3]") { try x.at(0).set(Ints([1, 2])).scalars() }
    expectError(.shapeMismatch, naming: "[1,3]", "[3]") {
      try x.at(0).set(Ints.ones([1, 3])).scalars()
    }
    expectError(.shapeMismatch, naming: "[2]", "[3]") {
      try x[Ints([0, 1]), Ints([0, 1, 2])].scalars()
    }
    expectError(.shapeMismatch, naming: "takeAlong", "[2]") {
      try x.takeAlong(Ints([0, 1]), axis: 0).scalars()
    }
    expectError(.invalidArgument, naming: "takeAlong", "axis 2") {
      try x.takeAlong(Ints.ones([4, 1]), axis: 2).scalars()
    }
    expectError(.invalidArgument, naming: "takeAlong", "no element") {
      try Ints.ones([0, 3]).takeAlong(Ints.ones([1, 3]), axis: 0).scalars()
    }
    expectError(.shapeMismatch, naming: "2 starts", "got 1") {
      try x.dynamicSlice([Ints(0)], sizes: [1, 1]).scalars()
    }
    expectError(.invalidArgument, naming: "[5,1]") {
      try x.dynamicSlice([Ints(0), Ints(0)], sizes: [5, 1]).scalars()
    }
    expectError(.shapeMismatch, naming: "dynamic_slice", "i32[1]") {
      try x.dynamicSlice([Ints(0), Ints([0])], sizes: [1, 1]).scalars()
    }
    expectError(.invalidArgument, naming: "oneHot", "-1") {
      try oneHot(Ints([0]), classes: -1).scalars()
    }
    expectError(.invalidArgument, naming: "oneHot", "axis 2") {
      try oneHot(Ints([0]), classes: 3, axis: 2).scalars()
    }
  }
}
