import Testing

@testable import VMap
@testable import VMapTestSupport

/// Lanes along rows that lie far apart, read and written in blocks of rows.
@Suite struct RowBlockTests {
  /// Lengths around the widths of vectors; the shortest has no block.
  static let lengths = [9, 16, 17, 31, 40, 256]
  static let counts = [1, 3, 15, 16, 17, 40]

  private func rows<S: TensorScalar>(
    _ count: Int, _ length: Int, _ convert: (Int) -> S
  ) -> [[S]] {
    (0..<count).map { row in
      (0..<length).map { convert(($0 &* 7919 &+ row &* 104_729) % 1009 - 500) }
    }
  }

  /// Holds results against those of each row, with offsets of either width.
  private func check<S: TensorScalar & Equatable>(
    _ name: String, _ rows: [[S]], _ function: @escaping @Sendable (Tensor<S>) -> Tensor<S>,
    _ expected: ([S]) -> [S]
  ) throws {
    let x = try Tensor<S>(shape: [rows.count, rows[0].count], scalars: rows.flatMap { $0 })
    let f = vmap(function)
    let results = rows.flatMap(expected)
    #expect(try f(x).scalars() == results, "\(name) of \(x.shape)")
    let wide = try RunOptions(usesWideIndices: true).forcing { try f(x).scalars() }
    #expect(wide == results, "\(name) of \(x.shape), wide")
  }

  @Test(arguments: lengths) func readAndWritten(length: Int) throws {
    for count in RowBlockTests.counts {
      try check("cumsum", rows(count, length) { Int32($0) }) {
        $0.cumsum()
      } _: { row in
        row.indices.map { row[...$0].reduce(0, +) }
      }
      try check("cumsum backwards", rows(count, length) { Int32($0) }) {
        $0.cumsum(reverse: true)
      } _: { row in
        row.indices.map { row[$0...].reduce(0, +) }
      }
    }
  }

  /// Two rows of one buffer, one of another, and a result that is no row.
  @Test(arguments: lengths) func several(length: Int) throws {
    for count in RowBlockTests.counts {
      try check("sorted", rows(count, length) { Float($0) }) {
        $0.sorted()
      } _: {
        $0.sorted()
      }
      try check("shifted", rows(count, length) { UInt32(truncatingIfNeeded: $0) }) {
        ($0[..<(length - 1)] ^ $0[1...]).cumsum()
      } _: { row in
        var sum: UInt32 = 0
        return (1..<length).map { place in
          sum &+= row[place - 1] ^ row[place]
          return sum
        }
      }
    }
  }

  /// Two results of one kernel have blocks of their own.
  @Test func twoResults() throws {
    let rows = rows(19, 40) { Float($0) }
    let x = try Tensor<Float>(shape: [19, 40], scalars: rows.flatMap { $0 })
    let (values, places) = try vmap { (x: Tensor<Float>) in x.topK(20) }(x)
    let orders = rows.map { row in row.indices.sorted { row[$0] > row[$1] }.prefix(20) }
    #expect(try places.scalars() == orders.flatMap { $0.map(Int32.init) })
    let greatest = zip(rows, orders).flatMap { row, order in order.map { row[$0] } }
    #expect(try values.scalars() == greatest)
  }

  /// Numbers of other sizes are read one by one, as are rows that are short.
  @Test func uses() throws {
    func source<S: TensorNumber>(_ type: S.Type, _ length: Int) throws -> String {
      try DeviceRun.withSixteenLanes {
        try vmap { (x: Tensor<S>) in x.cumsum() }.lowered(.zeros([20, length])).source
      }
    }
    #expect(try source(Float.self, 40).contains("vm_loadrp_f32x16i"))
    #expect(try source(Float.self, 40).contains("vm_storer_f32x16i"))
    #expect(try !source(Float.self, 9).contains("vm_loadr"))
    #expect(try !source(Double.self, 40).contains("vm_loadr"))
    #expect(try !source(Int16.self, 40).contains("vm_loadr"))
  }

  /// Vectors of any width are turned round.
  @Test(arguments: [8, 21]) func widths(length: Int) throws {
    for type in [ElementType.float32, .uint32] {
      var check = BatchCheck(
        Cumulative(kind: .maximum, dimension: 0, isReversed: false), [.moderate(type, [length])])
      check.sizes = [1, 7, 19]
      check.widths = .every
      expectNone(try check.deviceMismatches())
    }
  }
}
