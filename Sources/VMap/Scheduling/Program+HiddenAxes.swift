extension Program {
  /// For values that a loop makes together with others that vary over more axes, and for those made of
  /// them, the axes that they do not vary over themselves.
  var hiddenAxes: [ValueID: [Int]] {
    var hidden: [ValueID: AxisSet] = [:]
    body.forEachInstruction { instruction in
      var all = AxisSet.none
      if instruction.operation.isLoop {
        for result in instruction.results { all = all.union(types[result].axes) }
      }
      if !hidden.isEmpty {
        for operand in instruction.operands { all = all.union(hidden[operand] ?? .none) }
        for region in instruction.regions {
          for value in region.captures() { all = all.union(hidden[value] ?? .none) }
        }
      }
      if all.isEmpty { return }
      for result in instruction.results {
        let own = types[result].axes
        let others = AxisSet(all.ids.filter { !own.contains($0) })
        if !others.isEmpty { hidden[result] = others }
      }
    }
    return hidden.mapValues(\.ids)
  }
}
