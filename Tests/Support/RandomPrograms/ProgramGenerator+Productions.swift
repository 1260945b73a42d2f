@testable import VMap

extension ProgramGenerator {
  /// How often each kind of operation is chosen.
  static let weights: [(name: String, weight: Int, production: Production)] = [
    ("elementwise", 20, { $0.elementwise() }),
    ("convert", 4, { $0.convert() }),
    ("literal", 1, { $0.literal() }),
    ("iota", 2, { $0.iota() }),
    ("broadcast", 5, { $0.broadcast() }),
    ("reshape", 4, { $0.reshape() }),
    ("barrier", 1, { $0.barrier() }),
    ("transpose", 4, { $0.transpose() }),
    ("slice", 5, { $0.slice() }),
    ("reverse", 3, { $0.reverse() }),
    ("pad", 4, { $0.pad() }),
    ("concatenate", 4, { $0.concatenate() }),
    ("reduce", 9, { $0.reduce() }),
    ("argreduce", 4, { $0.argReduce() }),
    ("cumulative", 6, { $0.cumulative() }),
    ("sort", 4, { try $0.sort() }),
    ("topk", 3, { $0.topK() }),
    ("searchsorted", 3, { $0.searchSorted() }),
    ("map", 2, { try $0.map() }),
    ("reducewith", 3, { try $0.reduceWith() }),
    ("dot", 6, { $0.dot() }),
    ("convolution", 3, { $0.convolution() }),
    ("reducewindow", 3, { try $0.reduceWindow() }),
    ("selectandscatter", 2, { try $0.selectAndScatter() }),
    ("take", 4, { $0.take() }),
    ("gather", 3, { $0.gather() }),
    ("dynamicslice", 3, { $0.dynamicSlice() }),
    ("dynamicupdateslice", 3, { $0.dynamicUpdateSlice() }),
    ("scatter", 5, { try $0.scatter() }),
    ("fori", 5, { try $0.countedLoop() }),
    ("while", 2, { try $0.conditionedLoop() }),
    ("scan", 3, { try $0.scan() }),
    ("cond", 3, { try $0.branch() }),
    ("nestedmap", 4, { try $0.nestedMap() }),
    ("collective", 3, { try $0.collective() }),
    ("softmax", 3, { $0.softmax() }),
    ("diamond", 5, { $0.diamond() }),
    ("repeat", 4, { try $0.repeated() }),
  ]

  /// The productions of a program: in most, a few kinds are chosen far more often than others, so that
  /// they meet.
  static func productions(
    _ choices: inout Choices, _ options: Options
  ) -> [(weight: Int, element: Production)] {
    let kinds = weights.filter { !options.excluded.contains($0.name) }
    let favored = choices.chance(70) ? choices.number(in: 2...4) : 0
    let names = options.favored.union((0..<favored).map { _ in choices.element(of: kinds).name })
    return kinds.map { ($0.weight * (names.contains($0.name) ? 12 : 1), $0.production) }
  }

  // MARK: Values

  /// Writes down an operation with one result, or nothing where its rule does not take the operands.
  func emit(
    _ operation: any Operation, _ operands: [RandomValue], magnitude: Double? = nil,
    digits: Int?? = .none
  ) -> RandomValue? {
    guard let type = try? operation.resultTypes(operands.map(\.type)).first, fits(type.shape) else {
      return nil
    }
    let result = trace.emit(operation, operands.map(\.handle))[0]
    return tamed(
      RandomValue(
        result, magnitude: magnitude ?? operands.map(\.magnitude).max() ?? 1,
        digits: digits ?? greatestDigits(operands)))
  }

  /// The digits of elements that are moved, or nil where one value's are rounded.
  func greatestDigits(_ operands: [RandomValue]) -> Int? {
    var digits = 0
    for operand in operands {
      guard let own = operand.digits else { return nil }
      digits = max(digits, own)
    }
    return digits
  }

  func fits(_ shape: [Int]) -> Bool {
    shape.count <= 5 && shape.reduce(1, *) <= options.greatestCount
  }

  /// A value that is no greater than a few units, which small numbers are already.
  private func tamed(_ value: RandomValue) -> RandomValue {
    guard value.element.isInexact, value.magnitude > 64 else { return value }
    return shrunk(value, to: 8)
  }

  /// A value divided by a power of two until it is in a range.
  func shrunk(_ value: RandomValue, to limit: Double) -> RandomValue {
    guard value.element.isInexact, value.magnitude > limit, value.magnitude.isFinite else {
      return value
    }
    let exponent = Int((value.magnitude / limit).exponent) + 1
    let factor = constant(Double(sign: .plus, exponent: -exponent, significand: 1), value.element)
    let result = trace.emit(Elementwise.named("mul"), [value.handle, factor.handle])[0]
    return RandomValue(
      result, magnitude: value.magnitude * factor.magnitude,
      digits: value.digits.map { $0 + exponent })
  }

  /// A scalar constant.
  func constant(_ number: Double, _ type: ElementType) -> RandomValue {
    let literal = ScalarLiteral(number, as: type)
    let digits = number == number.rounded() ? 0 : max(0, -Int(number.ulpOfLastBit))
    return RandomValue(
      trace.emit(Literal(value: literal), [])[0], magnitude: number.magnitude, digits: digits)
  }

  /// An operation on elements that is known to take the operands.
  func apply(
    _ name: String, _ operands: RandomValue..., magnitude: Double? = nil, digits: Int?? = .none
  ) -> RandomValue {
    let handle = trace.emit(Elementwise.named(name), operands.map(\.handle))[0]
    return RandomValue(
      handle, magnitude: magnitude ?? operands.map(\.magnitude).max() ?? 1,
      digits: digits ?? greatestDigits(operands))
  }
}

extension Elementwise {
  private static let table = Dictionary(
    all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The operation of a name, which must be one.
  static func named(_ name: String) -> Elementwise {
    guard let operation = table[name] else { fatalError("there is no \(name)") }
    return operation
  }
}

extension Double {
  /// The exponent of the last bit that is set.
  fileprivate var ulpOfLastBit: Int {
    guard self != 0, isFinite else { return 0 }
    return Int(exponent) - significandWidth
  }
}
