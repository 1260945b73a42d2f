/// Writes the batched program: knows what each value of the program has become.
struct BatchedBuilder {
  let source: Program
  /// Whether operations without a batched form are marked; else they are errors.
  let marksUnknown: Bool
  private var builder = ProgramBuilder()
  /// What the values of the program have become, by their names in it.
  var values: [ValueID: BatchedValue] = [:]

  init(_ source: Program, marksUnknown: Bool) {
    self.source = source
    self.marksUnknown = marksUnknown
  }

  // MARK: Values

  func batched(_ value: ValueID) throws(VMapError) -> BatchedValue {
    if let known = values[value] { return known }
    throw VMapError(.internalInconsistency, "a value is used before it is made")
  }

  /// Values with their axes in ascending order, then the dimensions of one example.
  mutating func canonical(_ values: [ValueID]) throws(VMapError) -> [BatchedValue] {
    var results: [BatchedValue] = []
    for value in values {
      results.append(try arrange(try batched(value), as: source.types[value].canonicalLayout))
    }
    return results
  }

  func extent(of axis: Int) throws(VMapError) -> Int {
    if source.axes.indices.contains(axis), let extent = source.axes[axis].extent.constant {
      return extent
    }
    throw VMapError(.invalidArgument, "the extent of axis \(axis) is not a number")
  }

  func type(of value: BatchedValue) -> ValueType { builder.type(of: value.id) }
  func element(of value: BatchedValue) -> ElementType { type(of: value).element }

  /// The shape of a value of the batched program.
  func shape(of value: BatchedValue) throws(VMapError) -> [Int] {
    try type(of: value).tensorType(for: "a batch").shape
  }

  /// The shape of one example of a value.
  func exampleShape(of value: BatchedValue) throws(VMapError) -> [Int] {
    let shape = try shape(of: value)
    return (0..<value.rank).map { shape[value.layout.position(of: $0)] }
  }

  /// The type in the batched program of a value that lies as a layout says.
  func physicalType(
    of type: ValueType, _ layout: [BatchedDimension]
  ) throws(VMapError) -> ValueType {
    let shape = try physicalShape(try type.tensorType(for: "a batch").shape, layout)
    return ValueType(type.element, shape.map(Extent.constant))
  }

  func physicalShape(
    _ exampleShape: [Int], _ layout: [BatchedDimension]
  ) throws(VMapError) -> [Int] {
    var shape: [Int] = []
    for label in layout {
      switch label {
      case .axis(let axis): shape.append(try extent(of: axis))
      case .dimension(let dimension): shape.append(exampleShape[dimension])
      }
    }
    return shape
  }

  // MARK: Instructions

  /// Writes an operation down and gives its results.
  mutating func emit(
    _ operation: any Operation, _ operands: [ValueID], regions: [Region] = []
  ) throws(VMapError) -> [ValueID] {
    let results = try builder.emit(operation, operands, regions: regions)
    for result in results {
      _ = try builder.type(of: result).tensorType(for: operation.name).shape.elementCount()
    }
    return results
  }

  /// Writes an operation with one result down, which lies as a layout says.
  mutating func emit(
    _ operation: any Operation, _ operands: [BatchedValue], as layout: [BatchedDimension]
  ) throws(VMapError) -> BatchedValue {
    let results = try emit(operation, operands.map(\.id))
    guard results.count == 1 else {
      throw VMapError(.internalInconsistency, "\(operation.name) has not one result")
    }
    return BatchedValue(id: results[0], layout: layout)
  }

  mutating func constant(_ value: ScalarLiteral) throws(VMapError) -> BatchedValue {
    try emit(Literal(value: value), [], as: [])
  }

  /// Writes a region; the function adds its parameters and gives its results.
  mutating func makeRegion(
    _ write: (inout BatchedBuilder) throws(VMapError) -> [BatchedValue]
  ) throws(VMapError) -> Region {
    builder.openRegion()
    return builder.closeRegion(results: try write(&self).map(\.id))
  }

  /// The regions of an instruction that are functions of elements: elements are elements in a batch, too.
  ///
  /// What they use of the regions around them varies over nothing.
  mutating func elementRegions(of instruction: Instruction) throws(VMapError) -> [Region] {
    var regions: [Region] = []
    for region in instruction.regions {
      regions.append(
        try makeRegion { builder throws(VMapError) in
          for parameter in region.parameters {
            builder.values[parameter] = builder.addParameter(
              builder.source.types[parameter].element)
          }
          try builder.append(region.instructions)
          var results: [BatchedValue] = []
          for result in region.results { results.append(try builder.batched(result)) }
          return results
        })
    }
    return regions
  }

  /// Adds a scalar parameter to the region that is being written.
  mutating func addParameter(_ element: ElementType) -> BatchedValue {
    BatchedValue(id: builder.addParameter(ValueType(element, [])), layout: [])
  }

  /// Adds parameters to the region that is being written, for those of a region of the program.
  @discardableResult
  mutating func addParameters(_ parameters: [ValueID]) throws(VMapError) -> [BatchedValue] {
    var results: [BatchedValue] = []
    for parameter in parameters {
      let layout = source.types[parameter].canonicalLayout
      let type = try physicalType(of: source.types[parameter], layout)
      let value = BatchedValue(id: builder.addParameter(type), layout: layout)
      values[parameter] = value
      results.append(value)
    }
    return results
  }

  /// The program whose body is a region that has been written.
  mutating func finish(_ body: Region) -> Program {
    var program = builder.finish(body)
    program.inputCount = source.inputCount
    return program
  }
}
