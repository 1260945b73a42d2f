/// The batched convolution: axes of the left operand are part of the batch, those of the kernel part of
/// the features of the result, and those of both are groups.
extension Convolution: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let (left, right) = (operands[0], operands[1])
    let shared = left.axes.ids.filter(right.axes.contains).map { BatchedDimension.axis($0) }
    let lefts = left.axes.ids.map { .axis($0) }.filter { !shared.contains($0) }
    let rights = right.axes.ids.map { .axis($0) }.filter { !shared.contains($0) }
    let hasGroups = featureGroups > 1 || batchGroups > 1

    // What each dimension is made of. Within a group an axis moves faster than what it joins, so that
    // groups stay together.
    func parts(_ rank: Int) -> [[BatchedDimension]] { (0..<rank).map { [.dimension($0)] } }
    func joined(_ axes: [BatchedDimension], _ own: Int, isInner: Bool) -> [BatchedDimension] {
      isInner ? [.dimension(own)] + axes : axes + [.dimension(own)]
    }
    var leftParts = parts(left.rank)
    var rightParts = parts(right.rank)
    var resultParts = parts(left.rank)
    let isInner = batchGroups > 1
    leftParts[dimensions.left[0]] = joined(lefts, dimensions.left[0], isInner: isInner)
    resultParts[dimensions.result[0]] = joined(lefts, dimensions.result[0], isInner: isInner)
    leftParts[dimensions.left[batchGroups > 1 ? 0 : 1]].insert(contentsOf: shared, at: 0)
    rightParts[dimensions.right[0]] =
      shared + joined(rights, dimensions.right[0], isInner: hasGroups)
    resultParts[dimensions.result[1]] =
      shared + joined(rights, dimensions.result[1], isInner: hasGroups)

    var groups = 1
    for axis in shared.compactMap(\.axis) { groups *= try builder.extent(of: axis) }
    let layout = resultParts.flatMap { $0 }
    let types = try builder.exampleTypes([left, right])
    let shape = try resultTypes(types)[0].shape
    if groups == 0 {
      // There cannot be no groups.
      let zero = try builder.constant(.zero(types[0].element))
      return [try builder.arrange(zero, as: layout, shape: shape)]
    }
    var convolution = self
    if batchGroups > 1 {
      convolution.batchGroups *= groups
    } else {
      convolution.featureGroups *= groups
    }
    let result = try builder.emit(
      convolution,
      [try builder.joining(left, leftParts), try builder.joining(right, rightParts)],
      as: (0..<left.rank).map { .dimension($0) })
    if layout.count == left.rank { return [result] }
    let reshape = Reshape(shape: try builder.physicalShape(shape, layout))
    return [try builder.emit(reshape, [result], as: layout)]
  }
}

extension BatchedBuilder {
  /// The types of one example of some values.
  fileprivate func exampleTypes(_ values: [BatchedValue]) throws(VMapError) -> [TensorType] {
    var types: [TensorType] = []
    for value in values {
      types.append(
        TensorType(element: element(of: value), shape: try exampleShape(of: value)))
    }
    return types
  }

  /// A value with several of its dimensions joined into each of the result.
  fileprivate mutating func joining(
    _ value: BatchedValue, _ parts: [[BatchedDimension]]
  ) throws(VMapError) -> BatchedValue {
    let ordered = try arrange(value, as: parts.flatMap { $0 })
    if parts.allSatisfy({ $0.count == 1 }) { return ordered }
    let sizes = try shape(of: ordered)
    var shape: [Int] = []
    var next = 0
    for part in parts {
      shape.append(try Array(sizes[next..<next + part.count]).elementCount())
      next += part.count
    }
    return try emit(
      Reshape(shape: shape), [ordered], as: parts.indices.map { .dimension($0) })
  }
}
