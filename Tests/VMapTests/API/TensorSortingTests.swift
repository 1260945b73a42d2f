import Testing
import VMap

/// Sorting, cumulative operations and windows by their public names.
@Suite struct TensorSortingTests {
  typealias Ints = Tensor<Int32>
  typealias Floats = Tensor<Float>

  @Test func sorting() throws {
    let x = Ints([[3, 1, 2], [1, 3, 1]])
    try expectAll([
      (x.sorted(), [2, 3], [1, 2, 3, 1, 1, 3]),
      (x.sorted(axis: 0), [2, 3], [1, 1, 1, 3, 3, 2]),
      (x.sorted(descending: true), [2, 3], [3, 2, 1, 3, 1, 1]),
      (x.argsort(), [2, 3], [1, 2, 0, 0, 2, 1]),
      (x.argsort(axis: 0), [2, 3], [1, 0, 1, 0, 1, 0]),
      (x.argsort(descending: true), [2, 3], [0, 2, 1, 1, 0, 2]),
      (x.topK(2).values, [2, 2], [3, 2, 3, 1]), (x.topK(2).indices, [2, 2], [0, 2, 1, 0]),
      (Ints([1, 3, 3, 5]).searchSorted(Ints([3, 4, 9])), [3], [1, 3, 4]),
      (Ints([1, 3, 3, 5]).searchSorted(Ints([3, 0]), side: .right), [2], [3, 0]),
    ])
    let signs = Floats([.nan, 0, -0.0, -1, .infinity, -0.0]).sorted()
    let sorted = try signs.scalars()
    #expect(Array(sorted[..<5]) == [-1, 0, 0, 0, .infinity] && sorted[5].isNaN)
    // Zeros keep their order.
    #expect(sorted[1...3].map(\.sign) == [.plus, .minus, .minus])
  }

  @Test func medians() throws {
    let x = Floats([[5, 1, 2, 4], [8, .nan, 1, 3]])
    try expectAll([
      (Floats([5, 1, 2, 4]).median(), [], [3]), (Floats([3, 9, 4]).median(), [], [4]),
      (Floats([[3, 1], [2, 8]]).median(axis: 0), [2], [2.5, 4.5]),
      (Floats([[3, 1], [2, 8]]).median(axis: 1, keepDims: true), [2, 1], [2, 5]),
      (Floats([[3, 1], [2, 8]]).median(keepDims: true), [1, 1], [2.5]),
    ])
    let rows = try x.median(axis: 1).scalars()
    #expect(rows[0] == 3 && rows[1].isNaN)
    #expect(try Floats([]).median().scalar().isNaN)
  }

  @Test func cumulative() throws {
    let x = Ints([[1, 2, 3], [4, 5, 6]])
    try expectAll([
      (x.cumsum(), [6], [1, 3, 6, 10, 15, 21]), (x.cumsum(axis: 0), [2, 3], [1, 2, 3, 5, 7, 9]),
      (x.cumsum(axis: -1, reverse: true), [2, 3], [6, 5, 3, 15, 11, 6]),
      (x.cumprod(axis: 1), [2, 3], [1, 2, 6, 4, 20, 120]),
      (Ints([2, 1, 3]).cummax(), [3], [2, 2, 3]),
      (Ints([2, 1, 3]).cummin(reverse: true), [3], [1, 1, 3]),
    ])
    try expectAllClose([(Floats([0, 0, 0]).cumlogsumexp(), [3], [0, 0.6931472, 1.0986123])])
  }

  @Test func windows() throws {
    let x = Floats([[1, 2, 3], [4, 5, 6]])
    try expectAll([
      (x.maxPool([2, 2]), [1, 2], [5, 6]), (x.avgPool([2, 2]), [1, 2], [3, 4]),
      (x.maxPool([1, 2], strides: [1, 2], padding: .same), [2, 2], [2, 3, 5, 6]),
      (
        x.reduceWindow(0, [1, 3], padding: .explicit([(0, 0), (2, 0)])) { $0 + $1 }, [2, 3],
        [1, 3, 6, 4, 9, 15]
      ),
    ])
  }

  @Test func mapped() throws {
    let x = Floats([[3, 1, 2], [6, 5, 4]])
    let sort = vmap { (row: Floats) in row.sorted() - row.cumsum() }
    #expect(try sort(x).scalars() == [-2, -2, -3, -2, -6, -9])
    let order = vmap { (row: Floats) in row.argsort() }
    #expect(try order(x).scalars() == [1, 2, 0, 2, 1, 0])
  }

  @Test func errors() throws {
    let x = Floats([[1, 2], [3, 4]])
    #expect(throws: VMapError.self) { try x.sorted(axis: 2).scalars() }
    #expect(throws: VMapError.self) { try x.argsort(axis: -3).scalars() }
    #expect(throws: VMapError.self) { try x.topK(3).values.scalars() }
    #expect(throws: VMapError.self) { try x.topK(3).indices.scalars() }
    #expect(throws: VMapError.self) { try x.median(axis: 4).scalars() }
    #expect(throws: VMapError.self) { try x.searchSorted(x).scalars() }
    #expect(throws: VMapError.self) { try x.cumsum(axis: 2).scalars() }
    #expect(throws: VMapError.self) { try x.maxPool([2]).scalars() }
    #expect(throws: VMapError.self) { try x.avgPool([2, 0]).scalars() }
    #expect(throws: VMapError.self) {
      try x.maxPool([2, 2], strides: [0, 1], padding: .same).scalars()
    }
    #expect(throws: VMapError.self) {
      try x.reduceWindow(0, [2, 2]) { ($0 + $1).sum() + x }.scalars()
    }
  }
}
