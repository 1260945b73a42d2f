import Testing
import VMap

/// Products of tensors: `matmul`, `dot`, `einsum` and their relatives.
@Suite struct TensorProductTests {
  typealias Ints = Tensor<Int32>

  @Test func matrixProducts() throws {
    let (v, w) = (Ints([1, 2, 3]), Ints([4, 5, 6]))
    let (a, b) = try (Ints.counting(2, 3), Ints.counting(3, 2))
    let cube = try Ints.counting(2, 2, 3)
    try expectAll([
      (matmul(v, w), [], [32]), (matmul(a, v), [2], [8, 26]),
      (matmul(v, b), [2], [16, 22]), (matmul(a, b), [2, 2], [10, 13, 28, 40]),
      (matmul(cube, b), [2, 2, 2], [10, 13, 28, 40, 46, 67, 64, 94]),
      (matmul(a, cube.swapAxes(1, 2)), [2, 2, 2], [5, 14, 14, 50, 23, 32, 86, 122]),
      (matmul(cube, v), [2, 2], [8, 26, 44, 62]),
    ])
    let (batch, other) = try (Ints.counting(2, 1, 2, 2), Ints.counting(3, 2, 1))
    try expect(matmul(batch, other), [2, 3, 2, 1], [1, 3, 3, 13, 5, 23, 5, 7, 23, 33, 41, 59])
    expectError(.shapeMismatch, naming: "matmul", "[2,3]", "[2,2]") {
      try matmul(a, Ints.ones([2, 2])).scalars()
    }
    expectError(.shapeMismatch, naming: "matmul", "scalars") { try matmul(a, Ints(1)).scalars() }
    expectError(.shapeMismatch, naming: "matmul") {
      try matmul(Ints.ones([2, 2, 2]), Ints.ones([3, 2, 2])).scalars()
    }
  }

  @Test func productsWithColumnsAndRows() throws {
    let (a, column, row) = try (
      Ints.counting(2, 5), Ints.counting(5, 1), Ints.counting(1, 2)
    )
    try expect(matmul(a, column), [2, 1], [30, 80])
    try expect(matmul(row, a), [1, 5], [5, 6, 7, 8, 9])
    try expect(matmul(column, row), [5, 2], [0, 0, 0, 1, 0, 2, 0, 3, 0, 4])
    try expect(matmul(a, column).transposed(), [1, 2], [30, 80])
    let sums = (try Ints.counting(2, 3, 5)).sum(axis: 2, keepDims: true)
    try expect(sums, [2, 3, 1], [10, 35, 60, 85, 110, 135])
  }

  @Test func otherProducts() throws {
    let (v, w) = (Ints([1, 2, 3]), Ints([4, 5, 6]))
    let (a, b) = try (Ints.counting(2, 3), Ints.counting(3, 2))
    let cube = try Ints.counting(2, 2, 3)
    try expectAll([
      (dot(v, w), [], [32]), (dot(a, b), [2, 2], [10, 13, 28, 40]),
      (dot(v, Ints(2)), [3], [2, 4, 6]),
      (dot(a, cube.swapAxes(1, 2)), [2, 2, 2], [5, 14, 23, 32, 14, 50, 86, 122]),
      (inner(v, w), [], [32]), (inner(a, cube), [2, 2, 2], [5, 14, 23, 32, 14, 50, 86, 122]),
      (vdot(a, b), [], [55]), (outer(v, w), [3, 3], [4, 5, 6, 8, 10, 12, 12, 15, 18]),
      (outer(a, Ints([1, 10])), [6, 2], [0, 0, 1, 10, 2, 20, 3, 30, 4, 40, 5, 50]),
      (tensordot(a, b, axes: ([1], [0])), [2, 2], [10, 13, 28, 40]),
      (tensordot(a, b, axes: ([0, 1], [1, 0])), [], [50]),
      (tensordot(cube, cube.transposed(1, 2, 0)), [2, 2], [55, 145, 145, 451]),
      (tensordot(v, w, axes: 0), [3, 3], [4, 5, 6, 8, 10, 12, 12, 15, 18]),
    ])
    expectError(.shapeMismatch, naming: "dot", "[3]", "[2]") { try dot(v, Ints([1, 2])).scalars() }
    expectError(.invalidArgument, naming: "tensordot", "2") { try tensordot(v, w).scalars() }
    expectError(.invalidArgument, naming: "tensordot", "axis 1") {
      try tensordot(v, w, axes: ([1], [0])).scalars()
    }
    expectError(.shapeMismatch, naming: "tensordot") {
      try tensordot(a, b, axes: ([0, 1], [0])).scalars()
    }
  }

