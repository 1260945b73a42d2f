@testable import VMap

extension SamplePrograms {
  /// Gather, scatter and dynamic slices with every combination of operands that vary.
  static func windows() throws -> Program {
    let s = ProgramSketch()
    let (x, y) = (s.input(.int32, .n0, 4, 3), s.input(.int32, 4, 3))
    let (i, j) = (s.input(.int32, .n0, 2, 2), s.input(.int64, 2, 2))
    let u = s.input(.int32, 2, .n1, 2)
    let (outer, inner) = (s.axis(.n0), s.axis(.n1))
    let (a, indices, updates) = (s.bind(x, outer), s.bind(i, outer), s.bind(u, inner, 1))
    let dimensions = WindowDimensions(
      window: [1], collapsed: [0], operandBatching: [], indexBatching: [], indexed: [0, 1],
      vector: 1)
    let gather = Gather(dimensions: dimensions, sizes: [1, 2])
    var results: [TensorHandle] = []
    for operand in [a, y] {
      for index in [indices, j] {
        results.append(s.emit(gather, operand, index))
        let scattered = try s.trace.emit(
          Scatter(dimensions: dimensions), [operand, index, updates],
          elementRegions: [
            { [s.apply("sub", $0[0], s.apply("mul", $0[1], s.constant(2, .int32)))] }
          ])
        results.append(scattered[0])
      }
    }
    let first = s.sum(indices, 0, 1)
    for start in [first, s.constant(1, .int32)] {
      let zero = s.constant(0, .int32)
      results.append(s.emit(DynamicSlice(sizes: [2, 3]), a, start, zero))
      results.append(s.emit(DynamicUpdateSlice(), y, updates, start, zero))
    }
    return try s.trace.finish(
      results: results.map { s.unbind(s.unbind($0, inner), outer, 1) })
  }
}
