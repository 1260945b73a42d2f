@testable import VMap

extension SamplePrograms {
  /// Elements combined and compared by functions, of operands of which one varies or all do.
  static func combining() throws -> Program {
    let s = ProgramSketch()
    let (x, y) = (s.input(.int32, .n0, 4, 3), s.input(.int32, 4, 3))
    let outer = s.axis(.n0)
    let a = s.bind(x, outer)
    let zero = s.constant(0, .int32)
    func function(_ name: String) -> ([TensorHandle]) throws -> [TensorHandle] {
      { [s.apply(name, $0[0], $0[1])] }
    }
    let window = Window(
      size: [2, 2], strides: [1, 2], padding: [[1, 0], [0, 1]], baseDilation: [1, 1],
      windowDilation: [1, 1])
    let scatter = SelectAndScatter(size: [2, 2], strides: [2, 1], padding: [[0, 0], [0, 1]])
    var results: [TensorHandle] = []
    for operand in [a, y] {
      results += try s.trace.emit(
        ReduceWith(dimensions: [0]), [operand, zero], elementRegions: [function("sub")])
      results += try s.trace.emit(
        ReduceWindow(window: window), [operand, zero], elementRegions: [function("max")])
      let source = s.emit(
        Slice(starts: [0, 0], limits: [2, 3], strides: [1, 1]), operand)
      results += try s.trace.emit(
        scatter, [a, source, zero], elementRegions: [function("ge"), function("add")])
      results += try s.trace.emit(
        Sort(dimension: 0), [operand, a], elementRegions: [function("lt")])
      results += try s.trace.emit(Map(), [operand, a], elementRegions: [function("mul")])
      results += s.trace.emit(TopK(count: 2, rank: 2), [operand])
      results.append(s.emit(Cumulative(kind: .sum, dimension: 1, isReversed: true), operand))
      let vector = s.emit(Slice(starts: [0, 0], limits: [4, 1], strides: [1, 1]), y)
      let sorted = s.emit(Reshape(shape: [4]), vector)
      results.append(s.emit(SearchSorted(isRight: true), sorted, operand))
    }
    return try s.trace.finish(results: results.map { s.unbind($0, outer, 0) })
  }
}
