/// The tables of RFC 1951.
enum Deflate {
  /// What a symbol stands for: the least number, and how many bits are added to it.
  typealias Range = (base: Int, extraBits: Int)

  /// The lengths of matches, of the symbols from 257 on.
  static let lengths: [Range] = ranges(from: 3, count: 28, each: 4) + [(258, 0)]
  /// The distances of matches.
  static let distances: [Range] = ranges(from: 1, count: 30, each: 2)
  /// The order in which the lengths of the codes for lengths are written.
  static let orderOfLengths = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  /// The most bytes that one compressed byte stands for: a match of 258 takes two bits.
  static let maximumRatio = 1032

  /// The lengths of the codes of blocks that bring none.
  static let fixedLiterals: [UInt8] = (0..<288).map {
    $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8
  }
  static let fixedDistances = [UInt8](repeating: 5, count: 32)

  /// Twice as many symbols without added bits as share any other number of them, then more and more bits.
  private static func ranges(from first: Int, count: Int, each: Int) -> [Range] {
    var base = first
    return (0..<count).map { symbol in
      let extraBits = max(0, symbol / each - 1)
      defer { base += 1 << extraBits }
      return (base, extraBits)
    }
  }
}
