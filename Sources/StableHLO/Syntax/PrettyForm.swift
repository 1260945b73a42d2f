/// How an operation is written in the pretty form, as far as it differs from others.
///
/// Nearly all are `name %operand, …, key = value, … {attributes} : types`.
struct PrettyForm {
  /// Which of the types behind the colon are those of the results, where no arrow says it.
  enum Results { case none, last, all }

  /// What attributes are called in the generic form, by the key that is written.
  var keys: [String: String] = [:]
  /// The attributes that are written without a key, in order.
  var positional: [String] = []
  var results = Results.last
  /// Whether `<@mesh, [{"axis"}]>` follows the operand: where a tensor lies among devices.
  var hasSharding = false

  /// The names of the generic form, for names that are written shorter.
  static let fullNames = ["call": "func.call", "return": "func.return"]

  /// The form of an operation, by its name in the generic form.
  static func of(_ name: String) -> PrettyForm {
    forms[name] ?? (name.hasPrefix("check.") ? PrettyForm(results: .none) : PrettyForm())
  }

  private static let forms: [String: PrettyForm] = [
    "check.expect_eq_const": PrettyForm(positional: ["value"], results: .none),
    "check.expect_almost_eq_const": PrettyForm(positional: ["value"], results: .none),
    "chlo.constant": PrettyForm(positional: ["value"]),
    "func.call": PrettyForm(positional: ["callee"], results: .none),
    "func.return": PrettyForm(results: .none),
    "sdy.sharding_constraint": PrettyForm(hasSharding: true),
    "stablehlo.after_all": PrettyForm(),
    "stablehlo.broadcast": PrettyForm(keys: ["sizes": "broadcast_sizes"]),
    "stablehlo.broadcast_in_dim": PrettyForm(keys: ["dims": "broadcast_dimensions"]),
    "stablehlo.compare": PrettyForm(positional: ["comparison_direction", "compare_type"]),
    "stablehlo.composite": PrettyForm(positional: ["name"]),
    "stablehlo.concatenate": PrettyForm(keys: ["dim": "dimension"]),
    "stablehlo.constant": PrettyForm(positional: ["value"]),
    "stablehlo.convolution": PrettyForm(keys: ["dim_numbers": "dimension_numbers"]),
    "stablehlo.custom_call": PrettyForm(positional: ["call_target_name"], results: .none),
    "stablehlo.dynamic_iota": PrettyForm(keys: ["dim": "iota_dimension"]),
    "stablehlo.dynamic_slice": PrettyForm(keys: ["sizes": "slice_sizes"]),
    "stablehlo.fft": PrettyForm(keys: ["type": "fft_type", "length": "fft_length"]),
    "stablehlo.get_dimension_size": PrettyForm(keys: ["dim": "dimension"]),
    "stablehlo.iota": PrettyForm(keys: ["dim": "iota_dimension"]),
    "stablehlo.optimization_barrier": PrettyForm(results: .all),
    "stablehlo.pad": PrettyForm(keys: [
      "low": "edge_padding_low", "high": "edge_padding_high", "interior": "interior_padding",
    ]),
    "stablehlo.return": PrettyForm(results: .none),
    "stablehlo.reverse": PrettyForm(keys: ["dims": "dimensions"]),
    "stablehlo.rng": PrettyForm(keys: ["distribution": "rng_distribution"]),
    "stablehlo.rng_bit_generator": PrettyForm(keys: ["algorithm": "rng_algorithm"]),
    "stablehlo.trace": PrettyForm(positional: ["tag"], results: .none),
    "stablehlo.transpose": PrettyForm(keys: ["dims": "permutation"]),
  ]
}

