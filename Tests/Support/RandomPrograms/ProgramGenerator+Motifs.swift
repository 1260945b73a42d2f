@testable import VMap

extension ProgramGenerator {
  /// Two ways to read one value, combined.
  func diamond() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty && $0.element != .bool && $0.count > 1 }) else {
      return nil
    }
    guard let a = moved(x), let b = moved(x) else { return nil }
    return [combined(a, b)]
  }

  private func combined(_ a: RandomValue, _ b: RandomValue) -> RandomValue {
    let isInexact = a.element.isInexact
    let name = a.element.isComplex ? "add" : choices.element(of: ["add", "sub", "max", "add"])
    let most = a.magnitude + b.magnitude
    return apply(name, a, b, magnitude: isInexact ? most : a.element.greatestMagnitude)
  }

  /// The elements of a value at other indices, in the same shape.
  private func moved(_ x: RandomValue) -> RandomValue? {
    let dimension = choices.below(x.shape.count)
    let size = x.shape[dimension]
    switch choices.below(7) {
    case 0: return x
    case 1: return reversed(x)
    case 2, 3: return size > 1 ? rolled(x, by: choices.number(in: 1...size - 1), dimension) : x
    case 4: return shifted(x, dimension)
    case 5 where !options.excluded.contains("cumulative"):
      return accumulated(x, choices.element(of: [.sum, .maximum, .product]), dimension)
    default:
      guard size > 0, let row = reduced(x, choices.element(of: [.sum, .maximum]), [dimension])
      else {
        return x
      }
      let others = x.shape.indices.filter { $0 != dimension }
      return emit(Broadcast(shape: x.shape, dimensions: others), [row])
    }
  }

  /// The elements moved by one place, a constant coming in.
  private func shifted(_ x: RandomValue, _ dimension: Int) -> RandomValue? {
    guard x.shape[dimension] > 1 else { return x }
    var (low, high) = (x.shape.map { _ in 0 }, x.shape.map { _ in 0 })
    let goesUp = choices.chance(50)
    low[dimension] = goesUp ? 1 : -1
    high[dimension] = goesUp ? -1 : 1
    return emit(
      Pad(low: low, high: high, interior: x.shape.map { _ in 0 }), [x, constant(1, x.element)])
  }

  /// The same small step several times, one on the result of the other.
  func repeated() throws -> [RandomValue]? {
    guard var x = pick(where: { !$0.shape.isEmpty && $0.element != .bool && $0.count > 1 }) else {
      return nil
    }
    let dimension = choices.below(x.shape.count)
    let size = x.shape[dimension]
    let steps = choices.number(in: 2...8)
    let kind = choices.below(6)
    let amount = choices.number(in: 1...max(1, size - 1))
    let square = kind == 3 ? value(x.element, [size, size]) : nil
    for number in 1...steps {
      let next: RandomValue?
      switch kind {
      case 0: next = rolled(x, by: amount, dimension).map { combined(x, $0) }
      case 1: next = rolled(x, by: number, dimension).map { combined(x, $0) }
      case 2: next = stencil(x, dimension)
      case 3: next = square.flatMap { times(x, $0, dimension) }
      case 4 where !options.excluded.contains("cumulative"):
        next = accumulated(x, .sum, dimension)
      default: next = normalized(x, dimension)
      }
      guard let next, next.type == x.type else { return nil }
      x = shrunk(next, to: 16)
    }
    return [x]
  }

  /// A mean of each element and its neighbours.
  private func stencil(_ x: RandomValue, _ dimension: Int) -> RandomValue? {
    guard let a = shifted(x, dimension), let b = shifted(x, dimension) else { return nil }
    let sum = combined(combined(a, b), x)
    guard x.element.isFloating else { return sum }
    return apply(
      "mul", sum, constant(0.25, x.element), magnitude: sum.magnitude / 4,
      digits: .some(sum.digits.map { $0 + 2 }))
  }

  /// The product with a matrix, the new dimension where the old one was.
  private func times(_ x: RandomValue, _ matrix: RandomValue, _ dimension: Int) -> RandomValue? {
    let operation = DotGeneral(contracting: ([dimension], [0]), batch: ([], []))
    let size = x.shape[dimension]
    let magnitude = 2 * x.magnitude * matrix.magnitude * Double(size)
    let digits = x.digits.flatMap { a in matrix.digits.map { a + $0 } }
    guard
      let product = emit(
        operation, [x, matrix],
        magnitude: x.element.isInexact ? magnitude : x.element.greatestMagnitude,
        digits: .some(x.element.isInexact ? digits : 0))
    else { return nil }
    var order = Array(0..<x.shape.count - 1)
    order.insert(x.shape.count - 1, at: dimension)
    return emit(Transpose(permutation: order), [product])
  }

  /// The elements less a part of their sum.
  private func normalized(_ x: RandomValue, _ dimension: Int) -> RandomValue? {
    guard let sum = reduced(x, .sum, [dimension]) else { return nil }
    let others = x.shape.indices.filter { $0 != dimension }
    guard let spread = emit(Broadcast(shape: x.shape, dimensions: Array(others)), [sum]) else {
      return nil
    }
    let magnitude = x.magnitude + spread.magnitude
    return apply(
      "sub", x, spread,
      magnitude: x.element.isInexact ? magnitude : x.element.greatestMagnitude)
  }
}
