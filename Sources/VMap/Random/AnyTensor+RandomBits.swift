extension AnyTensor {
  /// Random bits of a state, as XLA makes them, and the state after it.
  ///
  /// - Parameters:
  ///   - state: Words of 64 bits: a key and a counter of one or, with Philox, two words.
  ///   - type: The type of the result, whose elements take their bits from the lowest ones.
  ///   - generator: What makes them.
  /// - Throws: ``VMapError`` where the state is another one, or the type has no elements of bits.
  package static func randomBits(
    _ state: AnyTensor, as type: TensorType, by generator: Random.Generator
  ) throws(VMapError) -> (state: AnyTensor, bits: AnyTensor) {
    let counts = generator == .philox ? 2...3 : 2...2
    guard state.elementType == .uint64, state.shape.count == 1, counts.contains(state.shape[0])
    else {
      throw VMapError(
        .invalidArgument,
        "random bits: the state of \(generator.rawValue) should be u64[2]"
          + "\(generator == .philox ? " or u64[3]" : ""), it is \(state.type)")
    }
    guard type.element.isInteger || type.element.isFloating else {
      throw VMapError(.typeMismatch, "random bits: there are none of \(type)")
    }
    if try type.shape.elementCount() == 0 {
      return (state, AnyTensor(handle: try .filled(type.shape, .zero(type.element))))
    }
    let words = try Tensor<UInt64>(state)
    let blocks = RandomBlocks(state: words, shape: type.shape)
    let (next, bits) =
      type.element.byteCount == 8
      ? blocks.long(generator) : blocks.short(generator)
    return (AnyTensor(next), AnyTensor(handle: try bits.cut(to: type.element)))
  }

  /// The lowest bits of words of 32 or 64 bits, as elements of a type.
  private func cut(to element: ElementType) throws(VMapError) -> TensorHandle {
    let unsigned: [Int: ElementType] = [1: .uint8, 2: .uint16, 4: .uint32, 8: .uint64]
    let bits = try handle.converted(to: unsigned[element.byteCount] ?? .uint64)
    if bits.element == element { return bits }
    return try .step(Convert(target: element, keepsBits: true), bits)
  }
}

/// Blocks of random words, in the order in which XLA puts them into a tensor.
private struct RandomBlocks {
  typealias Words = Tensor<UInt32>
  typealias Longs = Tensor<UInt64>

  let state: Longs
  let shape: [Int]

  private var count: Int { shape.reduce(1, *) }
  private var key: (Words, Words) { halves(state[0]) }

  private func halves(_ x: Longs) -> (low: Words, high: Words) {
    (x.asType(UInt32.self), (x >> 32).asType(UInt32.self))
  }

  private func joined(_ low: Words, _ high: Words) -> Longs {
    low.asType(UInt64.self) | high.asType(UInt64.self) << 32
  }

  /// Elements of 64 bits.
  func long(_ generator: Random.Generator) -> (Longs, AnyTensor) {
    switch generator {
    case .threefry:
      let (low, high) = threefry(count)
      return (advanced(by: count), AnyTensor(joined(low, high).reshaped(to: shape)))
    case .philox:
      let blocks = (count + 1) / 2
      let words = philox(blocks)
      let pairs = stack([joined(words[0], words[1]), joined(words[2], words[3])], axis: -1)
      return (advanced(by: blocks), AnyTensor(pairs.flattened()[0..<count].reshaped(to: shape)))
    }
  }

  /// Elements of up to 32 bits, in words of 32.
  func short(_ generator: Random.Generator) -> (Longs, AnyTensor) {
    switch generator {
    case .threefry: return threefryInHalves()
    case .philox:
      let blocks = (count + 3) / 4
      let words = stack(philox(blocks), axis: -1)
      return (advanced(by: blocks), AnyTensor(words.flattened()[0..<count].reshaped(to: shape)))
    }
  }

  /// The two words of a block stand side by side along the first dimension of even size, or along the
  /// longest one where there is none.
  private func threefryInHalves() -> (Longs, AnyTensor) {
    let even = shape.firstIndex { $0 % 2 == 0 }
    let longest = shape.indices.max { shape[$0] < shape[$1] || shape[$0] == shape[$1] && $0 > $1 }
    guard let dimension = even ?? longest else {
      return (advanced(by: 1), AnyTensor(threefry(1).0.reshaped(to: [])))
    }
    var half = shape
    half[dimension] = (shape[dimension] + 1) / 2
    let blocks = half.reduce(1, *)
    let (first, second) = threefry(blocks)
    let pairs = stack(
      [first.reshaped(to: half), second.reshaped(to: half)], axis: dimension + 1)
    half[dimension] *= 2
    let whole = pairs.reshaped(to: half)
    let ones = shape.map { _ in 1 }
    let slice = Slice(starts: shape.map { _ in 0 }, limits: shape, strides: ones)
    let bits = Words(whole.handle) { try .step(slice, whole.handle) }
    return (advanced(by: blocks), AnyTensor(bits))
  }

  /// The blocks of so many counts from the state on.
  private func threefry(_ blocks: Int) -> (Words, Words) {
    let (low, high) = halves(state[1] + Longs.iota([blocks]))
    return Threefry.block(key, low, high)
  }

  private func philox(_ blocks: Int) -> [Words] {
    let counter = state[1] + Longs.iota([blocks])
    // The upper word of a state of two is its key.
    let upper = state[state.shape[0] == 3 ? 2 : 0] + (counter .< state[1]).asType(UInt64.self)
    let (low, high) = (halves(counter), halves(upper))
    return Philox.block(key, [low.low, low.high, high.low, high.high])
  }

  private func advanced(by blocks: Int) -> Longs {
    let counter = state[1] + UInt64(blocks)
    var words = [state[0], counter]
    if state.shape[0] == 3 { words.append(state[2] + (counter .< state[1]).asType(UInt64.self)) }
    return stack(words)
  }
}
