/// The examples along a map axis combined block by block, as ``AxisReduce`` does before it merges the
/// blocks: the first dimension of the result is the blocks.
struct AxisBlocks: Operation {
  let kind: Reduce.Kind
  let axis: Int

  private var whole: AxisReduce { AxisReduce(kind: kind, axis: axis) }

  var name: String { "\(whole.name)_blocks" }
  var attributes: [Attribute] { whole.attributes }
  var crossedAxis: Int? { axis }
  var addsUp: Bool { kind.addsUp }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    let kind = AxisReduce.names.first { "\($0.value)_blocks" == name }?.key
    guard let kind else { throw VMapError(.parse, "there is no collective \(name)") }
    return AxisBlocks(kind: kind, axis: try attributes.integer("axis"))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "\(name) has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    guard operands[0].axes.contains(axis) else {
      throw VMapError(.invalidArgument, "\(name): the operand does not vary over axis \(axis)")
    }
    var type = try whole.resultTypes(operands, regions: regions, axes: axes)[0]
    type.shape.insert(.blocks(axes[axis].extent, size: ReductionTree.blockLength), at: 0)
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    whole.combined(
      over: loops.mapAxes[axis].extent, block: index[0], operands[0], at: Array(index.dropFirst()),
      loops)
  }
}

/// What ``AxisBlocks`` made of all examples, merged in the order of blocks: what ``AxisReduce`` gives.
struct MergeBlocks: Operation {
  let kind: Reduce.Kind

  var name: String { "merge_\(AxisReduce.names[kind] ?? kind.rawValue)" }
  var readsExtents: Bool { false }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    let kind = AxisReduce.names.first { "merge_\($0.value)" == name }?.key
    guard let kind else { throw VMapError(.parse, "there is no collective \(name)") }
    return MergeBlocks(kind: kind)
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    throw VMapError(.internalInconsistency, "\(name) has no per-example shape rule")
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] {
    var type = operands[0]
    guard !type.shape.isEmpty else {
      throw VMapError(.invalidArgument, "\(name): the operand has no blocks")
    }
    type.shape.removeFirst()
    return [type]
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let operand = operands[0]
    let type = operand.type.element
    return loops.mergeBlocks(
      operand.type.shape[0], initial: [kind.identity(type)],
      read: { block in [operand[[block] + index]] },
      merge: { a, b in [loops.apply(kind.function, [a[0], b[0]], type)] })
  }
}
