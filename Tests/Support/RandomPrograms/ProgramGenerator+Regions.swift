@testable import VMap

extension ProgramGenerator {
  /// Runs something with a pool of its own, which is gone afterwards, and in a deeper region.
  func inside<Result>(_ pool: [RandomValue], _ body: () throws -> Result) rethrows -> Result {
    let outer = (self.pool, depth, budget)
    defer { (self.pool, depth, budget) = outer }
    self.pool = pool
    depth += 1
    return try body()
  }

  /// Writes down an operation whose regions are functions of elements.
  func elementRegions(
    _ operation: any Operation, _ operands: [RandomValue],
    _ bodies: (([RandomValue]) -> [RandomValue])...
  ) throws -> [TensorHandle]? {
    guard let types = try? operation.resultTypes(operands.map(\.type)),
      types.allSatisfy({ fits($0.shape) })
    else { return nil }
    let magnitude = operands.map(\.magnitude).max() ?? 1
    let digits = greatestDigits(operands)
    return try trace.emit(
      operation, operands.map(\.handle),
      elementRegions: bodies.map { body in
        { handles in
          let elements = handles.map { RandomValue($0, magnitude: magnitude, digits: digits) }
          return body(elements).map(\.handle)
        }
      })
  }

  /// How an element is combined with what others have been combined to.
  struct Combiner {
    enum Kind: CaseIterable { case add, maximum, minimum, replace, mean, captured, exclusiveOr }

    let kind: Kind
    let captured: RandomValue?

    func callAsFunction(
      _ generator: ProgramGenerator, _ old: RandomValue, _ new: RandomValue
    ) -> RandomValue {
      let type = old.element
      switch kind {
      case .replace: return new
      case .maximum where !type.isComplex: return generator.apply("max", old, new)
      case .minimum where !type.isComplex: return generator.apply("min", old, new)
      case .mean where type.isFloating:
        let half = generator.constant(0.5, type)
        return generator.apply("add", generator.apply("mul", old, half), new)
      case .captured where captured?.element == type:
        guard let captured else { return new }
        let chosen = type == .bool ? "and" : type.isComplex ? "add" : "max"
        return generator.apply(
          type == .bool ? "or" : "add", old, generator.apply(chosen, new, captured))
      case .exclusiveOr where !type.isInexact: return generator.apply("xor", old, new)
      default: return generator.apply(type == .bool ? "or" : "add", old, new)
      }
    }
  }

  func combiner(for type: ElementType) -> Combiner {
    Combiner(
      kind: choices.element(of: Combiner.Kind.allCases),
      captured: pick { $0.shape.isEmpty && $0.element == type })
  }

  /// The greatest magnitude of so many elements combined.
  private func combined(_ operands: [RandomValue], _ count: Int) -> Double {
    let most = operands.map(\.magnitude).max() ?? 1
    return (2 * most + 4) * Double(max(1, count) + 1)
  }

  /// Results whose elements were combined, small again.
  private func combinedResults(
    _ handles: [TensorHandle]?, of operands: [RandomValue], _ count: Int
  ) -> [RandomValue]? {
    guard let handles else { return nil }
    return handles.map { handle in
      let most = combined(operands, count)
      let isInexact = handle.element.isInexact
      let value = RandomValue(
        handle, magnitude: isInexact ? most : handle.element.greatestMagnitude,
        digits: greatestDigits(operands))
      return shrunk(value, to: 64)
    }
  }

  /// Tensors of one shape and scalars to start from.
  private func tensorsToCombine() -> (tensors: [RandomValue], initial: [RandomValue])? {
    guard let x = pick(where: { !$0.shape.isEmpty }) else { return nil }
    var tensors = [x]
    if choices.chance(25) { tensors.append(value(choices.type(), x.shape)) }
    return (tensors, tensors.map { value($0.element, []) })
  }

  func reduceWith() throws -> [RandomValue]? {
    guard let (tensors, initial) = tensorsToCombine() else { return nil }
    var dimensions = choices.subset(of: Array(tensors[0].shape.indices), 60)
    if dimensions.isEmpty { dimensions = [choices.below(tensors[0].shape.count)] }
    let combiners = tensors.map { combiner(for: $0.element) }
    let handles = try elementRegions(ReduceWith(dimensions: dimensions), tensors + initial) {
      elements in
      combiners.indices.map { combiners[$0](self, elements[$0], elements[tensors.count + $0]) }
    }
    return combinedResults(
      handles, of: tensors + initial, dimensions.reduce(1) { $0 * tensors[0].shape[$1] })
  }

