/// A region without the names of what it makes: equal for regions that compute the same of the same values.
struct RegionForm: Hashable {
  private enum Value: Hashable {
    /// What the region or one around it makes, by when.
    case own(Int)
    case outer(ValueID)
  }

  private struct Step: Hashable {
    let name: String
    let attributes: [Attribute]
    let operands: [Value]
    let regions: [RegionForm]
  }

  private let parameters: [ValueType]
  private let steps: [Step]
  private let results: [Value]

  init(_ region: Region, types: (ValueID) -> ValueType) {
    var numbers: [ValueID: Int] = [:]
    self.init(region, types, &numbers)
  }

  private init(_ region: Region, _ types: (ValueID) -> ValueType, _ numbers: inout [ValueID: Int]) {
    func add(_ values: [ValueID]) { for value in values { numbers[value] = numbers.count } }
    func form(_ value: ValueID) -> Value { numbers[value].map(Value.own) ?? .outer(value) }
    add(region.parameters)
    parameters = region.parameters.map(types)
    var steps: [Step] = []
    for instruction in region.instructions {
      let operands = instruction.operands.map(form)
      let regions = instruction.regions.map { RegionForm($0, types, &numbers) }
      steps.append(
        Step(
          name: instruction.operation.name, attributes: instruction.operation.attributes,
          operands: operands, regions: regions))
      add(instruction.results)
    }
    self.steps = steps
    results = region.results.map(form)
  }
}
