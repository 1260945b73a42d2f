/// What a kernel's values are as expressions.
extension Partition {
  /// How divided reductions are written here: as a block, or as the merging of blocks.
  func elaborationSplits(
    _ elaborator: Elaborator, _ variables: [LoopVariable]
  ) -> [ValueID: ReductionSplit] {
    let graph = elaborator.graph
    if let split = partialsOf {
      return [split.value: .block(graph.index(variables[0]), size: split.size)]
    }
    return splits.mapValues { split in
      .merge(blocks: split.blocks) { slot, block in
        let index = [block] + variables.map(graph.index)
        return graph.load(
          split.partials[slot], graph.rowMajor(index, program.extents(of: split.partials[slot])),
          program.types[split.partials[slot]].element)
      }
    }
  }

  func elaborate(
    _ group: [ValueID], _ elaborator: Elaborator, _ loops: RootLoops,
    _ splitting: [ValueID: ReductionSplit]
  ) -> (roots: [Expression], replacement: Kernel.Replacement?) {
    elaborator.splits = splitting
    let indices = loops.common.map(elaborator.graph.index)
    func element(of value: ValueID, _ indices: ArraySlice<Expression>) -> Expression {
      let axes = program.types[value].axes.ids
      return elaborator.element(
        of: value, at: Array(indices.dropFirst(axes.count)),
        axes: Dictionary(uniqueKeysWithValues: zip(axes, indices)))
    }
    if let replacing {
      return replaced(by: replacing, group[0], elaborator, indices)
    }
    guard let split = partialsOf else {
      let roots = zip(group, loops.own).map { value, own in
        element(of: value, (indices + own.map(elaborator.graph.index))[...])
      }
      return (roots, nil)
    }
    let result = element(of: split.value, indices.dropFirst())
    guard let id = elaborator.graph.reduction(of: result) else { return ([result], nil) }
    let slots = group.indices.map { slot in
      elaborator.graph.make(
        .reduced(reduction: id, slot: slot, program.types[group[slot]].element))
    }
    return (slots, nil)
  }

  /// The results of an instruction that replaces some of their elements in place.
  private func replaced(
    by instruction: Instruction, _ value: ValueID, _ elaborator: Elaborator,
    _ indices: [Expression]
  ) -> (roots: [Expression], replacement: Kernel.Replacement?) {
    let graph = elaborator.graph
    let axes = program.types[value].axes.ids
    let (initial, replacement) = elaborator.replaced(
      by: instruction, at: Array(indices.dropFirst(axes.count)),
      axes: Dictionary(uniqueKeysWithValues: zip(axes, indices)))
    guard let replacement else { return (initial, nil) }
    let offset = program.offset(
      of: value, at: indices.prefix(axes.count) + replacement.target, graph)
    // Work-items share out the loops on which the place depends: no two of them write to one.
    let own = graph.reductions[replacement.reduction].variables
    for expression in [offset, replacement.covers] {
      graph.reductions[replacement.reduction].free.formUnion(
        graph.variables[expression.id].subtracting(own))
    }
    return (
      initial,
      Kernel.Replacement(
        reduction: replacement.reduction, offset: offset, covers: replacement.covers)
    )
  }
}

/// The loops of what one kernel stores.
struct RootLoops {
  /// The loops of all values, slowest first.
  let common: [LoopVariable]
  /// Those that each value has for itself, inside the others.
  let own: [[LoopVariable]]

  var all: [LoopVariable] { common + own.joined() }

  /// Values of the same loops share all of them, others the axes that they vary over.
  init(of values: [ValueID], in program: Program, _ graph: ExpressionGraph) {
    let extents = values.map(program.extents)
    let isSame = extents.allSatisfy { $0 == extents[0] }
    let count = isSame ? extents[0].count : program.types[values[0]].axes.ids.count
    common = extents[0].prefix(count).map(graph.makeVariable)
    own = extents.map { $0.dropFirst(count).map(graph.makeVariable) }
  }
}
