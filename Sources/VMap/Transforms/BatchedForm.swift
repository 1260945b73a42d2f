/// The batched form of an operation, which follows from the roles of its attributes.
extension BatchedBuilder {
  /// Writes an operation on one example for whole batches, and gives its results.
  ///
  /// Operands that examples do not share are brought to lie alike, as the first of them does that has
  /// all axes and dimensions. Nothing else is transposed, but axes go in front where the operation gives
  /// its results a shape of their own, or works along the last dimension.
  ///
  /// - Parameter regions: Functions of elements, of the batched program.
  mutating func lift(
    _ operation: any Operation, _ operands: [BatchedValue], regions: [Region] = []
  ) throws(VMapError) -> [BatchedValue] {
    let shared = operation.sharedOperands(of: operands.count)
    let own = operands.indices.filter { !shared.contains($0) }
    let attributes = operation.attributes
    var layout = commonLayout(own.map { operands[$0] })
    if attributes.contains(where: { $0.role == .resultShape || $0.role == .lastDimension }) {
      layout = layout.axesFirst
    }
    let whole = own.first { operands[$0].rank == layout.rank }
    var arranged = operands
    for index in own where !(operation.repeatsScalars && operands[index].layout.isEmpty) {
      var shape: [Int]?
      if let whole, operands[index].rank < layout.rank {
        shape = try exampleShape(of: operands[whole])
      }
      arranged[index] = try arrange(operands[index], as: layout, shape: shape)
    }
    let form = BatchedForm(
      operand: layout, result: attributes.reduce(layout) { $1.resultLayout($0) },
      whole: whole.map { arranged[$0] })
    var lifted = operation
    if attributes.contains(where: { $0.role != .plain }) {
      var values: [Attribute] = []
      for attribute in attributes { values.append(try lift(attribute, form)) }
      // A view that leaves everything where it is only says what the dimensions are.
      if values.contains(where: \.isIdentity) {
        return [BatchedValue(id: arranged[0].id, layout: form.result)]
      }
      lifted = try Swift.type(of: operation).make(
        name: operation.name, attributes: Attributes(operation: operation.name, values))
    }
    return try emit(lifted, arranged.map(\.id), regions: regions).map {
      BatchedValue(id: $0, layout: form.result)
    }
  }

  /// How operands and results lie in a batch, and the first operand that has all dimensions.
  private struct BatchedForm {
    let operand: [BatchedDimension]
    let result: [BatchedDimension]
    let whole: BatchedValue?

    /// A list with an entry for each dimension of an example as one for the operands as they lie.
    func spread<T>(_ values: [T], axis: (_ position: Int) -> T) -> [T] {
      operand.indices.map { position in
        operand[position].dimension.map { values[$0] } ?? axis(position)
      }
    }
  }

  /// An attribute of an operation on one example as that of the one on whole batches.
  private func lift(
    _ attribute: Attribute, _ form: BatchedForm
  ) throws(VMapError) -> Attribute {
    let value: Attribute.Value
    switch (attribute.role, attribute.value) {
    case (.plain, _): return attribute
    case (.dimensions, .integer(let dimension)), (.lastDimension, .integer(let dimension)):
      value = .integer(form.operand.position(of: dimension))
    case (.dimensions, .integers(let dimensions)):
      value = .integers(form.operand.positions(of: dimensions))
    case (.removedDimensions, .integers(let dimensions)):
      value = .integers(form.operand.positions(of: dimensions).sorted())
    case (.eachDimension(let neutral), .integers(let values)):
      value = .integers(form.spread(values) { _ in neutral })
    case (.eachDimension(let neutral), .lists(let pairs)):
      value = .lists(form.spread(pairs) { _ in [neutral, neutral] })
    case (.eachSize, .integers(let values)):
      let sizes = try form.whole.map { whole throws(VMapError) in try shape(of: whole) } ?? []
      value = .integers(form.spread(values) { sizes[$0] })
    case (.resultShape, .integers(let shape)):
      value = .integers(try physicalShape(shape, form.result))
    case (.resultDimensions, .integers(let dimensions)):
      value = .integers(
        form.spread(form.result.positions(of: dimensions)) {
          form.result.position(of: form.operand[$0])
        })
    case (.permutation, .integers(let permutation)):
      value = .integers(
        form.result.map { label in
          form.operand.position(of: label.dimension.map { .dimension(permutation[$0]) } ?? label)
        })
    default:
      throw VMapError(
        .internalInconsistency, "\(attribute.text): a value of this kind cannot have its role")
    }
    return Attribute(attribute.name, value, attribute.role)
  }
}

extension Attribute {
  /// How the results lie where the operands lie as a layout says.
  fileprivate func resultLayout(_ layout: [BatchedDimension]) -> [BatchedDimension] {
    switch (role, value) {
    case (.removedDimensions, .integers(let dimensions)): layout.removing(dimensions)
    case (.resultShape, .integers(let shape)):
      layout.filter { $0.axis != nil } + shape.indices.map { .dimension($0) }
    case (.permutation, _): layout.axesFirst
    default: layout
    }
  }

  /// Whether it is a permutation that changes nothing.
  fileprivate var isIdentity: Bool {
    guard role == .permutation, case .integers(let order) = value else { return false }
    return order == Array(order.indices)
  }
}
