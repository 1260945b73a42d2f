@testable import VMap

/// Writes programs by way of a trace.
struct ProgramSketch {
  let trace = Trace(sizes: [Symbol(id: 0): 4, Symbol(id: 1): 2])

  func input(_ element: ElementType, _ shape: SketchedExtent...) -> TensorHandle {
    trace.makeInput(element, shape.map(\.extent))
  }

  func axis(_ extent: Extent, _ name: String? = nil) -> Int {
    trace.makeAxis(name: name, extent: extent)
  }

  func emit(_ operation: any Operation, _ operands: TensorHandle...) -> TensorHandle {
    trace.emit(operation, operands)[0]
  }

  /// An elementwise operation by its name.
  func apply(_ name: String, _ operands: TensorHandle...) -> TensorHandle {
    guard let operation = Elementwise.all.first(where: { $0.name == name }) else {
      return .failed(VMapError(.invalidArgument, "there is no \(name)"))
    }
    return trace.emit(operation, operands)[0]
  }

  func constant(_ value: Double, _ type: ElementType = .float32) -> TensorHandle {
    emit(Literal(value: ScalarLiteral(value, as: type)))
  }

  func bind(_ value: TensorHandle, _ axis: Int, _ dimension: Int = 0) -> TensorHandle {
    emit(BindAxis(axis: axis, dimension: dimension), value)
  }

  func unbind(_ value: TensorHandle, _ axis: Int, _ dimension: Int = 0) -> TensorHandle {
    emit(UnbindAxis(axis: axis, dimension: dimension), value)
  }

  func sum(_ value: TensorHandle, _ dimensions: Int...) -> TensorHandle {
    emit(Reduce(kind: .sum, dimensions: dimensions), value)
  }

  /// The product of matrices or vectors, over the last dimension of one and the first of the other.
  func product(_ left: TensorHandle, _ right: TensorHandle) -> TensorHandle {
    let last = left.shape.count - 1
    return emit(DotGeneral(contracting: ([last], [0]), batch: ([], [])), left, right)
  }

  /// A loop on a state of several values.
  func loop(
    _ state: [TensorHandle], while condition: @escaping ([TensorHandle]) -> TensorHandle,
    _ body: @escaping ([TensorHandle]) -> [TensorHandle]
  ) throws -> [TensorHandle] {
    let paths = state.indices.map { "tensor \($0) of the state" }
    let loop = LoopDescription(
      name: "while", paths: paths, condition: { condition($0) }, body: { body($0) })
    return try trace.loop(loop, from: state)
  }

  func finish(_ results: TensorHandle...) throws -> Program {
    try trace.finish(results: results)
  }
}

extension Program {
  /// The program for a batch of 4, and 2 on the second axis.
  var sized: Program { replacing([Symbol(id: 0): 4, Symbol(id: 1): 2]) }

  /// The names of the operations, those of regions after the one that holds them.
  var operationNames: [String] {
    var names: [String] = []
    body.forEachInstruction { instruction in
      if !(instruction.operation is Literal) { names.append(instruction.operation.name) }
    }
    return names
  }
}

extension Extent {
  static let n0 = Extent.symbol(Symbol(id: 0))
  static let n1 = Extent.symbol(Symbol(id: 1))
}

/// An extent that can be written as a number.
struct SketchedExtent: ExpressibleByIntegerLiteral {
  let extent: Extent

  static let n0 = SketchedExtent(extent: .n0)
  static let n1 = SketchedExtent(extent: .n1)

  init(extent: Extent) { self.extent = extent }
  init(integerLiteral value: Int) { extent = .constant(value) }
}
