/// The symbols of a canonical prefix code, looked up by the next bits of a stream (RFC 1951, 3.2.2).
struct HuffmanTable {
  /// For each value of the next ``width`` bits: a symbol, above four bits that hold its code's length;
  /// 0 where no code begins so.
  private var entries: [UInt16]
  /// The length of the longest code.
  let width: Int

  /// The table of codes with these lengths, by symbol; 0 is for a symbol without a code.
  ///
  /// - Returns: Nil where no such code exists, or some bits would have no meaning; one code of one bit is
  ///   let pass, as a stream of a single distance has it.
  init?(_ lengths: some Collection<UInt8>) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length)] += 1 }
    width = (1..<16).last { counts[$0] > 0 } ?? 0
    entries = [UInt16](repeating: 0, count: 1 << width)
    var room = 1
    var next = [Int](repeating: 0, count: 17)
    for length in 1..<16 {
      room = 2 * room - counts[length]
      guard room >= 0 else { return nil }
      next[length + 1] = (next[length] + counts[length]) << 1
    }
    guard room == 0 || width <= 1 else { return nil }
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let code = next[Int(length)]
      next[Int(length)] += 1
      var reversed = 0
      for bit in 0..<Int(length) where code >> bit & 1 == 1 {
        reversed |= 1 << (Int(length) - 1 - bit)
      }
      for place in stride(from: reversed, to: entries.count, by: 1 << Int(length)) {
        entries[place] = UInt16(symbol << 4) | UInt16(length)
      }
    }
  }

  /// The symbol that bits begin with, and the length of its code; 0 where there is none.
  func symbol(_ bits: UInt64) -> (symbol: Int, length: Int) {
    let entry = Int(entries[Int(truncatingIfNeeded: bits) & (entries.count - 1)])
    return (entry >> 4, entry & 15)
  }
}
