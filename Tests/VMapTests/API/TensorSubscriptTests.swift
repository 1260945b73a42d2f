import Testing
import VMap

/// Elements by index, as in NumPy.
@Suite struct TensorSubscriptTests {
  typealias Ints = Tensor<Int32>

  @Test func indicesAndRanges() throws {
    let x = try Ints.counting(4, 3)
    try expectAll([
      (x[1], [3], [3, 4, 5]), (x[-1, 0], [], [9]),
      (x[.all, 1...], [4, 2], [1, 2, 4, 5, 7, 8, 10, 11]),
      (x[1..<3], [2, 3], [3, 4, 5, 6, 7, 8]), (x[...1, 2], [2], [2, 5]),
      (x[..<1], [1, 3], [0, 1, 2]),
      (x[1...2, 0...0], [2, 1], [3, 6]), (x[2...], [2, 3], [6, 7, 8, 9, 10, 11]),
      (x[.slice(nil, nil, by: -1)], [4, 3], [9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2]),
      (x[.slice(3, 0, by: -2), 1], [2], [10, 4]),
      (x[.slice(-3, -1)], [2, 3], [3, 4, 5, 6, 7, 8]),
      (x[.slice(0, 100, by: 3)], [2, 3], [0, 1, 2, 9, 10, 11]),
      (x[.slice(3, 1)], [0, 3], []), (x[100..<200], [0, 3], []),
      (x[.newAxis, .all, .newAxis], [1, 4, 1, 3], Array(0..<12)),
      (x[.ellipsis, 0], [4], [0, 3, 6, 9]), (x[0, .ellipsis], [3], [0, 1, 2]),
      (x[.ellipsis], [4, 3], Array(0..<12)), (x[0, 0, .newAxis], [1], [0]),
    ])
  }

  @Test func ellipsesInHigherRanks() throws {
    let x = try Ints.counting(2, 2, 3)
    try expectAll([
      (x[.ellipsis, 1], [2, 2], [1, 4, 7, 10]), (x[1, .ellipsis, 2], [2], [8, 11]),
      (x[.ellipsis, .newAxis], [2, 2, 3, 1], Array(0..<12)),
      (x[.all, .newAxis, 0], [2, 1, 3], [0, 1, 2, 6, 7, 8]),
    ])
  }

  @Test func tensorsOfIndices() throws {
    let x = try Ints.counting(4, 3)
    let ids = Tensor<Int64>([3, 0, -1])
    let table = Tensor<UInt8>([[0, 1], [2, 2]])
    let cube = try Ints.counting(2, 3, 2)
    try expectAll([
      (x[ids], [3, 3], [9, 10, 11, 0, 1, 2, 9, 10, 11]),
      (x[ids, .all], [3, 3], [9, 10, 11, 0, 1, 2, 9, 10, 11]),
      (x[.all, table], [4, 2, 2], [0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11]),
      (x[ids, 1], [3], [10, 1, 10]),
      (x[Ints([7, -9])], [2, 3], [9, 10, 11, 0, 1, 2]), (x[Ints(2)], [3], [6, 7, 8]),
      (x[Ints(2), Ints([2, 0])], [2], [8, 6]),
      (x[1..., ids], [3, 3], [5, 3, 5, 8, 6, 8, 11, 9, 11]),
      // The dimensions of an array come first where a slice stands between it and a number.
      (cube[0, .all, table], [2, 2, 3], [0, 2, 4, 1, 3, 5, 1, 3, 5, 1, 3, 5]),
      (cube[.all, ids, 0], [2, 3], [4, 0, 4, 10, 6, 10]),
    ])
    try expectAll([
      (x.take(ids, axis: 1), [4, 3], [2, 0, 2, 5, 3, 5, 8, 6, 8, 11, 9, 11]),
      (x.take(ids), [3], [3, 0, 11]),
      (take(x, table, axis: -2), [2, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8]),
    ])
  }

  @Test func whatIsNoIndex() {
    let x = Ints.ones([4, 3])
    expectError(.invalidArgument, naming: "index 4", "axis 0", "[4,3]") { try x[4].scalars() }
    expectError(.invalidArgument, naming: "index -4", "axis 1") { try x[0, -4].scalars() }
    expectError(.invalidArgument, naming: "3 indices", "[4,3]") { try x[0, 0, 0].scalars() }
    expectError(.invalidArgument, naming: "ellipsis") { try x[.ellipsis, .ellipsis].scalars() }
    expectError(.invalidArgument, naming: "step", "0") {
      try x[.slice(nil, nil, by: 0)].scalars()
    }
    expectError(.invalidArgument, naming: "take", "axis 2", "[4,3]") {
      try x.take(Ints([0]), axis: 2).scalars()
    }
    expectError(.invalidArgument, naming: "take", "[0,3]") {
      try Ints.ones([0, 3]).take(Ints([0]), axis: 0).scalars()
    }
  }
}
