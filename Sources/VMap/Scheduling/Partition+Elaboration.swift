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
    func element(of value: ValueID, _ access: Elaborator.Access) -> Expression {
      elaborator.element(
        of: value, at: access.index,
        axes: Dictionary(uniqueKeysWithValues: zip(program.types[value].axes.ids, access.axes)))
    }
    if let replacing {
      return replaced(by: replacing, group[0], elaborator, indices)
    }
    guard let split = partialsOf else {
      return (zip(group, loops.accesses).map { element(of: $0, $1) }, nil)
    }
    let count = program.types[split.value].axes.ids.count
    let place = indices.dropFirst()
    let result = element(
      of: split.value,
      Elaborator.Access(axes: Array(place.prefix(count)), index: Array(place.dropFirst(count))))
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