extension Parser {
  /// An operation without quotes around its name.
  mutating func prettyOperation() throws(StableHLOError) -> (Operation, [TypeSyntax]) {
    let start = token.range.lowerBound
    let written = try take(.word, "an operation")
    let name = PrettyForm.fullNames[written] ?? written
    switch name {
    case "stablehlo.while" where isAt("("): return try prettyWhile()
    case "stablehlo.reduce" where isAt("("): return try prettyReduce()
    default: break
    }
    guard name.contains(".") else {
      throw error("expected an operation, found \"\(name)\"", at: start)
    }
    let form = PrettyForm.of(name)
    var operation = Operation(name: name)
    if isAt("{") { operation.attributes = try attributeDictionary("{", "}") }
    var positional = form.positional[...]
    while !operation.hasConstant, try prettyItem(&operation, form, &positional) {
      _ = try skip(",")
    }
    if form.hasSharding { try skipBalanced("<", ">") }
    if isAt("{") {
      operation.attributes.merge(try attributeDictionary("{", "}")) { first, _ in first }
    }
    if case .dense(let value)? = operation.attributes["value"] {
      // The type of a constant stands behind its elements.
      return (operation, form.results == .none ? [] : [.tensor(value.type)])
    }
    guard try skip(":") else { return (operation, []) }
    return (operation, try prettyTypes(operation, form))
  }

  /// An operand, `key = value`, an attribute without a key, or several of them in parentheses; false
  /// where none follows.
  private mutating func prettyItem(
    _ operation: inout Operation, _ form: PrettyForm, _ positional: inout ArraySlice<String>
  ) throws(StableHLOError) -> Bool {
    let start = token.range.lowerBound
    switch token.kind {
    case .value: operation.operands.append(try use())
    case .word:
      let word = text
      try advance()
      if try skip("=") {
        operation.attributes[form.keys[word] ?? word] = try product()
      } else {
        try seek(to: start)
        guard let name = positional.popFirst() else { throw expected("an operand or types") }
        operation.attributes[name] = try attribute()
      }
    case .symbol, .string, .attributeName:
      guard let name = positional.popFirst() else { throw expected("an operand or types") }
      operation.attributes[name] = try attributeWithoutType()
    case .punctuation where isAt("("):
      try advance()
      while try prettyItem(&operation, form, &positional) { _ = try skip(",") }
      try expect(")")
    case .punctuation where isAt("[") && operation.name == "stablehlo.slice":
      try sliceRanges(&operation)
    default: return false
    }
    return true
  }

  /// A string, a symbol or a name: behind it a colon begins the types of the operation.
  private mutating func attributeWithoutType() throws(StableHLOError) -> AttributeSyntax {
    token.kind == .string ? .string(try stringValue()) : try attribute()
  }

  /// The types behind the colon; gives those of the results.
  private mutating func prettyTypes(
    _ operation: Operation, _ form: PrettyForm
  ) throws(StableHLOError) -> [TypeSyntax] {
    let start = token.range.lowerBound
    if isAt("(") { return try functionType(of: operation) }
    var types: [TypeSyntax] = []
    repeat { types.append(try type()) } while try skip(",")
    if try skip("->") {
      try check(operation, types, at: start)
      return try resultTypes()
    }
    switch form.results {
    case .all: return types
    case .last: return [types[types.count - 1]]
    case .none:
      // One type may stand for all operands.
      if types.count > 1 || operation.isReturn { try check(operation, types, at: start) }
      return []
    }
  }

  /// `[0:2, 1:9:3]`.
  private mutating func sliceRanges(_ operation: inout Operation) throws(StableHLOError) {
    var parts: [[AttributeSyntax]] = [[], [], []]
    try list("[", "]") { parser throws(StableHLOError) in
      for part in 0..<3 {
        if part == 2, !parser.isAt(":") {
          parts[part].append(.integer(1))
          continue
        }
        if part > 0 { try parser.expect(":") }
        let start = parser.token.range.lowerBound
        guard let number = Int(try parser.take(.integer, "a number")) else {
          throw parser.error("expected a number", at: start)
        }
        parts[part].append(.integer(number))
      }
    }
    for (name, part) in zip(["start_indices", "limit_indices", "strides"], parts) {
      operation.attributes[name] = .array(part)
    }
  }
}

extension Operation {
  /// Whether a constant has been read, with the type behind it, which ends the operation.
  fileprivate var hasConstant: Bool {
    if case .dense? = attributes["value"] { true } else { false }
  }
}
