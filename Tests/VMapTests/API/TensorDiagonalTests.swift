import Testing

@testable import VMap
@testable import VMapTestSupport

/// Diagonals, traces, and the products of Kronecker and of vectors in space.
@Suite struct TensorDiagonalTests {
  typealias Ints = Tensor<Int32>

  @Test func diagonals() throws {
    let a = try Ints.counting(3, 4)
    let cube = try Ints.counting(2, 3, 4)
    try expectAll([
      (a.diagonal(), [3], [0, 5, 10]), (a.diagonal(offset: 1), [3], [1, 6, 11]),
      (a.diagonal(offset: -1), [2], [4, 9]), (a.diagonal(offset: 3), [1], [3]),
      (a.diagonal(offset: -2), [1], [8]),
      (cube.diagonal(axis1: 1, axis2: 2), [2, 3], [0, 5, 10, 12, 17, 22]),
      (cube.diagonal(offset: 1, axis1: -1, axis2: 0), [3, 1], [12, 16, 20]),
      (a.trace(), [], [15]), (a.trace(offset: 1), [], [18]), (a.trace(offset: -1), [], [13]),
      (cube.trace(), [4], [16, 18, 20, 22]),
    ])
    for offset in [4, -3, .max, .min] {
      #expect(try a.diagonal(offset: offset).scalars() == [])
      #expect(try a.trace(offset: offset).scalar() == 0)
    }
    expectError(.invalidArgument, naming: "diagonal", "[3]") {
      try Ints([1, 2, 3]).diagonal().scalars()
    }
    expectError(.invalidArgument, naming: "trace", "twice") {
      try a.trace(axis1: 0, axis2: -2).scalars()
    }
  }

  @Test func products() throws {
    let square = Ints([[1, 2], [3, 4]])
    let column = Ints([[1], [3]])
    let twoVectors = Ints([[1, 2, 3], [4, 5, 6]])
    try expectAll([
      (kron(square, Ints([[0, 5, 1]])), [2, 6], [0, 5, 1, 0, 10, 2, 0, 15, 3, 0, 20, 4]),
      (kron(Ints([1, 2]), column), [2, 2], [1, 2, 3, 6]),
      (kron(Ints(3), Ints([1, 2])), [2], [3, 6]),
      (cross(twoVectors, Ints([7, -8, 9])), [2, 3], [42, 12, -22, 93, 6, -67]),
      (
        cross(Ints([[1, 2], [3, 4], [5, 6]]), Ints([[1, 0], [0, 1], [2, 2]]), axis: 0), [3, 2],
        [6, 2, 3, -4, -3, 2]
      ),
    ])
    expectError(.shapeMismatch, naming: "cross", "[2]") {
      try cross(Ints([1, 2]), Ints([1, 2])).scalars()
    }
    expectError(.invalidArgument, naming: "cross", "axis 1") {
      try cross(Ints([1, 2, 3]), Ints([1, 2, 3]), axis: 1).scalars()
    }
    expectError(.shapeMismatch, naming: "cross") {
      try cross(Ints.ones([2, 3]), Ints.ones([4, 3])).scalars()
    }
  }

  /// Wherever the batch lies.
  @Test func batches() throws {
    func check(
      _ name: String, _ shapes: [[Int]], _ function: @escaping ([Tensor<Float>]) -> Tensor<Float>
    ) throws {
      let inputs = shapes.enumerated().map { BatchCheck.Input.moderate(.float32, $1, seed: $0) }
      var check = BatchCheck(name, inputs) { _, handles in
        [function(handles.map(Tensor<Float>.init(handle:))).handle]
      }
      check.sizes = [0, 1, 17]
      // Sums of three numbers below 4.
      check.greatestBound = 1e-5
      expectNone(try check.mismatches())
    }
    try check("diagonal", [[3, 4]]) { $0[0].diagonal(offset: 1) }
    try check("trace", [[3, 3]]) { $0[0].trace() }
    try check("kron", [[2, 3], [3, 1]]) { kron($0[0], $0[1]) }
    try check("cross", [[3, 2], [3, 2]]) { cross($0[0], $0[1], axis: 0) }
  }
}
