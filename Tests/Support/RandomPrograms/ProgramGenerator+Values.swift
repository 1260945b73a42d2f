@testable import VMap

extension Choices {
  mutating func type() -> ElementType {
    weighted([
      (30, .float32), (12, .int32), (4, .float64), (4, .float16), (4, .bfloat16), (3, .int8),
      (2, .int16), (3, .int64), (3, .uint8), (2, .uint16), (2, .uint32), (2, .uint64), (4, .bool),
      (3, .complex64), (1, .complex128),
    ])
  }

  mutating func integerType() -> ElementType {
    weighted([
      (10, .int32), (3, .int64), (2, .int8), (2, .uint8), (1, .uint32), (1, .int16), (1, .uint16),
      (1, .uint64),
    ])
  }

  mutating func size() -> Int {
    weighted([
      (1, 0), (5, 1), (8, 2), (10, 3), (6, 4), (10, 5), (8, 7), (3, 8), (3, 16), (5, 17), (3, 33),
    ])
  }
}

extension ProgramGenerator {
  /// A shape of up to three dimensions that is not too large.
  func randomShape() -> [Int] {
    if choices.chance(3) { return [choices.element(of: [130, 300])] }
    let rank = choices.weighted([(3, 0), (10, 1), (9, 2), (3, 3)])
    while true {
      let shape = (0..<rank).map { _ in choices.size() }
      if shape.reduce(1, *) <= options.greatestCount / 2 { return shape }
    }
  }

  /// A new parameter, mapped over some of the axes at any dimensions.
  func input(_ element: ElementType, _ shape: [Int]) -> RandomValue {
    let content = RandomCase.Input(seed: choices.next() & 0xffff)
    inputs.append(content)
    var extents = shape.map(Extent.constant)
    var binds: [BindAxis] = []
    let mapped = axes.filter { _ in depth == 0 && choices.chance(75) }
    // The last one that goes in is the first that comes out.
    for axis in mapped {
      let dimension = choices.chance(50) ? 0 : choices.below(extents.count + 1)
      extents.insert(
        axis.symbol.map(Extent.symbol) ?? .constant(axis.extent), at: dimension)
      binds.append(BindAxis(axis: axis.id, dimension: dimension))
    }
    var handle = trace.makeInput(element, extents)
    for bind in binds.reversed() { handle = trace.emit(bind, [handle])[0] }
    return RandomValue(
      handle, magnitude: content.magnitude(of: element), digits: content.digits(of: element))
  }

  /// A value of the pool, of those made last more often.
  func pick(where accepts: (RandomValue) -> Bool = { _ in true }) -> RandomValue? {
    let candidates = pool.filter(accepts)
    guard !candidates.isEmpty else { return nil }
    return choices.element(of: choices.chance(70) ? candidates.suffix(2) : candidates)
  }

  /// A value of a type: one there is, one made of another, an input or a constant.
  func value(_ element: ElementType, _ shape: [Int]) -> RandomValue {
    for _ in 0..<3 {
      switch choices.below(10) {
      case 0...4:
        if let known = pick(where: { $0.element == element && $0.shape == shape }) { return known }
      case 5 where !shape.isEmpty:
        if let other = pick(where: { $0.element == element && $0.shape.count == shape.count }),
          let fitted = fitted(other, shape)
        {
          return fitted
        }
      case 6:
        let isScalar = shape.isEmpty
        let other = pick {
          $0.shape == shape && $0.element != element && ($0.isExact || element.isInexact)
            && (!isScalar || $0.element.isComplex == element.isComplex)
        }
        if let other { return converted(other, to: element) }
      case 7:
        if let other = pick(where: { $0.element == element && $0.shape.isEmpty }), !shape.isEmpty,
          let spread = emit(Broadcast(shape: shape, dimensions: []), [other])
        {
          return spread
        }
      default: if inputs.count < 6, depth == 0 { return input(element, shape) }
      }
    }
    return filled(element, shape)
  }

  /// A value made of constants: one number, or a count.
  func filled(_ element: ElementType, _ shape: [Int]) -> RandomValue {
    if !shape.isEmpty, choices.chance(40) {
      let dimension = choices.below(shape.count)
      let count = emit(
        Iota(type: TensorType(element: element, shape: shape), dimension: dimension), [],
        magnitude: Double(shape[dimension]), digits: 0)
      if element != .bool, let count { return shrunk(count, to: 8) }
    }
    let number = Double(choices.number(in: element.isUnsignedInteger ? 0...9 : -9...9))
    let scalar = constant(element.isInexact ? number / 4 : number, element)
    if shape.isEmpty { return scalar }
    return emit(Broadcast(shape: shape, dimensions: []), [scalar]) ?? scalar
  }

  /// A value of the same rank cut or padded to a shape.
  private func fitted(_ value: RandomValue, _ shape: [Int]) -> RandomValue? {
    let sizes = zip(value.shape, shape)
    if sizes.allSatisfy({ $0 >= $1 }) {
      let starts = sizes.map { choices.below($0 - $1 + 1) }
      let limits = zip(starts, shape).map { $0 + $1 }
      return emit(Slice(starts: starts, limits: limits, strides: shape.map { _ in 1 }), [value])
    }
    if sizes.allSatisfy({ $0 == $1 || $0 == 1 }) {
      return emit(Broadcast(shape: shape, dimensions: Array(shape.indices)), [value])
    }
    return emit(
      Pad(
        low: shape.map { _ in 0 }, high: sizes.map { $1 - $0 }, interior: shape.map { _ in 0 }),
      [value, constant(1, value.element)])
  }

  /// A value in another type, small enough for what is done with it.
  func converted(_ value: RandomValue, to element: ElementType) -> RandomValue {
    if value.element == element { return value }
    let convert = Convert(target: element, keepsBits: false)
    let handle = trace.emit(convert, [value.handle])[0]
    guard element.isInexact else {
      let isWhole = value.element.isInexact || value.element == .bool
      let magnitude =
        isWhole && !(element.isUnsignedInteger && value.element.isInexact)
        ? value.magnitude : element.greatestMagnitude
      return RandomValue(handle, magnitude: magnitude, digits: 0)
    }
    let digits = value.digits
    return shrunk(RandomValue(handle, magnitude: value.magnitude, digits: digits), to: 64)
  }

  /// An integer scalar to begin or index at, mostly within a size.
  func index(below size: Int, _ type: ElementType? = nil, _ shape: [Int] = []) -> RandomValue {
    let type = type ?? choices.integerType()
    let value = value(type, shape)
    guard choices.chance(70), size > 0 else { return value }
    let limit = min(Double(size), type.greatestMagnitude - 1)
    return apply("rem", value, constant(limit, type), magnitude: limit)
  }
}
