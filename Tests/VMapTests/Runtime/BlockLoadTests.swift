import Device
import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Batches of short rows, which are loaded in blocks that several elements share.
@Suite struct BlockLoadTests {
  typealias F = Tensor<Float>

  static func rows(_ batch: Int, _ length: Int) throws -> F {
    try TileTests.whole([batch, length], seed: 3) { Float($0) }
  }

  /// What is computed of one row, and the same by hand.
  struct Subject: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let length: Int
    let function: @Sendable (F) -> F
    let expected: @Sendable (ArraySlice<Float>) -> Float
  }

  static func weight(_ row: Int, _ column: Int) -> Float { Float((row * 5 + column * 3) % 7 - 3) }

  /// Sums of products with a constant matrix, squared so that rows of the matrix matter.
  static func squares(_ rows: Int, _ columns: Int) -> Subject {
    let weights = (0..<rows).flatMap { row in (0..<columns).map { weight(row, $0) } }
    return Subject(
      testDescription: "\(rows)x\(columns)", length: columns,
      function: { x in
        guard let w = try? F(shape: [rows, columns], scalars: weights) else { return x }
        let y = matmul(w, x)
        return (y * y).sum()
      },
      expected: { x in
        (0..<rows).reduce(0) { total, row in
          let y = zip(x, 0...).reduce(Float(0)) { $0 + weight(row, $1.1) * $1.0 }
          return total + y * y
        }
      })
  }

  /// Weights that tell the order of the elements that are read.
  static func ordered(_ values: [Float]) -> Float {
    values.enumerated().reduce(0) { $0 + Float($1.offset + 1) * $1.element }
  }

  static let subjects: [Subject] = [
    squares(3, 5), squares(2, 2), squares(8, 4), squares(1, 8), squares(5, 7),
    Subject(
      testDescription: "reversed", length: 6,
      function: { x in (x[.slice(nil, nil, by: -1)] * F([1, 2, 3, 4, 5, 6])).sum() },
      expected: { ordered($0.reversed()) }),
    Subject(
      testDescription: "the end of a row", length: 7,
      function: { x in (x[4..<7] * F([1, 2, 3])).sum() },
      expected: { ordered(Array($0.suffix(3))) }),
    Subject(
      testDescription: "every second", length: 8,
      function: { x in (x[.slice(1, nil, by: 2)] * F([1, 2, 3, 4])).sum() },
      expected: { x in ordered(stride(from: 1, to: 8, by: 2).map { x[x.startIndex + $0] }) }),
  ]

  /// At widths with short last vectors; the numbers are whole, so that every sum is exact.
  @Test(arguments: subjects.indices, [1, 3, 16, 17, 100])
  func rowsOfABatch(number: Int, batch: Int) throws {
    let subject = Self.subjects[number]
    let x = try BlockLoadTests.rows(batch, subject.length)
    let all = try x.scalars()
    let expected = (0..<batch).map {
      subject.expected(all[$0 * subject.length..<($0 + 1) * subject.length])
    }
    for target in DeviceRun.targets(turn: number) {
      try Context.$override.withValue(target.context) {
        let f = vmap(subject.function)
        let x = try BlockLoadTests.rows(batch, subject.length)
        #expect(try f(x).scalars() == expected, "\(subject.testDescription), \(target)")
        let wide = try RunOptions(usesWideIndices: true).forcing { try f(x).scalars() }
        #expect(wide == expected, "\(subject.testDescription), \(target)")
      }
    }
  }

  /// What is stored for each row of a matrix, beside what it is made of.
  @Test func severalResults() throws {
    let x = try BlockLoadTests.rows(37, 3)
    let f = vmap { (x: F) in x * x.sum() }
    let all = try x.scalars()
    let expected = (0..<37).flatMap { row -> [Float] in
      let own = all[row * 3..<row * 3 + 3]
      return own.map { $0 * own.reduce(0, +) }
    }
    #expect(try f(x).scalars() == expected)
  }

  /// The block is loaded once for all rows of the matrix.
  @Test func oneLoad() throws {
    let target = try #require(DeviceRun.targets.first { $0.description == "lanes8" })
    try Context.$override.withValue(target.context) {
      let x = try BlockLoadTests.rows(37, 5)
      let source = try vmap(BlockLoadTests.squares(3, 5).function).lowered(x).source
      // Two programs, for short and long indices, define it once and call it once.
      #expect(source.components(separatedBy: "vm_loads5x5_f32x8(").count - 1 == 4)
    }
  }
}
