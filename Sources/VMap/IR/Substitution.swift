/// Values that stand in the place of others.
struct Substitution: Sendable {
  private var values: [ValueID: ValueID] = [:]

  init() {}

  /// Of several for one value the first counts.
  init(_ pairs: some Sequence<(ValueID, ValueID)>) {
    values = Dictionary(pairs) { first, _ in first }
  }

  /// What stands in the place of a value: itself, where nothing else does.
  subscript(value: ValueID) -> ValueID {
    get { values[value] ?? value }
    set { values[value] = newValue }
  }

  subscript(list: [ValueID]) -> [ValueID] { values.isEmpty ? list : list.map { self[$0] } }
}

extension Region {
  /// The region with other values in the place of some that it uses.
  func replacing(_ substitution: Substitution) -> Region {
    var region = self
    region.instructions = instructions.map { instruction in
      var instruction = instruction
      instruction.operands = substitution[instruction.operands]
      instruction.regions = instruction.regions.map { $0.replacing(substitution) }
      return instruction
    }
    region.results = substitution[results]
    return region
  }
}
