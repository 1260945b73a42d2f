/// A window that moves over a tensor: its size, how it moves, and what surrounds the tensor.
struct Window: Hashable, Sendable {
  var size: [Int]
  var strides: [Int]
  /// How much is added in front and behind; less than nothing cuts off.
  var padding: [[Int]]
  /// The distance of the tensor's elements, and of the window's.
  var baseDilation: [Int]
  var windowDilation: [Int]

  /// How it is printed but for dilations: along a dimension that it has one element of, it moves by one.
  var attributes: [Attribute] {
    [
      Attribute("window_dimensions", .integers(size), .eachDimension(neutral: 1)),
      Attribute("window_strides", .integers(strides), .eachDimension(neutral: 1)),
      Attribute("padding", .lists(padding), .eachDimension(neutral: 0)),
    ]
  }

  /// The numbers of windows along each dimension of a shape.
  func counts(over shape: [Int], for name: String) throws(VMapError) -> [Int] {
    let rank = shape.count
    guard [size, strides, baseDilation, windowDilation].allSatisfy({ $0.count == rank }),
      padding.count == rank, padding.allSatisfy({ $0.count == 2 })
    else {
      throw VMapError(
        .invalidArgument,
        "\(name): the window should have one size, stride, padding and dilation for each dimension "
          + "of shape \(shape.shapeText)")
    }
    var counts: [Int] = []
    for d in 0..<rank {
      guard size[d] > 0, strides[d] > 0, baseDilation[d] > 0, windowDilation[d] > 0 else {
        throw VMapError(
          .invalidArgument, "\(name): sizes, strides and dilations of a window are at least 1")
      }
      guard
        let count = Window.checked({ extent in
          let (spread, a) = max(0, shape[d] - 1).multipliedReportingOverflow(by: baseDilation[d])
          let (reach, b) = (size[d] - 1).multipliedReportingOverflow(by: windowDilation[d])
          extent.overflows = a || b
          for part in [spread, min(1, shape[d]), padding[d][0], padding[d][1]] { extent.add(part) }
          let padded = extent
          extent.add(-1 - reach)
          extent.isNegative = padded.value < 0
        })
      else {
        throw VMapError(
          .invalidArgument,
          "\(name): padding \(padding[d].shapeText) leaves no size for dimension \(d) "
            + "of shape \(shape.shapeText)")
      }
      counts.append(count < 0 ? 0 : count / strides[d] + 1)
    }
    return try counts.counted(for: name)
  }

  private struct Extent {
    var value = 0
    var overflows = false
    var isNegative = false

    mutating func add(_ part: Int) {
      let (sum, carry) = value.addingReportingOverflow(part)
      value = sum
      overflows = overflows || carry
    }
  }

  private static func checked(_ compute: (inout Extent) -> Void) -> Int? {
    var extent = Extent()
    compute(&extent)
    return extent.overflows || extent.isNegative ? nil : extent.value
  }

  /// Where an element of a window lies in the tensor, brought inside, and whether it is in it; nil
  /// where it always is.
  ///
  /// - Parameters:
  ///   - number: Which window.
  ///   - offset: Which element of the window.
  func place(
    _ number: [Expression], _ offset: [Expression], _ shape: [Int], _ loops: LoopBuilder
  ) -> (index: [Expression], inside: Expression?) {
    let graph = loops.graph
    var inside: Expression?
    func require(_ condition: Expression) {
      inside = loops.both(inside, condition)
    }
    var index: [Expression] = []
    for (d, extent) in shape.enumerated() {
      let position = graph.subtract(
        graph.add(
          graph.multiply(number[d], strides[d]), graph.multiply(offset[d], windowDilation[d])),
        graph.index(padding[d][0]))
      let bounds = graph.range(position)
      if bounds.map({ $0.lowerBound < 0 }) ?? true {
        require(loops.less(graph.index(-1), position))
      }
      let shifted = graph.maximum(position, graph.index(0))
      let step = extent == 1 ? 1 : baseDilation[d]
      if step > 1 { require(loops.less(graph.remainder(shifted, by: step), graph.index(1))) }
      let source = graph.divide(shifted, by: step)
      if bounds.map({ $0.upperBound / step >= extent }) ?? true {
        require(loops.less(source, graph.index(extent)))
      }
      index.append(graph.clamp(source, below: .constant(extent)))
    }
    return (index, inside)
  }
}
