import Testing
import VMap

/// Other shapes and orders of the same elements.
@Suite struct TensorShapeTests {
  typealias Ints = Tensor<Int32>
  let x: Tensor<Int32>
  let cube: Tensor<Int32>

  init() throws {
    x = try .counting(2, 3)
    cube = try .counting(2, 3, 2)
  }

  @Test func reshaping() throws {
    let all = Array(Int32(0)..<6)
    try expectAll([
      (x.reshaped(to: [3, 2]), [3, 2], all), (x.reshaped(to: [-1, 2]), [3, 2], all),
      (x.flattened(), [6], all), (x.expandedDimension(at: -1), [2, 3, 1], all),
      (x.expandedDimensions(at: [0, 2]), [1, 2, 1, 3], all),
      (expandDims(x, axis: 1), [2, 1, 3], all),
      (x.reshaped(to: [1, 2, 1, 3]).squeezed(), [2, 3], all),
      (x.reshaped(to: [1, 2, 1, 3]).squeezed(0), [2, 1, 3], all),
      (x.reshaped(to: [1, 2, 1, 3]).squeezed(-2, 0), [2, 3], all),
      (Ints(5).reshaped(to: [1, 1]), [1, 1], [5]), (Ints([1]).reshaped(to: []), [], [1]),
      (Ints([1, 2]).broadcast(to: [2, 2]), [2, 2], [1, 2, 1, 2]),
      (Ints([[1], [2]]).broadcast(to: [2, 2, 2]), [2, 2, 2], [1, 1, 2, 2, 1, 1, 2, 2]),
    ])
    expectError(.shapeMismatch, naming: "[2,3]", "[4]") { try x.reshaped(to: [4]).scalars() }
    expectError(.shapeMismatch, naming: "6", "[-1,4]") { try x.reshaped(to: [-1, 4]).scalars() }
    expectError(.shapeMismatch, naming: "[1]", "[2,3]") { try x.squeezed(1).scalars() }
    expectError(.invalidArgument, naming: "axis 2", "[2,3]") { try x.squeezed(2).scalars() }
    expectError(.invalidArgument, naming: "twice") {
      try x.expandedDimensions(at: [0, 0]).scalars()
    }
    expectError(.shapeMismatch, naming: "[2,3]") { try x.broadcast(to: [3]).scalars() }
    expectError(.shapeMismatch, naming: "[2,3]") { try x.broadcast(to: [4, 3]).scalars() }
  }

  @Test func reordering() throws {
    try expectAll([
      (x.transposed(), [3, 2], [0, 3, 1, 4, 2, 5]),
      (cube.transposed(), [2, 3, 2], [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]),
      (cube.transposed(1, -1, 0), [3, 2, 2], [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]),
      (cube.swapAxes(0, -2), [3, 2, 2], [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]),
      (cube.moveAxis(0, to: -1), [3, 2, 2], [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]),
      (cube.moveAxis(2, to: 0), [2, 2, 3], [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]),
      (x.flipped(), [2, 3], [5, 4, 3, 2, 1, 0]), (x.flipped(1), [2, 3], [2, 1, 0, 5, 4, 3]),
      (x.flipped(-2), [2, 3], [3, 4, 5, 0, 1, 2]),
      (x.rolled(by: 1), [2, 3], [5, 0, 1, 2, 3, 4]),
      (x.rolled(by: -4), [2, 3], [4, 5, 0, 1, 2, 3]),
      (x.rolled(by: 4, axis: 1), [2, 3], [2, 0, 1, 5, 3, 4]),
      (x.rolled(by: -1, axis: 0), [2, 3], [3, 4, 5, 0, 1, 2]),
    ])
    expectError(.invalidArgument, naming: "[0,0]") { try x.transposed(0, 0).scalars() }
    expectError(.invalidArgument, naming: "axis 2") { try x.swapAxes(0, 2).scalars() }
    expectError(.invalidArgument, naming: "axis -3") { try x.moveAxis(-3, to: 0).scalars() }
    expectError(.invalidArgument, naming: "axis 5") { try x.flipped(5).scalars() }
  }

  @Test func joiningAndRepeating() throws {
    let y = try Ints.counting(1, 3, from: 10)
    try expectAll([
      (concatenate([x, y]), [3, 3], [0, 1, 2, 3, 4, 5, 10, 11, 12]),
      (concatenate([x, x], axis: -1), [2, 6], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]),
      (stack([y, y]), [2, 1, 3], [10, 11, 12, 10, 11, 12]),
      (stack([x, x], axis: 2), [2, 3, 2], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
      (stack([Ints(1), Ints(2)], axis: -1), [2], [1, 2]),
      (y.tiled([2, 2]), [2, 6], [10, 11, 12, 10, 11, 12, 10, 11, 12, 10, 11, 12]),
      (Ints([1, 2]).tiled([2, 1]), [2, 2], [1, 2, 1, 2]),
      (x.tiled([2]), [2, 6], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]),
      (x.repeated(2), [12], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
      (x.repeated(2, axis: 0), [4, 3], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]),
      (x.repeated(0, axis: 1), [2, 0], []),
      (
        x.padded(low: [0, 1], high: [1, 0], value: 9), [3, 4], [9, 0, 1, 2, 9, 3, 4, 5, 9, 9, 9, 9]
      ),
      (pad(Ints([1, 2, 3]), low: [-1], high: [1], interior: [1], value: 0), [5], [0, 2, 0, 3, 0]),
    ])
    let many = concatenate((0..<100).map { Ints([$0, -$0]) })
    try expect(many, [200], (0..<100).flatMap { [$0, -$0] })
    expectError(.shapeMismatch, naming: "concatenate") {
      try concatenate([x, Ints([[1]])]).scalars()
    }
    expectError(.invalidArgument, naming: "concatenate") { try concatenate([Ints]()).scalars() }
    expectError(.shapeMismatch, naming: "stack", "[2,3]", "[1,3]") { try stack([x, y]).scalars() }
    expectError(.invalidArgument, naming: "stack", "axis 3") { try stack([x], axis: 3).scalars() }
    expectError(.invalidArgument, naming: "-1") { try x.tiled([-1]).scalars() }
    expectError(.invalidArgument) { try x.repeated(-1, axis: 0).scalars() }
  }

  @Test func splitting() throws {
    let halves = cube.split(into: 3, axis: 1)
    let parts = Ints([0, 1, 2, 3, 4]).split(at: [1, 3])
    let odd = Ints([0, 1, 2, 3, 4]).split(at: [2, 10, -1])
    try expectAll([
      (halves[0], [2, 1, 2], [0, 1, 6, 7]), (halves[2], [2, 1, 2], [4, 5, 10, 11]),
      (parts[0], [1], [0]), (parts[1], [2], [1, 2]), (parts[2], [2], [3, 4]),
      (odd[0], [2], [0, 1]), (odd[1], [3], [2, 3, 4]), (odd[2], [0], []), (odd[3], [1], [4]),
    ])
    let wrong = x.split(into: 2, axis: 1)
    #expect(wrong.count == 2)
    expectError(.invalidArgument, naming: "split", "axis 1", "[2,3]") { try wrong[1].scalars() }
    expectError(.invalidArgument, naming: "axis 3") { try x.split(into: 2, axis: 3)[0].scalars() }
    expectError(.invalidArgument, naming: "0 parts") { try x.split(into: 0)[0].scalars() }
  }
}
