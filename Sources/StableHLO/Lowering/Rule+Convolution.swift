import VMap

extension Rule {
  static let convolution: [String: Body] = [
    "stablehlo.convolution": { application in
      // Products are summed up in the type of the result.
      let element = try application.result().element
      let operands = try application.operands(2).map { try $0.converted(to: element) }
      let count = operands[0].type.shape.count - 2
      guard count >= 0 else { throw LoweringError.invalid("takes at least two dimensions") }
      let operation = application.operation
      let ones = [Int](repeating: 1, count: count)
      let zeros = [Int](repeating: 0, count: count)
      let strides = try window(operation, "window_strides", "stride")?.integers ?? ones
      let padding =
        try window(operation, "padding", "pad")?.pairs ?? zeros.map { [$0, 0] }
      let left = try window(operation, "lhs_dilation", "lhs_dilate")?.integers ?? ones
      let right = try window(operation, "rhs_dilation", "rhs_dilate")?.integers ?? ones
      let reversal = try window(operation, "window_reversal", "reverse")?.flags ?? zeros
      return [
        try .applying(
          "conv_general_dilated",
          [
            Attribute("batch_group_count", .integer(try operation.integer("batch_group_count"))),
            Attribute("dimension_numbers", .lists(try convolutionNumbers(operation))),
            Attribute(
              "feature_group_count", .integer(try operation.integer("feature_group_count"))),
            Attribute("lhs_dilation", .integers(left)),
            Attribute("padding", .lists(padding)),
            Attribute("rhs_dilation", .integers(right)),
            Attribute("window_reversal", .integers(reversal)),
            Attribute("window_strides", .integers(strides)),
          ], to: operands)
      ]
    }
  ]

  /// An attribute of the window by its names in the generic and in the pretty form, each kind of list
  /// with a name of its own; nil where it is left out.
  private static func window(
    _ operation: Operation, _ name: String, _ prettyName: String
  ) throws -> WindowAttribute? {
    if let value = operation.attributes[name] { return WindowAttribute(name: name, value: value) }
    guard let window = operation.attributes["window"] else { return nil }
    guard case .dictionary(let entries) = window else {
      throw LoweringError.invalid("the attribute window should be {stride = …}")
    }
    return entries[prettyName].map { WindowAttribute(name: prettyName, value: $0) }
  }

  private struct WindowAttribute {
    let name: String
    let value: AttributeSyntax

    var integers: [Int] { get throws { try required(value.integers, "integers") } }
    var pairs: [[Int]] { get throws { try required(value.integerPairs, "pairs of integers") } }
    var flags: [Int] {
      get throws { try required(value.truths.map { $0.map { $0 ? 1 : 0 } }, "truth values") }
    }

    private func required<T>(_ list: [T]?, _ kind: String) throws -> [T] {
      guard let list else { throw LoweringError.invalid("\(name) should be a list of \(kind)") }
      return list
    }
  }

  /// `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]` as places: of each the batch's or the features of the
  /// result, then the features, then the dimensions in space.
  private static func convolutionNumbers(_ operation: Operation) throws -> [[Int]] {
    guard case .product(let factors)? = operation.attributes["dimension_numbers"],
      factors.count == 3
    else {
      throw LoweringError.invalid(
        "dimension_numbers should be of the form [b, 0, f]x[0, i, o]->[b, 0, f]")
    }
    return try zip(factors, [["b", "f"], ["o", "i"], ["b", "f"]]).map { factor, names in
      guard case .array(let items) = factor else {
        throw LoweringError.invalid("dimension_numbers should be three lists")
      }
      var places: [String: Int] = [:]
      for (place, item) in items.enumerated() {
        switch item {
        case .word(let word): places[word] = place
        case .integer(let number): places["\(number)"] = place
        default: throw LoweringError.invalid("dimension_numbers should be letters and numbers")
        }
      }
      let order = names + (0..<max(0, items.count - 2)).map { "\($0)" }
      return try order.map { name in
        guard let place = places[name] else {
          throw LoweringError.invalid("dimension_numbers do not say where \(name) is")
        }
        return place
      }
    }
  }
}

extension AttributeSyntax {
  /// Pairs of integers, `[[1, 2], [3, 4]]` or `dense<…> : tensor<2x2xi64>`.
  fileprivate var integerPairs: [[Int]]? {
    if case .array(let items) = self {
      let pairs = items.compactMap(\.integers)
      return pairs.count == items.count ? pairs : nil
    }
    guard case .dense(let value) = self, value.type.shape.count == 2, value.type.shape[1] == 2,
      let integers
    else { return nil }
    return stride(from: 0, to: integers.count, by: 2).map { Array(integers[$0..<$0 + 2]) }
  }

  /// Truth values, `[false, true]`, `array<i1: false>` or `dense<false> : tensor<2xi1>`.
  fileprivate var truths: [Bool]? {
    switch self {
    case .array(let items):
      var truths: [Bool] = []
      for item in items {
        switch item {
        case .bool(let value): truths.append(value)
        case .integer(let value): truths.append(value != 0)
        default: return nil
        }
      }
      return truths
    case .dense(let value):
      guard value.type.element == "i1", value.type.shape.count == 1, !value.bytes.isEmpty else {
        return value.type.shape == [0] ? [] : nil
      }
      let truths = value.bytes.map { $0 != 0 }
      guard value.isSplat else { return truths }
      return value.type.shape[0] <= 1024
        ? [Bool](repeating: truths[0], count: value.type.shape[0]) : nil
    default: return nil
    }
  }
}
