import Testing
import VMap

/// Operations on one example, where each argument is mapped over another axis or over none.
@Suite struct OperationCases {
  typealias Ints = Tensor<Int32>
  typealias Floats = Tensor<Float>

  @Test func contractions() throws {
    let batches = vmap(
      { (x: Ints, y: Ints) in einsum("bij,bjk->bik", x, y) }, inAxes: [2, 1])
    try expect(
      batches(.counting(2, 2, 3, 2), .counting(2, 3, 2, 2)), [3, 2, 2, 2],
      [
        2, 3, 14, 27, 326, 351, 482, 519, 26, 31, 86, 103, 494, 523, 698, 739, 82, 91, 190, 211,
        694, 727, 946, 991,
      ])
    let left = vmap({ (x: Ints, y: Ints) in einsum("bij,bjk->bik", x, y) }, inAxes: [2, nil])
    try expect(
      left(.counting(2, 2, 3, 2), .counting(2, 2, 2)), [3, 2, 2, 2],
      [
        2, 3, 14, 27, 126, 151, 186, 223, 6, 11, 18, 35, 146, 175, 206, 247, 10, 19, 22, 43, 166,
        199, 226, 271,
      ])
    let columns = vmap({ (x: Ints, y: Ints) in dot(x, y) }, inAxes: [1, nil])
    try expect(
      columns(.counting(2, 3, 4), .counting(4, 1)), [3, 2, 1],
      [14, 86, 38, 110, 62, 134])
    let added = vmap(
      { (c: Ints, a: Ints, b: Ints) in c + matmul(a, b) }, inAxes: [2, 0, 1])
    try expect(
      added(.counting(3, 3, 2), .counting(2, 3, 4), .counting(4, 2, 3)), [2, 3, 3],
      [84, 92, 100, 234, 258, 282, 384, 424, 464, 679, 735, 791, 877, 949, 1021, 1075, 1163, 1251])
  }

  @Test func joining() throws {
    let joined = vmap(
      { (x: Ints, y: Ints, z: Ints) in concatenate([x, y, z]) }, inAxes: [0, 1, nil])
    let (x, y, z) = try (Ints.counting(2, 2, 3), Ints.counting(1, 2, 3), Ints.counting(4, 3))
    try expect(
      joined(x, y, z), [2, 7, 3],
      [
        0, 1, 2, 3, 4, 5, 0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 6, 7, 8, 9, 10, 11, 3, 4,
        5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
      ])
    let stacked = vmap(
      { (x: Ints, y: Ints) in stack([x, y], axis: -1) }, inAxes: [1, nil], outAxes: 1)
    try expect(
      stacked(.counting(3, 2), .counting(3)), [3, 2, 2],
      [0, 0, 1, 0, 2, 1, 3, 1, 4, 2, 5, 2])
  }

  @Test(arguments: [0, 1, 2]) func splitting(axis: Int) throws {
    let x = try Ints.counting(2, 4, 2)
    let parts = try vmap(
      { (x: Ints) in x.split(into: 2, axis: 0) }, inAxes: .axis(axis), outAxes: .axis(axis))(x)
    let expected: [(shape: [Int], scalars: [[Int32]])] = [
      ([2, 2, 2], [[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]]),
      ([1, 4, 2], [[0, 1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11, 12, 13, 14, 15]]),
      ([1, 4, 2], [[0, 1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11, 12, 13, 14, 15]]),
    ]
    try #require(parts.count == 2)
    for (part, scalars) in zip(parts, expected[axis].scalars) {
      try expect(part, expected[axis].shape, scalars)
    }
  }

  @Test func selection() throws {
    let f: @Sendable (Tensor<Bool>, Ints, Ints) -> Ints = { select($0, $1, $2) }
    let (x, y) = (Ints([0, 1]), Ints([2, 3]))
    let mask = Tensor([false, true])
    try expect(vmap(f, inAxes: [0, nil, nil])(mask, x, y), [2, 2], [2, 3, 0, 1])
    try expect(vmap(f)(mask, x, y), [2], [2, 1])
    try expect(vmap(f, inAxes: [nil, 0, 0])(mask, x, y), [2, 2], [2, 0, 3, 1])
    try expect(vmap(f, inAxes: [nil, 0, nil])(Tensor(true), x, y), [2, 2], [0, 0, 1, 1])
  }

  @Test func padding() throws {
    let around = vmap(
      { (x: Floats, value: Floats) in
        x.padded(low: [1], high: [2], interior: [1], value: value)
      })
    try expect(
      around(.ones([2, 2]), Floats([7, 8])), [2, 6], [7, 1, 7, 1, 7, 7, 8, 1, 8, 1, 8, 8])
    let shifted = vmap { (x: Floats) in x.padded(low: [-1], high: [1], value: 0) }
    try expect(shifted(.counting(2, 3)), [2, 3], [1, 2, 0, 4, 5, 0])
  }

