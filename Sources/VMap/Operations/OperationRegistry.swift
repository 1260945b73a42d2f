/// Every operation by name: what a printed program is made of.
enum OperationRegistry {
  /// Operations that are made by one type.
  private struct Entry: Sendable {
    let names: [String]
    let operands: ClosedRange<Int>
    let type: any Operation.Type
    /// What the printed form calls the regions.
    var regions: [String] = []
  }

  /// The operations with attributes or regions, one line for each type.
  private static let structured: [Entry] = [
    Entry(names: ["all_gather"], operands: 1...1, type: AllGather.self),
    Entry(names: ["argmax", "argmin"], operands: 1...1, type: ArgReduce.self),
    Entry(names: ["axis_index"], operands: 0...0, type: AxisIndex.self),
    Entry(names: ["bind_axis"], operands: 1...1, type: BindAxis.self),
    Entry(names: ["bind_ragged"], operands: 1...1, type: BindRagged.self),
    Entry(names: ["broadcast_in_dim"], operands: 1...1, type: Broadcast.self),
    Entry(names: ["concatenate"], operands: 1...Int.max, type: Concatenate.self),
    Entry(names: ["constant"], operands: 0...0, type: Literal.self),
    Entry(
      names: ["convert_element_type", "bitcast_convert_type"], operands: 1...1, type: Convert.self),
    Entry(names: ["conv_general_dilated"], operands: 2...2, type: Convolution.self),
    Entry(names: Cumulative.Kind.allCases.map(\.rawValue), operands: 1...1, type: Cumulative.self),
    Entry(names: ["dot_general"], operands: 2...2, type: DotGeneral.self),
    Entry(names: ["dynamic_slice"], operands: 1...Int.max, type: DynamicSlice.self),
    Entry(names: ["dynamic_update_slice"], operands: 2...Int.max, type: DynamicUpdateSlice.self),
    Entry(names: ["gather"], operands: 2...2, type: Gather.self),
    Entry(names: ["get_dimension_size"], operands: 1...1, type: DimensionSize.self),
    Entry(names: ["integer_pow"], operands: 1...1, type: IntegerPower.self),
    Entry(names: ["iota"], operands: 0...0, type: Iota.self),
    Entry(names: ["map"], operands: 1...Int.max, type: Map.self, regions: ["function"]),
    Entry(names: ["optimization_barrier"], operands: 1...1, type: Barrier.self),
    Entry(names: ["pad"], operands: 2...2, type: Pad.self),
    Entry(names: Reduce.Kind.allCases.map(\.rawValue), operands: 1...1, type: Reduce.self),
    Entry(
      names: Reduce.Kind.allCases.map { AxisReduce(kind: $0, axis: 0).name }, operands: 1...1,
      type: AxisReduce.self),
    Entry(
      names: Reduce.Kind.allCases.map { AxisBlocks(kind: $0, axis: 0).name }, operands: 1...1,
      type: AxisBlocks.self),
    Entry(
      names: Reduce.Kind.allCases.map { MergeBlocks(kind: $0).name }, operands: 1...1,
      type: MergeBlocks.self),
    Entry(
      names: ["reduce"], operands: 2...Int.max, type: ReduceWith.self, regions: ["combine"]),
    Entry(
      names: ["reduce_window"], operands: 2...Int.max, type: ReduceWindow.self,
      regions: ["combine"]),
    Entry(names: ["reduce_precision"], operands: 1...1, type: ReducePrecision.self),
    Entry(names: ["reshape"], operands: 1...1, type: Reshape.self),
    Entry(names: ["rev"], operands: 1...1, type: Reverse.self),
    Entry(names: ["scatter"], operands: 3...Int.max, type: Scatter.self, regions: ["update"]),
    Entry(names: ["searchsorted"], operands: 2...2, type: SearchSorted.self),
    Entry(
      names: ["select_and_scatter"], operands: 3...3, type: SelectAndScatter.self,
      regions: ["select", "scatter"]),
    Entry(names: ["slice"], operands: 1...1, type: Slice.self),
    Entry(names: ["sort"], operands: 1...Int.max, type: Sort.self, regions: ["before"]),
    Entry(names: ["take"], operands: 2...2, type: Take.self),
    Entry(names: ["top_k"], operands: 1...1, type: TopK.self),
    Entry(names: ["transpose"], operands: 1...1, type: Transpose.self),
    Entry(names: ["unbind_axis"], operands: 1...1, type: UnbindAxis.self),
    Entry(names: ["unbind_ragged"], operands: 1...1, type: UnbindRagged.self),
    Entry(names: ["while"], operands: 0...Int.max, type: While.self, regions: ["cond", "body"]),
  ]

  private static let byName: [String: Entry] = {
    let elementwise = Elementwise.all.map {
      Entry(
        names: [$0.name], operands: $0.signature.arity...$0.signature.arity,
        type: Elementwise.self)
    }
    let pairs = (structured + elementwise).flatMap { entry in entry.names.map { ($0, entry) } }
    return Dictionary(pairs) { first, _ in first }
  }()

  /// The names of all operations, sorted.
  static var names: [String] { byName.keys.sorted() }

  /// How many operands an operation takes, or nil where there is none of that name.
  static func operandCount(of name: String) -> ClosedRange<Int>? { byName[name]?.operands }

  /// What the printed form calls an operation's regions, in order.
  static func regionNames(of name: String) -> [String] { byName[name]?.regions ?? [] }

  /// Makes an operation from its name and what is printed in brackets after it.
  static func make(name: String, attributes: [Attribute]) throws(VMapError) -> any Operation {
    guard let entry = byName[name] else {
      throw VMapError(.parse, "there is no operation named \(name)")
    }
    let made = try entry.type.make(
      name: name, attributes: Attributes(operation: name, attributes))
    // What is printed does not tell roles.
    let given = Set(attributes.map { Attribute($0.name, $0.value) })
    let expected = Set(made.attributes.map { Attribute($0.name, $0.value) })
    guard expected == given, expected.count == attributes.count else {
      throw VMapError(
        .parse,
        "\(name): takes the attributes [\(made.attributes.map(\.name).joined(separator: " "))], "
          + "got [\(attributes.map(\.text).joined(separator: " "))]")
    }
    return made
  }
}
