import Device
import Testing

@testable import VMap

/// Contractions in tiles, with operands copied into panels.
@Suite struct TileTests {
  /// Whole numbers of which products and sums are exact.
  static func whole<S: TensorScalar>(
    _ shape: [Int], seed: Int, _ convert: (Int) -> S
  ) throws -> Tensor<S> {
    let count = shape.reduce(1, *)
    return try Tensor(
      shape: shape, scalars: (0..<count).map { convert((($0 + seed) &* 7919) % 11 - 5) })
  }

  /// The product of matrices, element by element.
  static func product<S: Numeric>(
    _ a: [S], _ b: [S], rows: Int, inner: Int, columns: Int
  ) -> [S] {
    (0..<rows * columns).map { position in
      let (row, column) = (position / columns, position % columns)
      return (0..<inner).reduce(0) { $0 + a[row * inner + $1] * b[$1 * columns + column] }
    }
  }

  /// Rows, summed elements and columns: around the sizes of tiles and panels.
  static let sizes = [
    (1, 64, 1), (5, 100, 63), (6, 64, 64), (13, 70, 65), (12, 128, 130), (3, 65, 200), (70, 64, 16),
  ]

  /// Each operand with its batch axis in either place.
  @Test(arguments: sizes, [(0, 1), (1, 1), (0, 0), (1, 0)])
  func products(size: (Int, Int, Int), axes: (Int, Int)) throws {
    let (rows, inner, columns) = size
    let a = try TileTests.whole([rows, inner], seed: 1) { Float($0) }
    let b = try TileTests.whole([inner, columns], seed: 2) { Float($0) }
    let f = vmap(
      vmap({ (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [.axis(axes.0), nil]),
      inAxes: [nil, .axis(axes.1)], outAxes: 1)
    let expected = TileTests.product(
      try a.scalars(), try b.scalars(), rows: rows, inner: inner, columns: columns)
    let left = axes.0 == 0 ? a : a.transposed()
    let right = axes.1 == 1 ? b : b.transposed()
    #expect(try f(left, right).scalars() == expected)
    let wide = try RunOptions(usesWideIndices: true).forcing { try f(left, right).scalars() }
    #expect(wide == expected)
  }

  /// Other element types, whose vectors take more registers or fewer.
  @Test func otherTypes() throws {
    func check<S: TensorNumber & Numeric>(_ convert: (Int) -> S) throws {
      let a = try TileTests.whole([13, 70], seed: 1, convert)
      let b = try TileTests.whole([70, 100], seed: 2, convert)
      let f = vmap({ (w: Tensor<S>, x: Tensor<S>) in matmul(x, w) }, inAxes: [nil, 0])
      let expected = TileTests.product(
        try a.scalars(), try b.scalars(), rows: 13, inner: 70, columns: 100)
      #expect(try f(b, a).scalars() == expected)
    }
    try check { Double($0) }
    try check { Int32($0) }
    try check { Int16($0) }
  }

  /// A layer over a batch: the weights are copied, whatever the order of their axes.
  @Test(arguments: [1, 5, 6, 17, 100])
  func layer(batch: Int) throws {
    let w = try TileTests.whole([50, 70], seed: 3) { Float($0) }
    let x = try TileTests.whole([batch, 70], seed: 4) { Float($0) }
    let f = vmap(
      { (w: Tensor<Float>, x: Tensor<Float>) in maximum(matmul(w, x), 0) + 1 }, inAxes: [nil, 0])
    let expected = TileTests.product(
      try x.scalars(), try w.transposed().scalars(), rows: batch, inner: 70, columns: 50)
    #expect(try f(w, x).scalars() == expected.map { max($0, 0) + 1 })
    let swapped = vmap(
      { (w: Tensor<Float>, x: Tensor<Float>) in maximum(matmul(x, w), 0) + 1 }, inAxes: [nil, 0])
    #expect(try swapped(w.transposed(), x).scalars() == expected.map { max($0, 0) + 1 })
    let last = vmap(
      { (w: Tensor<Float>, x: Tensor<Float>) in maximum(matmul(w, x), 0) + 1 }, inAxes: [nil, 1],
      outAxes: 1)
    let columns = try last(w, x.transposed())
    #expect(try columns.transposed().scalars() == expected.map { max($0, 0) + 1 })
  }

  /// Matrices of a batch, each with the same one.
  @Test func matricesOfABatch() throws {
    let x = try TileTests.whole([3, 20, 64], seed: 5) { Float($0) }
    let w = try TileTests.whole([64, 70], seed: 6) { Float($0) }
    let f = vmap({ (x: Tensor<Float>, w: Tensor<Float>) in matmul(x, w) }, inAxes: [0, nil])
    let expected = TileTests.product(
      try x.scalars(), try w.scalars(), rows: 60, inner: 64, columns: 70)
    #expect(try f(x, w).scalars() == expected)
  }

  /// Columns side by side: strips of several vectors.
  @Test(arguments: [1, 16, 100, 128, 129, 300])
  func columns(count: Int) throws {
    let x = try TileTests.whole([90, count], seed: 7) { Float($0) }
    let y = try TileTests.whole([90, count], seed: 8) { Float($0) }
    let (a, b) = (try x.scalars(), try y.scalars())
    let expected = (0..<count).map { column in
      (0..<90).reduce(Float(0)) { $0 + a[$1 * count + column] * b[$1 * count + column] }
    }
    let f = vmap({ (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [1, 1])
    #expect(try f(x, y).scalars() == expected)
  }

  /// The bits of an element do not depend on how many rows and columns there are.
  @Test func sizesChangeNoBits() throws {
    let (rows, inner, columns) = (20, 100, 150)
    let a = ScheduleTests.samples(rows * inner, from: -0.4)
    let b = ScheduleTests.samples(inner * columns, from: -0.6)
    let f = vmap(
      vmap({ (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [0, nil]),
      inAxes: [nil, 1], outAxes: 1)
    let whole = try f(
      Tensor(shape: [rows, inner], scalars: a), Tensor(shape: [inner, columns], scalars: b)
    ).scalars()
    for (m, n) in [(1, 1), (6, 64), (7, 65), (13, 31), (20, 149)] {
      let left = try Tensor<Float>(shape: [m, inner], scalars: Array(a[..<(m * inner)]))
      let part = (0..<inner).flatMap { b[($0 * columns)..<($0 * columns + n)] }
      let result = try f(left, Tensor(shape: [inner, n], scalars: part)).scalars()
      let expected = (0..<m).flatMap { whole[($0 * columns)..<($0 * columns + n)] }
      #expect(result.map(\.bitPattern) == expected.map(\.bitPattern), "\(m) × \(n)")
    }
  }

  /// The copy is a kernel that the plan shows, and small products have none.
  @Test func theCopyIsInThePlan() throws {
    guard try Context.forTensors().profile.laneWidth > 1 else { return }
    let f = vmap(
      vmap({ (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [0, nil]),
      inAxes: [nil, 1], outAxes: 1)
    let large = try f.lowered(Tensor<Float>.ones([2, 200]), Tensor<Float>.ones([200, 3]))
    #expect(large.kernelCount == 2)
    #expect(large.plan.contains("into panels"), "\(large.plan)")
    let small = try f.lowered(Tensor<Float>.ones([2, 8]), Tensor<Float>.ones([8, 3]))
    #expect(small.kernelCount == 1, "\(small.plan)")
  }
}