  @Test func views() throws {
    let f = vmap(
      { (x: Ints) in
        Tuple(
          x.flipped(0), x.transposed(), x.reshaped(to: [3, 2]), x[.newAxis].squeezed(0),
          x[.slice(nil, nil, by: -1), .slice(0, 3, by: 2)])
      }, inAxes: 1)
    let (flipped, turned, reshaped, squeezed, sliced) = try f(.counting(2, 2, 3)).elements
    try expect(flipped, [2, 2, 3], [6, 7, 8, 0, 1, 2, 9, 10, 11, 3, 4, 5])
    try expect(turned, [2, 3, 2], [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
    try expect(reshaped, [2, 3, 2], [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11])
    try expect(squeezed, [2, 2, 3], [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11])
    try expect(sliced, [2, 2, 2], [6, 8, 0, 2, 9, 11, 3, 5])
  }

  @Test func indexing() throws {
    let columns = vmap({ (x: Ints, ids: Ints) in x[.all, ids] }, inAxes: [nil, 0])
    try expect(
      columns(.counting(2, 3, 2), Ints([[0, 2], [1, 1]])), [2, 2, 2, 2],
      [0, 1, 4, 5, 6, 7, 10, 11, 2, 3, 2, 3, 8, 9, 8, 9])
    let fixed = vmap({ (x: Ints) in x[.all, Ints([0, 2])] })
    try expect(fixed(.counting(2, 2, 3)), [2, 2, 2], [0, 2, 3, 5, 6, 8, 9, 11])
    // An index that is a number of the example: negative from the end, outside to the edge.
    let element = vmap { (x: Ints, i: Ints) in x[i] }
    try expect(element(.counting(3, 4), Ints([0, -1, 9])), [3], [0, 7, 11])
  }

  @Test func indicesOfFewBits() throws {
    let f = vmap { (x: Floats, i: Tensor<Int8>) in x.take(i, axis: 0) }
    let x = try Floats.counting(256, 1)
    let result = try f(x, Tensor([Int8](repeating: 0, count: 256)))
    try expect(result, [256], x.scalars())
    // 200 examples, and indices up to 127 into a shared table of 300.
    let shared = vmap({ (x: Floats, i: Tensor<Int8>) in x.take(i, axis: 0) }, inAxes: [nil, 0])
    let ids = (0..<200).map { Int8(truncatingIfNeeded: $0) }
    let expected = ids.map { Float($0 < 0 ? Int($0) + 300 : Int($0)) }
    try expect(shared(.counting(300), Tensor(ids)), [200], expected)
  }

  @Test func reductions() throws {
    let sums = vmap({ (x: Floats) in x.sum(axes: [0, 1]) }, inAxes: 2)
    try expect(sums(.ones([5, 3, 2])), [2], [15, 15])
    let some = vmap({ (x: Tensor<Bool>) in Tuple(x.any(), x.all()) }, inAxes: 1)
    let mask = try Tensor(shape: [2, 3], scalars: [true, false, false, true, false, true])
    let (any, all) = try some(mask).elements
    try expect(any, [3], [true, false, true])
    try expect(all, [3], [true, false, false])
  }

  @Test func theFirstOfSeveralGreatest() throws {
    let f = vmap({ (x: Floats) in Tuple(x.argmax(), x.argmin(), x.max()) }, inAxes: 1)
    let rows: [[Float]] = [[5, 1, 2, 7], [5, 1, .nan, 7], [3, 1, 9, 8]]
    let (greatest, least, max) = try f(Tensor(rows)).elements
    try expect(greatest, [4], [0, 0, 1, 2])
    try expect(least, [4], [2, 0, 1, 0])
    let values = try max.scalars()
    #expect(values[2].isNaN)
    #expect([values[0], values[1], values[3]] == [5, 1, 8])
  }

  @Test func emptyBatches() throws {
    let f = vmap { (x: Floats) in
      Tuple(
        x.sum(), matmul(x, x),
        whileLoop(x.sum()) {
          $0 .< 10
        } do: {
          $0 + 1
        })
    }
    let (sum, product, loop) = try f(.ones([0, 2, 2])).elements
    try expect(sum, [0], [])
    try expect(product, [0, 2, 2], [])
    try expect(loop, [0], [])
    // What was compiled for no example runs for some.
    #expect(try f(.ones([1, 2, 2])).elements.2.scalars() == [10])
  }
}
