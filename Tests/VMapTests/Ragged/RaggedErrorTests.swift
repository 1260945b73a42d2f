import Testing
import VMap

/// What is wrong with offsets, axes and functions is told, whatever is asked for.
@Suite struct RaggedErrorTests {
  typealias T = Tensor<Float>

  private func expect<R>(
    _ kind: VMapError.Kind, _ parts: String..., at location: SourceLocation = #_sourceLocation,
    _ body: () throws -> R
  ) {
    do {
      _ = try body()
      Issue.record("nothing was thrown", sourceLocation: location)
    } catch let error as VMapError {
      #expect(error.kind == kind, "\(error)", sourceLocation: location)
      for part in parts {
        #expect(
          error.message.contains(part), "\(error.message) lacks \(part)", sourceLocation: location)
      }
    } catch {
      Issue.record("\(error)", sourceLocation: location)
    }
  }

  @Test func offsets() throws {
    let values = T([1, 2, 3])
    let wrong: [([Int], String)] = [
      ([], "got none"), ([1, 3], "0 at first, got 1"), ([0, 2], "3 at last"), ([0, 4], "got 4"),
      ([0, 3, 2, 3], "got 3 and then 2 at 2"), ([0, -1, 3], "got 0 and then -1 at 1"),
    ]
    for (offsets, part) in wrong {
      expect(.raggedDimension, part) { try Ragged(values: values, offsets: offsets) }
      expect(.raggedDimension, part) {
        try Ragged(values: values, offsets: Tensor<Int64>(offsets.map(Int64.init)))
      }
    }
    expect(.raggedDimension, "one dimension") {
      try Ragged(values: values, offsets: Tensor<Int32>([[0, 3]]))
    }
    expect(.raggedDimension, "more than an Int") {
      try Ragged(values: values, offsets: Tensor<UInt64>([0, .max]))
    }
    expect(.raggedDimension, "scalar") { try Ragged(values: T(1), offsets: [0]) }
    let r = try Ragged<Float>(rows: [[1], [2, 3]])
    expect(.raggedDimension, "3 rows") { try r.with(values: T([1, 2])) }
    #expect(r.count == 2 && r.lengths == [1, 2] && r.offsets == [0, 1, 3])
    #expect(try r.rows() == [[1], [2, 3]])
  }

  @Test func axes() throws {
    let r = try Ragged<Float>(rows: [[1], [2, 3]])
    let f: @Sendable (T) -> T = { $0 * 2 }
    expect(.inAxesStructure, "argument 0", ".ragged") { try vmap(f)(r) }
    expect(.inAxesStructure, "argument 0", "Ragged") { try vmap(f, inAxes: .ragged)(T([1, 2])) }
    expect(.inAxesStructure, "argument 1", ".ragged") {
      try vmap({ (x: T, y: T) in x + y.sum() }, inAxes: [0, nil])(T([1, 2]), r)
    }
    expect(.axisSizeMismatch, "argument 1") {
      try vmap({ (x: T, y: T) in x * y }, inAxes: [.ragged, 0])(r, T([1, 2, 3]))
    }
    expect(.outAxesStructure, "the result", ".ragged") { try vmap(f, inAxes: .ragged)(r) }
    expect(.outAxesStructure, "the result", "no dimension") {
      try vmap({ (x: T) in x.sum() }, inAxes: .ragged, outAxes: .ragged)(r)
    }
    expect(.outAxesStructure, "the result") { try vmap(f, inAxes: .ragged, outAxes: .sum)(r) }
    expect(.raggedDimension, "the first dimension alone") {
      try vmap(
        { (x: T) in x.expandedDimension(at: 0) }, inAxes: .ragged, outAxes: .ragged)(r)
    }
    expect(.invalidSize, "chunk") {
      try vmap({ (x: T) in x.sum() }, inAxes: .ragged, chunk: 1)(r)
    }
    expect(.raggedDimension, "axis 0 of argument 0") {
      try vmap(vmap({ (x: T) in x }, inAxes: 0), inAxes: .ragged, outAxes: .ragged)(r)
    }
    expect(.raggedDimension, "Ragged(x)") { try (r.batch + 1).scalars() }
    expect(.raggedDimension, "Ragged(x)") { try r.batch.scalars() }
    expect(.raggedDimension, "no result whose outAxes is .ragged") { try Ragged(T([1])) }
  }

  /// What an operation does not do to lengths that differ is refused by its name.
  @Test func operations() throws {
    let r = try Ragged<Float>(rows: [[1], [2, 3]])
    func refused(_ parts: String..., by f: @escaping @Sendable (T) throws -> T) {
      for outAxes in [0, .ragged] as [Axes] {
        do {
          _ = try vmap(f, inAxes: .ragged, outAxes: outAxes)(r)
          Issue.record("\(parts): nothing was thrown")
        } catch {
          #expect(error.kind == .raggedDimension, "\(error)")
          for part in parts { #expect(error.message.contains(part), "\(error.message)") }
        }
      }
    }
    refused("sort", "operand 0") { $0.sorted() }
    refused("slice", "dimension 0") { $0[0..<1] }
    refused("concatenate") { concatenate([$0, $0]) }
    refused("pad") { $0.padded(low: [1], high: [0], value: 0) }
    refused("shape", "dimensionSize") { $0 * Float($0.shape[0]) }
    refused("shape", "dimensionSize") { $0 / Float($0.count) }
    refused("number of elements") { ($0.expandedDimension(at: 1) * $0).flattened() }
    refused("while", "state") { x in fori(0, 3, x) { _, x in x * 2 } }
    refused("conv") { convolve($0, $0) }
    expect(.raggedDimension, "scan", "inside of a loop") {
      try vmap(
        { (x: T) in
          fori(0, 3, T(0)) { _, sum in
            sum + scan(sum, x) { c, v in (c + v, c * v) }.1.sum()
          }
        }, inAxes: .ragged)(r)
    }
  }
}
