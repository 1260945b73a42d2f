/// The bytes that a deflated stream stands for, decoded as they are asked for (RFC 1951).
struct InflateSource<Source: ByteSource>: ~Copyable, ByteSource {
  private enum State {
    /// A block begins.
    case header
    /// So many bytes follow as they are.
    case stored(Int)
    /// Symbols follow.
    case coded(literals: HuffmanTable, distances: HuffmanTable)
    /// The last block has ended.
    case ended
  }

  private var input: BitSource<Source>
  private var state = State.header
  private var isLastBlock = false
  /// What was decoded: first what matches may refer to, then what nobody took yet.
  private let window = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 4 * history, alignment: 64)
  private var taken = 0
  private var end = 0

  /// How far back a match may lie.
  private static var history: Int { 1 << 15 }
  /// The longest match.
  private static var longest: Int { 258 }

  init(_ source: Source) { input = BitSource(source) }

  deinit { window.deallocate() }

  /// How many bytes there will be is known at the end.
  var byteCount: Int? { nil }

  /// How many bytes of the source lie behind what was decoded.
  var unusedByteCount: Int { input.unusedByteCount }

  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VMapError) -> Int {
    var filled = 0
    while filled < target.count {
      if taken == end { try decode() }
      if taken == end { break }
      let count = min(end - taken, target.count - filled)
      target[filled...].copyBytes(from: window[taken..<taken + count])
      taken += count
      filled += count
    }
    return filled
  }

  /// Goes on until the window is full or the stream ends; everything before was taken.
  private mutating func decode() throws(VMapError) {
    if end > InflateSource.history {
      window.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: window[end - InflateSource.history..<end]))
      end = InflateSource.history
      taken = end
    }
    while window.count - end >= InflateSource.longest {
      switch state {
      case .header: try beginBlock()
      case .stored(let rest): try copyStored(rest)
      case .coded(let literals, let distances): try decodeSymbols(literals, distances)
      case .ended: return
      }
    }
  }

  private func malformed(_ what: String) -> VMapError { VMapError(.parse, "deflate: \(what)") }

  private mutating func beginBlock() throws(VMapError) {
    isLastBlock = try input.take(1) == 1
    switch try input.take(2) {
    case 0:
      try input.alignToByte()
      let length = try input.take(16)
      guard try input.take(16) == length ^ 0xffff else {
        throw malformed("the length of a stored block contradicts its complement")
      }
      state = .stored(length)
    case 1: state = try coded(Deflate.fixedLiterals[...], Deflate.fixedDistances[...])
    case 2: state = try codes()
    default: throw malformed("a block has the kind that is reserved")
    }
  }

  private mutating func endBlock() { state = isLastBlock ? .ended : .header }

  private mutating func copyStored(_ rest: Int) throws(VMapError) {
    let count = min(rest, window.count - end)
    try input.copyBytes(
      to: UnsafeMutableRawBufferPointer(rebasing: window[end..<end + count]))
    end += count
    if count == rest { endBlock() } else { state = .stored(rest - count) }
  }

  /// The codes of a block that brings its own, which are written with a third one.
  private mutating func codes() throws(VMapError) -> State {
    let literalCount = try input.take(5) + 257
    let distanceCount = try input.take(5) + 1
    let lengthCount = try input.take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw malformed("a block has codes for symbols that there are not")
    }
    var short = [UInt8](repeating: 0, count: 19)
    for place in Deflate.orderOfLengths.prefix(lengthCount) {
      short[place] = UInt8(try input.take(3))
    }
    guard let table = HuffmanTable(short) else {
      throw malformed("the lengths of codes have no code")
    }
    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try next(table)
      switch symbol {
      case ..<16: lengths.append(UInt8(symbol))
      case 16:
        guard let last = lengths.last else { throw malformed("no length to repeat") }
        lengths += [UInt8](repeating: last, count: try input.take(2) + 3)
      case 17: lengths += [UInt8](repeating: 0, count: try input.take(3) + 3)
      default: lengths += [UInt8](repeating: 0, count: try input.take(7) + 11)
      }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw malformed("there are more lengths of codes than symbols")
    }
    guard lengths[256] > 0 else { throw malformed("a block has no code for its end") }
    return try coded(lengths[..<literalCount], lengths[literalCount...])
  }

  private func coded(
    _ literals: ArraySlice<UInt8>, _ distances: ArraySlice<UInt8>
  ) throws(VMapError) -> State {
    guard let literals = HuffmanTable(literals), let distances = HuffmanTable(distances) else {
      throw malformed("the lengths are those of no code")
    }
    return .coded(literals: literals, distances: distances)
  }

  private mutating func next(_ table: HuffmanTable) throws(VMapError) -> Int {
    if input.count < 15 { try input.refill() }
    let (symbol, length) = table.symbol(input.bits)
    guard length > 0 else {
      throw input.count < table.width
        ? input.truncated() : malformed("some bits are no code of their block")
    }
    try input.drop(length)
    return symbol
  }

  /// Decodes until the block ends or the window has no room for the longest match.
  private mutating func decodeSymbols(
    _ literals: HuffmanTable, _ distances: HuffmanTable
  ) throws(VMapError) {
    let (lengths, ranges) = (Deflate.lengths, Deflate.distances)
    while window.count - end >= InflateSource.longest {
      let symbol = try next(literals)
      if symbol < 256 {
        window[end] = UInt8(symbol)
        end += 1
        continue
      }
      if symbol == 256 { return endBlock() }
      guard symbol - 257 < lengths.count else {
        throw malformed("a length has a symbol that there is not")
      }
      let length = lengths[symbol - 257]
      let count = length.base + (try input.take(length.extraBits))
      let code = try next(distances)
      guard code < ranges.count else {
        throw malformed("a distance has a symbol that there is not")
      }
      let distance = ranges[code]
      let back = distance.base + (try input.take(distance.extraBits))
      guard back <= end else { throw malformed("a match lies before the beginning") }
      // The two may overlap: what was copied is copied again.
      for place in end..<end + count { window[place] = window[place - back] }
      end += count
    }
  }
}
