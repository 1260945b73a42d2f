/// The general convolution: a sum of products over windows of the left operand and its features.
///
/// The left operand is spread out and padded with zeros; the right one, the kernel, is laid on it at
/// each place of the result, unturned unless `reversal` says so.
struct Convolution: Operation {
  /// Of each operand and of the result, which dimensions are what: the batch's, the features', then
  /// those in space; the kernel has the features of the result, then those that are summed up.
  var dimensions: (left: [Int], right: [Int], result: [Int])
  var window: Window
  /// In how many groups the features of the left operand fall, each of which gives its own part of the
  /// features of the result.
  var featureGroups = 1
  /// In how many groups the batch falls, each of which gives its own part of the features.
  var batchGroups = 1

  /// How the kernel moves, a number for each dimension in space.
  struct Window: Sendable {
    var strides: [Int]
    /// What comes before and after the left operand once it is spread out; negative amounts cut off.
    var padding: [[Int]]
    var leftDilation: [Int]
    var rightDilation: [Int]
    /// 1 where the kernel lies the other way round.
    var reversal: [Int]
  }

  var name: String { "conv_general_dilated" }
  var addsUp: Bool { true }
  var attributes: [Attribute] {
    [
      Attribute("batch_group_count", .integer(batchGroups)),
      Attribute(
        "dimension_numbers", .lists([dimensions.left, dimensions.right, dimensions.result])),
      Attribute("feature_group_count", .integer(featureGroups)),
      Attribute("lhs_dilation", .integers(window.leftDilation)),
      Attribute("padding", .lists(window.padding)),
      Attribute("rhs_dilation", .integers(window.rightDilation)),
      Attribute("window_reversal", .integers(window.reversal)),
      Attribute("window_strides", .integers(window.strides)),
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    let lists = try attributes.lists("dimension_numbers")
    guard lists.count == 3 else {
      throw VMapError(.parse, "conv_general_dilated: dimension_numbers are three lists")
    }
    return Convolution(
      dimensions: (lists[0], lists[1], lists[2]),
      window: Window(
        strides: try attributes.integers("window_strides"),
        padding: try attributes.lists("padding"),
        leftDilation: try attributes.integers("lhs_dilation"),
        rightDilation: try attributes.integers("rhs_dilation"),
        reversal: try attributes.integers("window_reversal")),
      featureGroups: try attributes.integer("feature_group_count"),
      batchGroups: try attributes.integer("batch_group_count"))
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let (left, right) = (operands[0], operands[1])
    let type = left.type.element
    let leftShape = left.type.shape.map { $0.constant ?? 0 }
    let rightShape = right.type.shape.map { $0.constant ?? 0 }
    if leftShape.contains(0) || rightShape.contains(0) { return [loops.literal(.zero(type))] }
    let graph = loops.graph
    let batch = index[dimensions.result[0]]
    let feature = index[dimensions.result[1]]
    let outputs = rightShape[dimensions.right[0]]

    // What is summed up lies as in the kernel.
    let summed = rightShape.indices.filter { $0 != dimensions.right[0] }
    let extents = summed.map { right.type.shape[$0] }
    return loops.reduce(
      over: extents, ReductionTree(over: extents),
      isExact: !type.part.isFloating, initial: [.zero(type)],
      step: { sums, position in
        var rightIndex = position
        rightIndex.insert(feature, at: dimensions.right[0])
        let leftFeature = rightIndex[dimensions.right[1]]
        var leftIndex = index
        leftIndex[dimensions.left[0]] = grouped(
          batch, size: leftShape[dimensions.left[0]], batchGroups, by: feature, of: outputs, graph)
        leftIndex[dimensions.left[1]] = grouped(
          leftFeature, size: leftShape[dimensions.left[1]], featureGroups, by: feature,
          of: outputs, graph)
        var inside: Expression?
        for d in window.strides.indices {
          let (leftDimension, rightDimension) = (dimensions.left[d + 2], dimensions.right[d + 2])
          let place = index[dimensions.result[d + 2]]
          leftIndex[leftDimension] = source(
            d, place, rightIndex[rightDimension], size: leftShape[leftDimension],
            kernel: rightShape[rightDimension], &inside, loops)
          if window.reversal[d] != 0 {
            rightIndex[rightDimension] = graph.subtract(
              graph.index(rightShape[rightDimension] - 1), rightIndex[rightDimension])
          }
        }
        var element = left[leftIndex]
        if let inside {
          element = loops.apply(.select, [inside, element, loops.literal(.zero(type))], type)
        }
        return [loops.apply(.fusedMultiplyAdd, [element, right[rightIndex], sums[0]], type)]
      },
      merge: { a, b in [loops.apply(.add, [a[0], b[0]], type)] })
  }

  /// An index within the group that a feature of the result belongs to, among those of all groups.
  private func grouped(
    _ index: Expression, size: Int, _ groups: Int, by feature: Expression, of outputs: Int,
    _ graph: ExpressionGraph
  ) -> Expression {
    if groups == 1 { return index }
    let group = graph.divide(feature, by: outputs / groups)
    return graph.add(graph.multiply(group, size / groups), index)
  }

  /// Where along a dimension in space the left operand is read, and what must hold for that not to be
  /// padding; only what the sizes leave open is tested.
  private func source(
    _ d: Int, _ place: Expression, _ offset: Expression, size: Int, kernel: Int,
    _ inside: inout Expression?, _ loops: LoopBuilder
  ) -> Expression {
    let graph = loops.graph
    func require(_ condition: Expression) {
      inside = loops.both(inside, condition)
    }
    let (low, high) = (window.padding[d][0], window.padding[d][1])
    // A single element has no neighbours to be spread from.
    let step = size == 1 ? 1 : window.leftDilation[d]
    var position = graph.add(
      graph.multiply(place, window.strides[d]), graph.multiply(offset, window.rightDilation[d]))
    position = graph.subtract(position, graph.index(low))
    if low > 0 {
      require(loops.less(graph.index(-1), position))
      position = graph.maximum(position, graph.index(0))
    }
    if step > 1 {
      require(loops.less(graph.remainder(position, by: step), graph.index(1)))
      position = graph.divide(position, by: step)
    }
    if high > 0 {
      require(loops.less(position, graph.index(size)))
      position = graph.minimum(position, graph.index(size - 1))
    }
    return position
  }
}
