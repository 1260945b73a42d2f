/// An operation applied to each element: operands of one shape, where a scalar stands for every index.
struct Elementwise: Operation {
  /// What the operand types must be and what the result is.
  struct Signature: Sendable {
    let arity: Int
    /// The result's element type, or nil where the operands' types are not taken.
    let result: @Sendable ([ElementType]) -> ElementType?
    /// In words, for the error.
    let expectation: String
  }

  /// The meaning of one element.
  typealias Meaning =
    @Sendable (_ operands: [Expression], _ types: [ElementType], LoopBuilder) -> Expression

  let name: String
  let signature: Signature
  /// What StableHLO and its extensions call the operation, if they have it.
  let stableHLO: String?
  let meaning: Meaning

  var repeatsScalars: Bool { true }

  func checkRagged(_ operands: [TensorType]) {}

  init(
    _ name: String, _ signature: Signature, stableHLO: String? = nil, meaning: @escaping Meaning
  ) {
    self.name = name
    self.signature = signature
    self.stableHLO = stableHLO
    self.meaning = meaning
  }

  /// An operation that is one scalar function.
  init(
    _ name: String, _ signature: Signature, _ function: ScalarFunction, stableHLO: String? = nil
  ) {
    self.init(name, signature, stableHLO: stableHLO) { operands, types, loops in
      loops.apply(function, operands, signature.result(types) ?? types[0])
    }
  }

  /// Every elementwise operation without attributes, by the file that holds it.
  static let all: [Elementwise] =
    [
      arithmetic, complexParts, comparison, logic, rounding, exponential, trigonometric, hyperbolic,
      special, selection,
    ].flatMap { $0 }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The name here of an operation of StableHLO or CHLO: an operation may be in both dialects.
  static func name(stableHLO name: String) -> String? {
    namesByStableHLO[name.withoutDialect]
  }

  private static let namesByStableHLO = Dictionary(
    all.compactMap { operation in
      operation.stableHLO.map { ($0.withoutDialect, operation.name) }
    }
  ) { first, _ in first }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    guard let operation = byName[name] else {
      throw VMapError(.parse, "there is no operation named \(name)")
    }
    return operation
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    guard operands.count == signature.arity else {
      throw VMapError(
        .invalidArgument,
        "\(name): takes \(quantity(signature.arity, "operand")), got \(operands.count)")
    }
    let types = operands.map(\.element)
    guard let result = signature.result(types) else {
      throw VMapError(
        .typeMismatch,
        "\(name): takes \(signature.expectation), got \(types.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let shapes = operands.map(\.shape).filter { !$0.isEmpty }
    guard let shape = shapes.first else { return [TensorType(element: result, shape: [])] }
    guard shapes.allSatisfy({ $0 == shape }) else {
      throw VMapError(
        .shapeMismatch,
        "\(name): shapes \(operands.map(\.shape.shapeText).joined(separator: ", ")) differ")
    }
    return [TensorType(element: result, shape: shape)]
  }

  func layout(
    _ operands: [ElementLayout], of types: [ValueType], as type: ValueType
  ) -> ElementLayout? {
    ElementLayout(combining: operands, as: type)
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    [meaning(operands.map { $0.broadcast(index) }, operands.map(\.type.element), loops)]
  }
}

extension Elementwise.Signature {
  private static func same(
    _ arity: Int, _ expectation: String, _ accepts: @escaping @Sendable (ElementType) -> Bool
  ) -> Self {
    Self(
      arity: arity,
      result: { types in
        types.allSatisfy { $0 == types[0] } && accepts(types[0]) ? types[0] : nil
      },
      expectation: arity == 1 ? expectation : "\(expectation)s of one type")
  }

  /// Numbers of one type, complex ones too, to the same type.
  static func numbers(_ arity: Int) -> Self { same(arity, "number") { $0 != .bool } }
  /// Real numbers of one type, to the same type.
  static func reals(_ arity: Int) -> Self {
    same(arity, "real number") { $0 != .bool && !$0.isComplex }
  }
  /// Real numbers or truth values of one type, to the same type.
  static func ordered(_ arity: Int) -> Self {
    same(arity, "real number or bool") { !$0.isComplex }
  }
  /// Floating-point numbers of one type, to the same type.
  static func floats(_ arity: Int) -> Self {
    same(arity, "floating-point number") { $0.isFloating }
  }
  /// Floating-point or complex numbers of one type, to the same type.
  static func inexact(_ arity: Int) -> Self {
    same(arity, "floating-point or complex number") { $0.isInexact }
  }
  /// Complex numbers of one type, to the same type.
  static func complex(_ arity: Int) -> Self { same(arity, "complex number") { $0.isComplex } }
  /// Numbers, to the type of their magnitudes or parts.
  static func parts(
    _ expectation: String, _ accepts: @escaping @Sendable (ElementType) -> Bool
  ) -> Self {
    Self(
      arity: 1, result: { accepts($0[0]) ? $0[0].part : nil }, expectation: expectation)
  }
  /// Signed numbers of one type, to the same type.
  static func integers(_ arity: Int) -> Self { same(arity, "integer") { $0.isInteger } }
  /// Integers or truth values of one type, to the same type.
  static func bits(_ arity: Int) -> Self { same(arity, "integer or bool") { !$0.isInexact } }

  /// Elements of one type, to a truth value.
  static func predicate(
    _ arity: Int, _ expectation: String = "elements of one type",
    _ accepts: @escaping @Sendable (ElementType) -> Bool = { _ in true }
  ) -> Self {
    Self(
      arity: arity,
      result: { types in
        types.allSatisfy { $0 == types[0] } && accepts(types[0]) ? .bool : nil
      },
      expectation: expectation)
  }
}

extension String {
  /// `add` of `stablehlo.add`.
  fileprivate var withoutDialect: Substring {
    for dialect in ["stablehlo.", "chlo."] where hasPrefix(dialect) {
      return dropFirst(dialect.count)
    }
    return self[...]
  }
}
