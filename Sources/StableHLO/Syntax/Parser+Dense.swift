import VMap

/// The numbers of a constant before their type is known, which stands behind them.
private struct DenseLiteral {
  struct Number {
    var range: Range<Int>
    var isNegative: Bool
  }

  var numbers: [Number] = []
  /// The bytes of a constant that is written as one hexadecimal string.
  var raw: [UInt8]?
  /// The sizes of the nested lists, outermost first; nil for one number without a list.
  var shape: [Int]?
}

extension Parser {
  /// `dense<…> : type`.
  mutating func dense() throws(StableHLOError) -> DenseSyntax {
    let start = token.range.lowerBound
    try expect(word: "dense")
    try expect("<")
    var literal = DenseLiteral()
    if token.kind == .string {
      literal.raw = try hexadecimalBytes()
    } else if !isAt(">") {
      var sizes: [Int?] = []
      try denseItem(&literal, depth: 0, &sizes)
      literal.shape = sizes.isEmpty ? nil : sizes.map { $0 ?? 0 }
    } else {
      literal.shape = [0]
    }
    try expect(">")
    try expect(":")
    guard case .tensor(let type) = try type() else {
      throw error("a constant should be a tensor", at: start)
    }
    return try convert(literal, to: type, at: start)
  }

  /// A number, a pair of them, or a list; lists of one depth have one length.
  private mutating func denseItem(
    _ literal: inout DenseLiteral, depth: Int, _ sizes: inout [Int?]
  ) throws(StableHLOError) {
    guard isAt("[") else {
      guard depth == sizes.count else { throw expected("a list") }
      if isAt("(") {
        let before = literal.numbers.count
        try list("(", ")") { parser throws(StableHLOError) in
          literal.numbers.append(try parser.denseNumber())
        }
        guard literal.numbers.count == before + 2 else {
          throw error("a complex number has two parts")
        }
      } else {
        literal.numbers.append(try denseNumber())
      }
      return
    }
    if sizes.count == depth {
      guard literal.numbers.isEmpty else { throw expected("a number") }
      sizes.append(nil)
    }
    guard depth < 64 else { throw error("a constant of more than 64 dimensions") }
    let start = token.range.lowerBound
    try expect("[")
    var count = 0
    if !isAt("]") {
      repeat {
        try denseItem(&literal, depth: depth + 1, &sizes)
        count += 1
      } while try skip(",")
    }
    try expect("]")
    if let known = sizes[depth], known != count {
      throw error("a list of \(quantity(count, "item")) beside one of \(known)", at: start)
    }
    sizes[depth] = count
  }

  private mutating func denseNumber() throws(StableHLOError) -> DenseLiteral.Number {
    let isNegative = try skip("-")
    let isNumber =
      token.kind == .integer || token.kind == .float || isAt(word: "true") || isAt(word: "false")
    guard isNumber else { throw expected("a number") }
    let number = DenseLiteral.Number(range: token.range, isNegative: isNegative)
    try advance()
    return number
  }

  /// The bytes of `"0x00FF"`.
  private mutating func hexadecimalBytes() throws(StableHLOError) -> [UInt8] {
    let digits = source.bytes[token.range].dropFirst().dropLast()
    guard digits.starts(with: "0x".utf8), digits.count % 2 == 0 else {
      throw expected("\"0x…\" with two digits a byte")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var index = digits.startIndex + 2
    while index < digits.endIndex {
      guard let high = digits[index].hexValue, let low = digits[index + 1].hexValue else {
        throw error("this is no hexadecimal digit", at: index)
      }
      bytes.append(high << 4 | low)
      index += 2
    }
    try advance()
    return bytes
  }

  private func convert(
    _ literal: DenseLiteral, to type: TensorSyntax, at offset: Int
  ) throws(StableHLOError) -> DenseSyntax {
    let count = type.shape.reduce(1, *)
    let encoding = NumberEncoding(type.element)
    if let raw = literal.raw {
      return try convert(raw: raw, to: type, count, encoding, at: offset)
    }
    let isSplat = literal.shape == nil
    guard let encoding else { return DenseSyntax(type: type, isSplat: isSplat, bytes: []) }
    let parts = encoding.parts
    let isComplete =
      isSplat
      ? literal.numbers.count == parts
      : literal.shape == type.shape || (count == 0 && literal.numbers.isEmpty)
    guard isComplete, isSplat || literal.numbers.count == count * parts else {
      throw contradiction("the numbers of the constant do not have the shape \(type)", at: offset)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(literal.numbers.count * encoding.partByteCount)
    for number in literal.numbers {
      let text = source.text(number.range)
      guard encoding.append(text, isNegative: number.isNegative, to: &bytes) else {
        throw contradiction("\"\(text)\" is no \(type.element)", at: number.range.lowerBound)
      }
    }
    return DenseSyntax(type: type, isSplat: isSplat, bytes: bytes)
  }

  private func convert(
    raw: [UInt8], to type: TensorSyntax, _ count: Int, _ encoding: NumberEncoding?, at offset: Int
  ) throws(StableHLOError) -> DenseSyntax {
    guard let encoding else { return DenseSyntax(type: type, isSplat: true, bytes: []) }
    let width = encoding.partByteCount * encoding.parts
    if raw.count == width * count, encoding != .bool || raw.allSatisfy({ $0 <= 1 }) {
      return DenseSyntax(type: type, isSplat: false, bytes: raw)
    }
    if encoding == .bool, raw.count == (count + 7) / 8 {
      let bytes = (0..<count).map { raw[$0 / 8] >> UInt8($0 % 8) & 1 }
      return DenseSyntax(type: type, isSplat: false, bytes: bytes)
    }
    guard raw.count == width else {
      throw contradiction("\(quantity(raw.count, "byte")) cannot fill \(type)", at: offset)
    }
    let bytes = encoding == .bool ? [raw[0] & 1] : raw
    return DenseSyntax(type: type, isSplat: true, bytes: bytes)
  }
}

extension TensorSyntax: CustomStringConvertible {
  var description: String {
    "tensor<\((shape.map(String.init) + [element]).joined(separator: "x"))>"
  }
}
