/// A value surrounded by, and spread out with, a scalar: low and high may be negative and cut off.
struct Pad: Operation {
  let low: [Int]
  let high: [Int]
  let interior: [Int]

  var name: String { "pad" }

  func checkRagged(_ operands: [TensorType]) throws(VMapError) {
    try refuseRagged(
      operands, in: low.indices.filter { low[$0] != 0 || high[$0] != 0 || interior[$0] != 0 })
  }
  var attributes: [Attribute] {
    [("low", low), ("high", high), ("interior", interior)].map { name, amounts in
      Attribute(name, .integers(amounts), .eachDimension(neutral: 0))
    }
  }

  func sharedOperands(of count: Int) -> Range<Int> { 1..<count }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    Pad(
      low: try attributes.integers("low"), high: try attributes.integers("high"),
      interior: try attributes.integers("interior"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let operand = operands[0]
    let rank = operand.shape.count
    guard [low.count, high.count, interior.count].allSatisfy({ $0 == rank }) else {
      throw VMapError(
        .invalidArgument,
        "pad: \(low.count) low, \(high.count) high and \(interior.count) interior amounts "
          + "for shape \(operand.shape.shapeText)")
    }
    guard operands[1].shape.isEmpty, operands[1].element == operand.element else {
      throw VMapError(
        operands[1].shape.isEmpty ? .typeMismatch : .shapeMismatch,
        "pad: the value should be \(operand.element.rawValue)[], got \(operands[1])")
    }
    var shape: [Int] = []
    for d in 0..<rank {
      let n = operand.shape[d]
      let (spread, overflow) = max(0, n - 1).multipliedReportingOverflow(by: interior[d])
      let parts = [n, spread, low[d], high[d]]
      var size = 0
      var overflows = overflow
      for part in parts {
        let (sum, carry) = size.addingReportingOverflow(part)
        size = sum
        overflows = overflows || carry
      }
      guard interior[d] >= 0, !overflows, size >= 0 else {
        throw VMapError(
          .invalidArgument,
          "pad: low \(low[d]), high \(high[d]) and interior \(interior[d]) leave no size "
            + "for dimension \(d) of shape \(operand.shape.shapeText)")
      }
      shape.append(size)
    }
    return [TensorType(element: operand.element, shape: try shape.counted(for: name))]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let graph = loops.graph
    let padding = operands[1][[]]
    let extents = operands[0].type.shape
    if extents.contains(.constant(0)) { return [padding] }
    var source: [Expression] = []
    var inside: Expression?
    func require(_ condition: Expression) {
      inside = loops.both(inside, condition)
    }
    for (d, extent) in extents.enumerated() {
      // A single element has no neighbours to be spread from.
      let step = extent == .constant(1) ? 1 : interior[d] + 1
      let position = graph.subtract(index[d], graph.index(low[d]))
      let shifted = graph.maximum(position, graph.index(0))
      if low[d] > 0 { require(loops.less(graph.index(-1), position)) }
      if step > 1 {
        require(loops.less(graph.remainder(shifted, by: step), graph.index(1)))
      }
      let quotient = graph.divide(shifted, by: step)
      if high[d] > 0 { require(loops.less(quotient, graph.index(extent))) }
      source.append(graph.clamp(quotient, below: extent))
    }
    let element = operands[0][source]
    return [
      inside.map { loops.apply(.select, [$0, element, padding], operands[0].type.element) }
        ?? element
    ]
  }
}

extension Pad: LinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil, nil] }
    let own = site.operands[0].sizes
    guard !own.contains(0) else {
      return [site.operands[0].zeros, change.reduced(.sum, over: Array(change.sizes.indices))]
    }
    // What was added is cut off, and what was cut off is zero.
    let whole = try site.apply(
      Pad(low: low.map(-), high: high.map(-), interior: own.map { _ in 0 }), change,
      change.constant(0))
    let inside = try site.apply(
      Slice(
        starts: own.map { _ in 0 }, limits: whole.sizes,
        strides: zip(own, interior).map { $0 == 1 ? 1 : $1 + 1 }), whole)
    let all = Array(own.indices)
    return [
      inside,
      site.wanted[1] ? change.reduced(.sum, over: all) - inside.reduced(.sum, over: all) : nil,
    ]
  }
}
