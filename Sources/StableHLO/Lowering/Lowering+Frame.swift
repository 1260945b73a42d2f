import VMap

/// A value while a function is lowered.
enum Value {
  case tensor(AnyTensor)
  /// A value of a type that is not supported: it is only passed on.
  case opaque(TypeSyntax)
}

extension Lowering {
  /// The values of a function by slot, and those that are one constant everywhere.
  struct Frame {
    let function: Function
    var values: [Value?]
    var constants: [Slot: ScalarLiteral] = [:]

    init(_ function: Function) {
      self.function = function
      values = [Value?](repeating: nil, count: function.types.count)
    }

    /// What repeats a constant is one as well.
    mutating func passOnConstant(_ operation: Operation) {
      let names = ["stablehlo.broadcast_in_dim", "stablehlo.reshape", "stablehlo.transpose"]
      guard names.contains(operation.name), operation.operands.count == 1,
        operation.results.count == 1, let constant = constants[operation.operands[0]]
      else { return }
      constants[operation.results[0]] = constant
    }

    subscript(slots: [Slot]) -> [Value] {
      slots.map { values[$0] ?? .opaque(function.types[$0]) }
    }
  }

}