  func reduceWindow() throws -> [RandomValue]? {
    guard let (tensors, initial) = tensorsToCombine() else { return nil }
    let shape = tensors[0].shape
    let size = shape.map { choices.chance(50) ? 1 : choices.number(in: 1...max(1, min(4, $0))) }
    let window = Window(
      size: size, strides: shape.map { _ in choices.chance(70) ? 1 : 2 },
      padding: shape.map { _ in [choices.number(in: 0...1), choices.number(in: 0...2)] },
      baseDilation: shape.map { _ in choices.chance(85) ? 1 : 2 },
      windowDilation: shape.map { _ in choices.chance(80) ? 1 : 2 })
    let combiners = tensors.map { combiner(for: $0.element) }
    let handles = try elementRegions(ReduceWindow(window: window), tensors + initial) { elements in
      combiners.indices.map { combiners[$0](self, elements[$0], elements[tensors.count + $0]) }
    }
    return combinedResults(handles, of: tensors + initial, size.reduce(1, *))
  }

  func selectAndScatter() throws -> [RandomValue]? {
    guard let x = ordered(where: { $0.element != .bool }), x.isExact else { return nil }
    let size = x.shape.map { min(max(1, $0), choices.number(in: 1...3)) }
    let operation = SelectAndScatter(
      size: size, strides: x.shape.map { _ in choices.number(in: 1...2) },
      padding: x.shape.map { _ in [choices.below(2), choices.below(2)] })
    guard let counts = try? operation.window.counts(over: x.shape, for: "") else { return nil }
    let source = value(x.element, counts)
    let initial = value(x.element, [])
    let comparison = choices.element(of: ["ge", "gt", "le"])
    let combiner = combiner(for: x.element)
    let handles = try elementRegions(
      operation, [x, source, initial], { [self.apply(comparison, $0[0], $0[1])] },
      { [combiner(self, $0[0], $0[1])] })
    return combinedResults(handles, of: [source, initial], 4)
  }

  func sort() throws -> [RandomValue]? {
    guard let x = ordered() else { return nil }
    var operands = [x]
    for _ in 0..<choices.weighted([(5, 0), (3, 1), (1, 2)]) {
      operands.append(value(choices.type(), x.shape))
    }
    let comparison = choices.chance(70) ? "lt" : "gt"
    return sortedOnce(operands, choices.below(x.shape.count), by: comparison)
  }

  /// Tensors sorted by the first one, sometimes by the second one where that is equal.
  func sortedOnce(
    _ operands: [RandomValue], _ dimension: Int, by comparison: String = "lt"
  ) -> [RandomValue]? {
    let usesSecond =
      operands.count > 1 && operands[1].isExact && !operands[1].element.isComplex
      && choices.chance(30)
    let handles = try? elementRegions(Sort(dimension: dimension), operands) { elements in
      let first = self.apply(comparison, elements[0], elements[1], digits: 0)
      guard usesSecond else { return [first] }
      let isEqual = self.apply("eq", elements[0], elements[1], digits: 0)
      let second = self.apply("lt", elements[2], elements[3], digits: 0)
      return [self.apply("or", first, self.apply("and", isEqual, second))]
    }
    guard let handles, handles.count == operands.count else { return nil }
    return zip(handles, operands).map {
      RandomValue($0, magnitude: $1.magnitude, digits: $1.digits)
    }
  }

  func scatter() throws -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty }), let windows = windowDimensions(x.shape) else {
      return nil
    }
    var tensors = [x]
    if choices.chance(15) { tensors.append(value(choices.type(), x.shape)) }
    let shape = windows.dimensions.windowsShape(indices: windows.indices, sizes: windows.sizes)
    guard fits(shape) else { return nil }
    let indices = index(below: x.shape.max() ?? 1, nil, windows.indices)
    let updates = tensors.map { value($0.element, shape) }
    let combiners = tensors.map { combiner(for: $0.element) }
    let handles = try elementRegions(
      Scatter(dimensions: windows.dimensions), tensors + [indices] + updates
    ) { elements in
      combiners.indices.map { combiners[$0](self, elements[$0], elements[tensors.count + $0]) }
    }
    return combinedResults(handles, of: tensors + updates, min(64, shape.reduce(1, *)))
  }
}
