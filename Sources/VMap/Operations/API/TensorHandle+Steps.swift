/// What the functions on tensors are made of: steps that may fail, and one place that keeps failures.
extension TensorHandle {
  /// The shape as numbers, which a trace then holds fixed.
  var sizes: [Int] {
    if case .traced(let trace, let value) = current { trace.pinExtents(of: value) }
    return shape
  }

  /// Runs steps on operands; what fails is recorded by the trace they belong to, or kept until the
  /// result is read.
  ///
  /// An operand that failed before is passed on, so that the first failure is the one reported.
  static func checked(
    _ operands: [TensorHandle], as element: ElementType, _ steps: () throws -> TensorHandle
  ) -> TensorHandle {
    var trace: Trace?
    var failure: VMapError?
    for operand in operands {
      switch operand.current {
      case .traced(let owner, _): trace = trace ?? owner
      case .failed(let error): failure = failure ?? error
      case .ragged: failure = failure ?? TensorHandle.hasNoOneShape
      case .stored, .recorded: break
      }
    }
    do {
      if let failure { throw failure }
      return try steps()
    } catch {
      let error = VMapError(caught: error)
      trace?.record(error)
      return .failed(error, element)
    }
  }

  /// Applies an operation with one result as a step.
  static func step(
    _ operation: any Operation, _ operands: TensorHandle...
  ) throws(VMapError) -> TensorHandle {
    try step(operation, operands)
  }

  /// Applies an operation with one result as a step.
  static func step(
    _ operation: any Operation, _ operands: [TensorHandle]
  ) throws(VMapError) -> TensorHandle {
    let result = apply(operation, operands)
    if case .failed(let error) = result.current { throw error }
    return result
  }

  /// Applies an elementwise operation to operands brought to one shape as NumPy does; a scalar stays
  /// one.
  static func elementwise(
    _ name: String, _ operands: TensorHandle...
  ) throws(VMapError) -> TensorHandle {
    let operation = try Elementwise.make(
      name: name, attributes: Attributes(operation: name, []))
    return try step(operation, operands.count == 1 ? operands : broadcast(operands, for: name))
  }

  /// A scalar constant.
  static func constant(_ value: Double, _ element: ElementType) -> TensorHandle {
    apply(Literal(value: ScalarLiteral(value, as: element)), [])
  }

  /// An integer constant.
  static func integer(_ value: Int, _ element: ElementType) -> TensorHandle {
    apply(Literal(value: ScalarLiteral(integer: Int64(value), as: element)), [])
  }

  /// The elements in another type; nothing where it is the same.
  func converted(to element: ElementType) throws(VMapError) -> TensorHandle {
    if element == self.element { return self }
    return try .step(Convert(target: element, keepsBits: false), self)
  }
}

extension Tensor {
  /// A tensor made in steps that may fail.
  init(_ operands: TensorHandle..., steps: () throws -> TensorHandle) {
    self.init(handle: .checked(operands, as: Scalar.elementType, steps))
  }

  /// A tensor made by one elementwise operation.
  init(elementwise name: String, _ operands: TensorHandle...) {
    self.init(
      handle: .checked(operands, as: Scalar.elementType) {
        switch operands.count {
        case 1: try .elementwise(name, operands[0])
        case 2: try .elementwise(name, operands[0], operands[1])
        default: try .elementwise(name, operands[0], operands[1], operands[2])
        }
      })
  }
}

extension TensorScalar {
  /// The value as a tensor of rank 0.
  var constant: TensorHandle { .apply(Literal(value: literal), []) }
}
