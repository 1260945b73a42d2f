import Testing
import VMap

/// Functions mapped over examples of different lengths, against a loop over the examples.
@Suite struct RaggedTests {
  typealias T = Tensor<Float>

  /// Few different ones: the loop compiles for each.
  static let lengths = [3, 0, 70, 17, 3, 70]

  private struct Batch {
    let x: Ragged<Float>
    let rows: [T]
    let s: T
    let scalars: [T]
    let w: T

    init(_ lengths: [Int]) throws {
      func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104729) % 1999) / 1000 - 0.5 }
      }
      var offsets = [0]
      for length in lengths { offsets.append(offsets[offsets.count - 1] + length) }
      let all = numbers(offsets[lengths.count] * 4, 1)
      x = try Ragged(
        values: T(shape: [offsets[lengths.count], 4], scalars: all), offsets: offsets)
      rows = try lengths.indices.map {
        try T(shape: [lengths[$0], 4], scalars: Array(all[offsets[$0] * 4..<offsets[$0 + 1] * 4]))
      }
      let own = numbers(lengths.count, 2)
      s = T(own)
      scalars = own.map { T($0) }
      w = try T(shape: [4, 3], scalars: numbers(12, 3))
    }
  }

  private func check(_ functions: [RaggedFunction], _ lengths: [Int] = lengths) throws {
    let batch = try Batch(lengths)
    let all: @Sendable (T, T, T) -> [T] = { x, s, w in functions.map { $0.function(x, s, w) } }
    let results = try vmap(
      all, inAxes: [.ragged, 0, nil], outAxes: .each(functions.map { $0.isRagged ? .ragged : 0 }))(
        batch.x.batch, batch.s, batch.w)
    let alone = jit(all)
    let needingNone = functions.filter { !$0.needsRows }
    let withoutRows = jit { (x: T, s: T, w: T) in needingNone.map { $0.function(x, s, w) } }
    let own = try lengths.indices.map { example in
      let f = lengths[example] == 0 ? withoutRows : alone
      var found = try f(batch.rows[example], batch.scalars[example], batch.w)[...]
      return functions.map { lengths[example] == 0 && $0.needsRows ? nil : found.popFirst() }
    }
    for (number, function) in functions.enumerated() {
      let rows = function.isRagged ? try Ragged(results[number]).rows() : nil
      let whole = function.isRagged ? [] : try results[number].scalars()
      for example in lengths.indices {
        guard let expected = try own[example][number]?.scalars() else { continue }
        let size = whole.count / lengths.count
        let found = rows?[example] ?? Array(whole[example * size..<(example + 1) * size])
        let isSame =
          found.count == expected.count
          && zip(found, expected).allSatisfy {
            function.hasSameBits ? $0 == $1 || $0.isNaN && $1.isNaN : abs($0 - $1) <= 1e-5
          }
        #expect(isSame, "\(function.name), example \(example): \(found), alone \(expected)")
      }
    }
  }

  @Test func elementwise() throws { try check(RaggedFunction.elementwise) }
  @Test func reductions() throws { try check(RaggedFunction.reductions) }
  @Test func alongRows() throws { try check(RaggedFunction.alongRows) }
  @Test func loops() throws { try check(RaggedFunction.loops) }

  /// A new number of examples, and other lengths, compile nothing; nor do they change what comes out.
  @Test func otherLengths() throws {
    let f = vmap({ (x: T) in x.softmax() }, inAxes: .ragged, outAxes: .ragged)
    let first = try Ragged<Float>(rows: [[1, 2, 3], [4, 5]])
    let source = try f.lowered(first).source
    for rows in [[[1, 2, 3]], [[], [], [4, 5], []], [], [[]]] as [[[Float]]] {
      let r = try Ragged<Float>(rows: rows)
      let shares = try Ragged(f(r))
      #expect(try shares.rows().map(\.count) == rows.map(\.count))
      for (row, own) in zip(rows, try shares.rows()) where !row.isEmpty {
        #expect(try own == T(row).softmax().scalars())
      }
      #expect(try f.lowered(r).source == source)
    }
    // Blocks of more than 16,384 elements.
    let long = (0..<20_000).map { Float($0 % 997) * 0.001 }
    let sums = try vmap({ (x: T) in x.sum() }, inAxes: .ragged)(
      Ragged<Float>(rows: [[1], long, Array(long[..<16_384])]))
    #expect(
      try sums.scalars() == [1, T(long).sum().scalar(), T(Array(long[..<16_384])).sum().scalar()])
  }

  /// Maps around and inside, two segmentations, trees and other types.
  @Test func combinations() throws {
    let r = try Ragged<Float>(rows: [[1, 2, 3], [], [4, 5]])
    let scales = T([1, 10])
    let both = vmap(
      vmap({ (x: T, s: T) in (x * s).sum() }, inAxes: [.ragged, nil]), inAxes: [nil, 0])
    #expect(try both(r.batch, scales).scalars() == [6, 0, 9, 60, 0, 90])
    let pairs = try r.with(
      values: Tensor<Int32>(shape: [5, 2], scalars: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    let columns = vmap(
      vmap { (x: Tensor<Int32>) in x.sum() }, inAxes: .ragged, outAxes: 0)
    #expect(throws: VMapError.self) { try columns(pairs) }
    let inner: @Sendable (Tensor<Int32>) throws -> Tensor<Int32> = { x in
      try vmap({ (column: Tensor<Int32>) in column.sum() }, inAxes: 1)(x)
    }
    #expect(try vmap(inner, inAxes: .ragged)(pairs).scalars() == [9, 12, 0, 0, 16, 18])
    let other = try Ragged<Float>(rows: [[1], [2, 3], []])
    let sums = vmap({ (x: T, y: T) in x.sum() - y.sum() }, inAxes: .ragged)
    #expect(try sums(r, other).scalars() == [5, -5, 9])
    let outer = vmap(
      { (x: T, y: T) in
        (x.expandedDimension(at: 1) * y.expandedDimension(at: 0)).sum(axis: 1)
      }, inAxes: .ragged, outAxes: .ragged)
    let crossed = try Ragged(outer(r, other))
    #expect(try crossed.rows() == [[1, 2, 3], [], [0, 0]])
    // A sum over the batch, and a map inside of another compiled function.
    let total = vmap({ (x: T) in square(x).sum() }, inAxes: .ragged, outAxes: .sum)
    #expect(try total(r).scalar() == 55)
    let r2 = r
    let compiled = jit { (k: T) throws in
      try vmap({ (x: T) in x.sum() }, inAxes: .ragged)(r2) * k
    }
    #expect(try compiled(T(2)).scalars() == [12, 0, 18])
    // Few examples, of which there is a known number.
    let few = jit { (k: T) throws in
      try vmap(
        { (x: Tensor<Int32>) in (x.asType(Float.self) * 0.5).sum(axis: 0) }, inAxes: .ragged)(
          pairs) * k
    }
    #expect(try few(T(2)).scalars() == [9, 12, 0, 0, 16, 18])
    let known = vmap(
      { (x: T) in x * axisSize("batch").asType(Float.self) }, inAxes: .ragged, outAxes: .ragged,
      axisName: "batch")
    let scaled = try Ragged(known(r))
    #expect(try scaled.rows() == [[3, 6, 9], [], [12, 15]])
  }

  /// The derivative of a function of an example, against that of the example alone.
  @Test func derivatives() throws {
    let functions: [@Sendable (T, T) -> T] = [
      { w, x in square(matmul(x, w)).sum() },
      { w, x in (matmul(x, w).softmax(axis: 0) * x.sum(axis: 1, keepDims: true)).sum() },
      { w, x in matmul(x.mean(axis: 0), w).norm() },
      { w, x in matmul(x, w).logSumExp() },
      { w, x in
        scan(T.zeros([3]), x) { (h: T, v: T) in (tanh(matmul(v, w) + h * 0.5), h) }.0.sum()
      },
      { w, x in
        let outputs = scan(T.zeros([3]), x, reverse: true) { (h: T, v: T) in
          let next = tanh(matmul(v, w) + h * 0.5)
          return (next, next * h)
        }.1
        return square(outputs).sum()
      },
      { w, x in
        let q = matmul(x, w)
        return matmul(matmul(q, q.transposed()).softmax(axis: -1), x).sum()
      },
    ]
    let gradients: @Sendable (T, T) throws -> [T] = { w, x in
      var all: [T] = []
      for f in functions {
        all.append(try grad(f)(w, x))
        all.append(try grad({ (x: T, w: T) in f(w, x) })(x, w))
      }
      return all
    }
    let lengths = [3, 70, 3]
    let batch = try Batch(lengths)
    let places = functions.flatMap { _ in [0, .ragged] as [Axes] }
    let found = try vmap(gradients, inAxes: [nil, .ragged], outAxes: .each(places))(
      batch.w, batch.x.batch)
    let alone = jit(gradients)
    for example in lengths.indices {
      let expected = try alone(batch.w, batch.rows[example])
      for (number, expected) in expected.enumerated() {
        let own =
          number % 2 == 0
          ? try Array(found[number].scalars()[example * 12..<(example + 1) * 12])
          : try Ragged(found[number]).rows()[example]
        expectClose(own, try expected.scalars(), within: 1e-5, ofAtLeast: 1)
      }
    }
    // The gradient of what examples share, summed up in the kernels; and forward.
    let total = try vmap(grad(functions[4]), inAxes: [nil, .ragged], outAxes: .sum)(
      batch.w, batch.x)
    var sum = [Float](repeating: 0, count: 12)
    for row in batch.rows {
      for (place, slope) in try grad(functions[4])(batch.w, row).scalars().enumerated() {
        sum[place] += slope
      }
    }
    try expectClose(total, sum, within: 1e-5, ofAtLeast: 1)
  }

  /// Lengths are printed as what they are.
  @Test func text() throws {
    let f = vmap({ (x: T) in x / x.sum() }, inAxes: .ragged, outAxes: .ragged)
    let text = try f.lowered(Ragged<Float>(rows: [[1, 2], [3]])).program
    #expect(text.contains("a1:t0 rows(a0, 1, 2, 3, 4)"))
    #expect(text.contains("f32[r1]{a0} = bind_ragged[axis=1] a"))
  }
}
