extension Program {
  /// The types of an operation's results here.
  func resultTypes(
    _ operation: any Operation, _ operands: [ValueID], _ regions: [Region]
  ) throws(VMapError) -> [ValueType] {
    try operation.resultTypes(
      operands.map { types[$0] },
      regions: regions.map { region in
        RegionType(
          parameters: region.parameters.map { types[$0] }, results: region.results.map { types[$0] }
        )
      }, axes: axes)
  }

  /// Infers the types of a region again, after its parameters' axes have changed.
  mutating func inferTypes(_ region: Region) throws(VMapError) {
    for instruction in region.instructions {
      try inferRegions(instruction.operation, instruction.operands, instruction.regions)
      let inferred = try resultTypes(
        instruction.operation, instruction.operands, instruction.regions)
      for (result, type) in zip(instruction.results, inferred) { types[result] = type }
    }
  }

  /// Infers the types in the regions of an operation.
  mutating func inferRegions(
    _ operation: any Operation, _ operands: [ValueID], _ regions: [Region]
  ) throws(VMapError) {
    if operation.isLoop {
      try inferLoop(operands, regions)
    } else if operation.isCall {
      try inferCall(operands, regions)
    } else if !regions.isEmpty {
      try inferElementRegions(operands, regions)
    }
  }

  /// The axes of a loop's state: a slot varies over what its initial value, the body's result and
  /// the predicate vary over, to a fixpoint; a slot that is forwarded unchanged only over the first.
  mutating func inferLoop(_ initial: [ValueID], _ regions: [Region]) throws(VMapError) {
    guard regions.count == 2, regions[0].results.count == 1,
      regions.allSatisfy({ $0.parameters.count == initial.count }),
      regions[1].results.count == initial.count
    else { return }
    let (condition, body) = (regions[0], regions[1])
    for (slot, value) in initial.enumerated() {
      for region in regions { types[region.parameters[slot]].axes = types[value].axes }
    }
    while true {
      try inferTypes(condition)
      try inferTypes(body)
      let predicate = types[condition.results[0]].axes
      var isStable = true
      for slot in initial.indices where body.results[slot] != body.parameters[slot] {
        let known = types[body.parameters[slot]].axes
        let axes = known.union(types[body.results[slot]].axes).union(predicate)
        if axes != known {
          isStable = false
          for region in regions { types[region.parameters[slot]].axes = axes }
        }
      }
      if isStable { return }
    }
  }

  /// The types in a region that takes the operands themselves.
  mutating func inferCall(_ operands: [ValueID], _ regions: [Region]) throws(VMapError) {
    for region in regions {
      for (parameter, operand) in zip(region.parameters, operands) {
        types[parameter] = types[operand]
      }
      try inferTypes(region)
    }
  }

  /// The axes of elements in regions that are functions of them: those of all operands and of what
  /// the regions capture.
  mutating func inferElementRegions(
    _ operands: [ValueID], _ regions: [Region]
  ) throws(VMapError) {
    var axes = operands.reduce(AxisSet.none) { $0.union(types[$1].axes) }
    while true {
      for region in regions {
        for parameter in region.parameters { types[parameter].axes = axes }
        try inferTypes(region)
      }
      let all = regions.flatMap(\.results).reduce(axes) { $0.union(types[$1].axes) }
      if all == axes { return }
      axes = all
    }
  }

  /// The program with some symbols replaced by numbers.
  func replacing(_ sizes: [Symbol: Int]) -> Program {
    var program = self
    for index in program.types.indices {
      program.types[index].shape = types[index].shape.map { $0.replacing(sizes) }
    }
    program.axes = axes.map {
      MapAxis(
        id: $0.id, name: $0.name, extent: $0.extent.replacing(sizes), windows: $0.windows,
        rows: $0.rows)
    }
    return program
  }
}