  @Test func einsums() throws {
    let (a, b) = try (Ints.counting(2, 3), Ints.counting(3, 2))
    let cube = try Ints.counting(2, 2, 3)
    let square = try Ints.counting(3, 3)
    let v = Ints([1, 2, 3])
    try expectAll([
      (einsum("ij,jk->ik", a, b), [2, 2], [10, 13, 28, 40]),
      (einsum("ij,jk", a, b), [2, 2], [10, 13, 28, 40]),
      (einsum("bij,bj->bi", cube, a), [2, 2], [5, 14, 86, 122]),
      (einsum("ii", square), [], [12]), (einsum("ii->i", square), [3], [0, 4, 8]),
      (einsum("ji", a), [3, 2], [0, 3, 1, 4, 2, 5]), (einsum("ij->", a), [], [15]),
      (einsum("...ij->...ji", cube), [2, 3, 2], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]),
      (einsum("...j,j", cube, v), [2, 2], [8, 26, 44, 62]),
      (
        einsum("i,j,k->kij", v, v, Ints([1, 10])), [2, 3, 3],
        [1, 2, 3, 2, 4, 6, 3, 6, 9, 10, 20, 30, 20, 40, 60, 30, 60, 90]
      ),
      (einsum("ij,kj,j->ik", a, square, v), [2, 3], [14, 38, 62, 38, 116, 194]),
      (einsum(" i j , j -> i ", a, v), [2], [8, 26]),
      (einsum(",i->i", Ints(2), v), [3], [2, 4, 6]),
      (einsum("ij,ij->ij", a, a), [2, 3], [0, 1, 4, 9, 16, 25]),
      (einsum("i...,i...->...", cube, cube), [2, 3], [36, 50, 68, 90, 116, 146]),
    ])
    try expect(
      einsum("iij->ji", Ints.counting(2, 2, 3)), [3, 2], [0, 9, 1, 10, 2, 11])
    try expect(
      einsum("...ij,...jk->...ik", Ints.counting(2, 1, 2, 2), Ints.counting(3, 2, 1)),
      [2, 3, 2, 1],
      [1, 3, 3, 13, 5, 23, 5, 7, 23, 33, 41, 59])
  }

  @Test func einsumsThatDoNotFit() {
    let (a, v) = (Ints.ones([2, 3]), Ints.ones([3]))
    func expectEinsum(
      _ kind: VMapError.Kind, _ specification: String, _ operands: [Ints], naming word: String,
      at location: SourceLocation = #_sourceLocation
    ) {
      expectError(kind, naming: "einsum \"\(specification)\"", word, at: location) {
        try operands.count == 1
          ? einsum(specification, operands[0]).scalars()
          : einsum(specification, operands[0], operands[1]).scalars()
      }
    }
    expectEinsum(.shapeMismatch, "ij,i->j", [a, v], naming: "label \"i\" has sizes 2 and 3")
    expectEinsum(
      .invalidArgument, "ij,j->ik", [a, v], naming: "\"k\" of the result is in no operand")
    expectEinsum(.invalidArgument, "ij,j->ii", [a, v], naming: "\"i\" is twice in the result")
    expectEinsum(.invalidArgument, "ij->i", [a, v], naming: "1 operand, got 2")
    expectEinsum(.invalidArgument, "ij,j,k->i", [a, v], naming: "3 operands, got 2")
    expectEinsum(.invalidArgument, "ijk,j->i", [a, v], naming: "operand 0 of shape [2,3]")
    expectEinsum(.invalidArgument, "i,j->i", [a, v], naming: "operand 0 of shape [2,3]")
    expectEinsum(.invalidArgument, "ij->j->i", [a], naming: "arrow")
    expectEinsum(.invalidArgument, "i1->i", [a], naming: "\"1\"")
    expectEinsum(.invalidArgument, "i.j->i", [a], naming: "\".\"")
    expectEinsum(.shapeMismatch, "ii->i", [a], naming: "2 and 3")
  }

  @Test func productsOfNothing() throws {
    let floats = Tensor<Float>.ones([2, 0])
    try expect(matmul(floats, .ones([0, 3])), [2, 3], [0, 0, 0, 0, 0, 0])
    try expect(einsum("ij->i", floats), [2], [0, 0])
    try expect(dot(Tensor<Float>.ones([0]), .ones([0])), [], [0])
  }
}
