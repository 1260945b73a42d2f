/// Recorded operations that go element by element, as a map over the elements: one program serves all
/// shapes.
private struct ElementwiseRun {
  let shape: [Int]
  /// The stored tensors of the shape.
  private(set) var leaves: [TensorHandle] = []
  /// Constants that fill the shape, and what fills it.
  private(set) var fillings: [(whole: TensorHandle, scalar: Recording)] = []
  private var seen: Set<ObjectIdentifier> = []

  /// Looks at recorded operations whose result has the shape; nil where others are among them.
  init?(_ recording: Recording, _ shape: [Int]) {
    self.shape = shape
    guard !shape.isEmpty, add(recording), !leaves.isEmpty else { return nil }
  }

  private mutating func add(_ recording: Recording) -> Bool {
    switch recording.operation {
    case is Elementwise, is IntegerPower, is ReducePrecision: break
    case let operation as Convert where !operation.keepsBits: break
    default: return false
    }
    for operand in recording.operands where seen.insert(ObjectIdentifier(operand)).inserted {
      guard add(operand) else { return false }
    }
    return true
  }

  private mutating func add(_ operand: TensorHandle) -> Bool {
    switch operand.current {
    case .recorded(let inner) where inner.isConstant && operand.shape.isEmpty: return true
    case .recorded(let inner) where operand.shape == shape:
      if inner.operation is Broadcast, inner.isConstant, inner.operands[0].shape.isEmpty,
        case .recorded(let scalar) = inner.operands[0].current
      {
        fillings.append((operand, scalar))
        return true
      }
      return add(inner)
    case .stored where operand.shape == shape:
      leaves.append(operand)
      return true
    case .stored: return operand.shape.isEmpty
    case .recorded, .traced, .ragged, .failed: return false
    }
  }
}

extension Recording {
  /// Runs recorded operations whose result has a shape, where all go element by element; nil where they
  /// do not.
  func runElementwise(_ shape: [Int]) throws(VMapError) -> Storage? {
    guard let run = ElementwiseRun(self, shape) else { return nil }
    let symbol = Symbol(id: 0)
    let sizes = [symbol: try shape.elementCount()]
    let trace = Trace(sizes: sizes)
    defer { trace.abandon() }
    let axis = trace.makeAxis(name: nil, extent: .symbol(symbol))
    var known: [ObjectIdentifier: TensorHandle] = [:]
    var inputs: [Storage] = []
    for leaf in run.leaves {
      let input = trace.makeInput(leaf.element, [.symbol(symbol)])
      known[ObjectIdentifier(leaf)] = trace.emit(BindAxis(axis: axis, dimension: 0), [input])[0]
      inputs.append(try leaf.storage())
    }
    for filling in run.fillings {
      known[ObjectIdentifier(filling.whole)] = try trace.replay(filling.scalar)
    }
    let element = try trace.replay(self, known: known)
    let whole = trace.emit(UnbindAxis(axis: axis, dimension: 0), [element])[0]
    let result = try trace.run([whole], inputs, sizes: sizes)[0]
    return Storage(element: result.element, shape: shape, buffer: result.buffer)
  }
}
