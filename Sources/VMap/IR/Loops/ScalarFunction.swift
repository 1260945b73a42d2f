/// A function of scalars in the loop form of a program: what code generation sees of an operation.
///
/// It knows how it is spelled in OpenCL C for any lane count and what it costs, so that scheduling
/// and code generation need no names of operations.
struct ScalarFunction: Hashable, Sendable {
  /// How one application is written: operand texts, operand type, result type.
  typealias Spelling =
    @Sendable (_ operands: [String], _ operand: VectorType, _ result: VectorType) -> String

  /// Which operand an application comes to where it is that for all numbers, and for those that are
  /// none: by the operands that are known, and the type.
  typealias Folding = @Sendable (_ numbers: [Double?], _ type: ElementType) -> Int?

  /// An expression that is cheaper than an application and always the same, by what its operands are.
  typealias Rewriting =
    @Sendable (_ operands: [Expression], _ type: ElementType, _ graph: ExpressionGraph)
    -> Expression?

  let name: String
  /// Cost of one element in fused multiply-adds, roughly.
  let cost: Int
  /// The function of the kernel library that the spelling calls, if any.
  let library: String?
  let spelling: Spelling
  /// Index of the operand whose type the spelling is given; the others may be masks.
  let typedOperand: Int
  /// What it does to floating-point numbers of fewer bits than registers have.
  let narrowing: Narrowing
  let folding: Folding?
  let rewriting: Rewriting?

  /// How a function of numbers of 16 bits is computed, which registers hold as wider ones.
  enum Narrowing: Sendable {
    /// In the wider type; the result is rounded.
    case rounded
    /// In the wider type; the result is one of the narrow type's without rounding.
    case exact
    /// On the bits that are stored.
    case bits
  }

  init(
    _ name: String, cost: Int = 1, library: String? = nil, typedOperand: Int = 0,
    narrowing: Narrowing = .rounded, folding: Folding? = nil, rewriting: Rewriting? = nil,
    spelling: @escaping Spelling
  ) {
    self.name = name
    self.cost = cost
    self.library = library
    self.typedOperand = typedOperand
    self.narrowing = narrowing
    self.folding = folding
    self.rewriting = rewriting
    self.spelling = spelling
  }

  static func == (a: ScalarFunction, b: ScalarFunction) -> Bool { a.name == b.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ScalarFunction {
  /// The second operand where the first holds, else the third.
  static let select = ScalarFunction(
    "select", typedOperand: 1, narrowing: .exact,
    folding: { numbers, _ in numbers[0].map { $0 != 0 ? 1 : 2 } }
  ) { operands, type, _ in
    type.select(operands[0], operands[1], operands[2])
  }
}
