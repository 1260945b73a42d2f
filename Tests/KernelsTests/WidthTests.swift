import Kernels
import Testing

/// Checks that a result depends neither on the vector width nor on the other lanes.
@Suite struct WidthTests {
  @Test(arguments: KernelLibrary.functions, FunctionRunner<Float>.types)
  func everyWidthGivesTheSameBits(_ function: MathFunction, type: MathType) throws {
    switch type {
    case .f32: try checkWidths(function, Float.self)
    case .f64: try checkWidths(function, Double.self)
    }
  }

  @Test(arguments: KernelLibrary.functions, FunctionRunner<Float>.types)
  func otherLanesDoNotMatter(_ function: MathFunction, type: MathType) throws {
    switch type {
    case .f32: try checkNeighbours(function, Float.self)
    case .f64: try checkNeighbours(function, Double.self)
    }
  }

  private func checkWidths<T: Judged>(_ function: MathFunction, _: T.Type) throws {
    let run = try FunctionRunner<T>(function)
    let (x, y): ([T], [T]) = Samples.pairs(1 << 15, seed: 3)
    let results = try run(FunctionRunner<T>.padded(x), FunctionRunner<T>.padded(y))
    for (width, row) in zip(FunctionRunner<T>.widths, results).dropFirst() {
      let index = row.indices.first { !Self.same(row[$0], results[0][$0]) }
      if let index {
        Issue.record(
          """
          \(function.name)(\(x[index]), \(y[index])): \(row[index]) at width \(width), \
          \(results[0][index]) at 16
          """)
      }
    }
  }

  /// Puts each value on each lane among special values, and compares with a vector full of it.
  private func checkNeighbours<T: Judged>(_ function: MathFunction, _: T.Type) throws {
    let run = try FunctionRunner<T>(function)
    let special = Samples.special(T.self)
    let (first, second): ([T], [T]) = Samples.pairs(64, seed: 4)
    let step = 17
    var x: [T] = [], y: [T] = []
    for value in stride(from: 0, to: first.count, by: step) {
      x += Array(repeating: first[value], count: 16)
      y += Array(repeating: second[value], count: 16)
      for lane in 0..<16 {
        for other in 0..<16 {
          x.append(other == lane ? first[value] : special[(value + 5 * other) % special.count])
          y.append(other == lane ? second[value] : special[(value + 11 * other) % special.count])
        }
      }
    }
    for (width, row) in zip(FunctionRunner<T>.widths, try run(x, y)) {
      for block in stride(from: 0, to: x.count, by: 17 * 16) {
        for lane in 0..<16 {
          let alone = row[block], among = row[block + 16 * (lane + 1) + lane]
          guard Self.same(alone, among) else {
            Issue.record(
              """
              \(function.name)(\(x[block]), \(y[block])) on lane \(lane) of \(width): \(among), \
              not \(alone)
              """)
            return
          }
        }
      }
    }
  }

  /// Equal bits, or both NaN.
  private static func same<T: Judged>(_ a: T, _ b: T) -> Bool {
    a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
  }
}
