extension Program {
  /// The program with the axes as dimensions, as text: what `make_jaxpr(vmap(f))` prints.
  ///
  /// An operation that cannot be batched is marked with the extents it is mapped over.
  var batchedText: String {
    var builder = BatchedBuilder(self, marksUnknown: true)
    do throws(VMapError) { return try builder.batchedProgram().text } catch { return text }
  }

  /// The program with the axes as dimensions: it has no axes, and the same results.
  ///
  /// Extents have to be numbers; see ``replacing(_:)``.
  func batched() throws(VMapError) -> Program {
    var builder = BatchedBuilder(self, marksUnknown: false)
    return try builder.batchedProgram()
  }
}

/// How an operation becomes one on whole batches, where its attributes do not say it: those with
/// dimension numbers of their own.
///
/// A rule is given operands whose dimensions are labelled with what they are, a dimension of one
/// example or an axis, in any order. It gives results labelled in the same way, so that nothing is
/// transposed before an operation needs a certain order.
protocol BatchRule: Operation {
  /// Writes the batched form of an instruction of this operation and gives its results.
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue]
}

extension BatchedBuilder {
  fileprivate mutating func batchedProgram() throws(VMapError) -> Program {
    let body = source.body
    let region = try makeRegion { builder throws(VMapError) in
      try builder.addParameters(body.parameters)
      try builder.append(body.instructions)
      return try builder.canonical(body.results)
    }
    return try finish(region).verified(after: "batching").simplified()
  }

  /// Batches instructions one by one.
  mutating func append(_ instructions: [Instruction]) throws(VMapError) {
    for instruction in instructions {
      let operands = try instruction.operands.map { value throws(VMapError) in try batched(value) }
      for (result, value) in zip(instruction.results, try batch(instruction, operands)) {
        guard try type(of: value) == physicalType(of: source.types[result], value.layout) else {
          throw VMapError(
            .internalInconsistency,
            "\(instruction.operation.name): its batched form gives another shape")
        }
        values[result] = value
      }
    }
  }

  private mutating func batch(
    _ instruction: Instruction, _ operands: [BatchedValue]
  ) throws(VMapError) -> [BatchedValue] {
    let operation = instruction.operation
    if let result = try onDimensions(operation, operands) { return [result] }
    if !operation.isLoop {
      // A function of elements is one for all examples.
      for value in instruction.regions.flatMap({ $0.captures() })
      where try !batched(value).axes.isEmpty { return try mark(instruction, operands) }
    }
    if let rule = operation as? any BatchRule {
      return try rule.batched(instruction, operands, in: &self)
    }
    let shared = operands[operation.sharedOperands(of: operands.count)]
    guard shared.allSatisfy(\.axes.isEmpty) else { return try mark(instruction, operands) }
    return try lift(operation, operands, regions: try elementRegions(of: instruction))
  }

  /// What stands in print for an operation that has no batched form.
  private mutating func mark(
    _ instruction: Instruction, _ operands: [BatchedValue]
  ) throws(VMapError) -> [BatchedValue] {
    let name = instruction.operation.name
    guard marksUnknown else {
      throw VMapError(.internalInconsistency, "\(name) has no batched form")
    }
    // Functions of elements may use values that vary over other axes than the operands.
    let axes = instruction.results.reduce(operands.reduce(AxisSet.none) { $0.union($1.axes) }) {
      $0.union(source.types[$1].axes)
    }
    var results: [BatchedValue] = []
    var types: [ValueType] = []
    for result in instruction.results {
      let layout = source.types[result].canonicalLayout
      types.append(try physicalType(of: source.types[result], layout))
      results.append(BatchedValue(id: -1, layout: layout))
    }
    var extents: [Int] = []
    for axis in axes.ids { extents.append(try extent(of: axis)) }
    var regions: [Region] = []
    for region in instruction.regions {
      regions.append(
        try makeRegion { builder throws(VMapError) in
          try builder.addParameters(region.parameters)
          try builder.append(region.instructions)
          return try builder.canonical(region.results)
        })
    }
    let marked = BatchedMark(operation: instruction.operation, extents: extents, types: types)
    let ids = try emit(
      marked, try canonical(instruction.operands).map(\.id), regions: regions)
    for index in results.indices { results[index].id = ids[index] }
    return results
  }
}

/// An operation that is mapped over extents, for print alone: it has no meaning of its own.
private struct BatchedMark: Operation {
  let operation: any Operation
  let extents: [Int]
  let types: [ValueType]

  var name: String { operation.name }
  var attributes: [Attribute] {
    operation.attributes + [Attribute("mapped_over", .integers(extents))]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    throw VMapError(.parse, "\(name): an operation that is mapped over extents cannot be read")
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    try types.map { type throws(VMapError) in try type.tensorType(for: name) }
  }

  func resultTypes(
    _ operands: [ValueType], regions: [RegionType], axes: [MapAxis]
  ) throws(VMapError) -> [ValueType] { types }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    types.map { loops.literal(.zero($0.element)) }
  }
}
