/// As many lanes of as many rows.
extension MemoryHelpers {
  /// Vectors along rows, turned into vectors across them.
  ///
  /// - Parameter fetchesAhead: Whether the rows of the next lanes are asked for: so many streams at once
  ///   are too many for a processor to foresee.
  static func rowLoadText(
    _ type: VectorType, _ name: String, _ index: IndexWidth, fetchesAhead: Bool
  ) -> String {
    let (rows, width) = (0..<type.width, type.width)
    var text = shuffleText(width) + (fetchesAhead ? prefetchText : "")
    text += "inline void \(name)(\n"
    text += "    const global \(type.storageName)* p, const \(index.rawValue) s,\n"
    text += "    const int count, private \(type.name)* a) {\n"
    text += "  const int last = max(count, 1) - 1;\n"
    for row in rows {
      text += "  const \(type.name) r\(row) = vload\(width)(0, p + min(\(row), last) * s);\n"
    }
    if fetchesAhead {
      for row in rows { text += "  VM_PREFETCH(p + \(width + row) * s);\n" }
    }
    let turned = turn(rows.map { "r\($0)" }, type, &text)
    for row in rows { text += "  a[\(row)] = \(turned[row]);\n" }
    return text + "}\n"
  }

  /// Vectors across rows, turned into vectors along them.
  static func rowStoreText(_ type: VectorType, _ name: String, _ index: IndexWidth) -> String {
    let (rows, scalar) = (0..<type.width, type.storageName)
    var text = shuffleText(type.width) + vectorStoreText
    text += "inline void \(name)(\n"
    text += "    global \(scalar)* p, const \(index.rawValue) s,\n"
    text += "    const int count, private const \(type.name)* a) {\n"
    for row in rows { text += "  const \(type.name) r\(row) = a[\(row)];\n" }
    let turned = turn(rows.map { "r\($0)" }, type, &text)
    for row in rows {
      let store = vectorStore(turned[row], at: "p + \(row) * s", scalar, type.width)
      text += "  if (\(row) < count) \(store)\n"
    }
    return text + "}\n"
  }

  /// Asks for what is soon read, which need not exist; PoCL's own `prefetch` does nothing.
  private static let prefetchText = """
    #ifndef VM_PREFETCH
    #ifdef POCL_DEVICE_ADDRESS_BITS
    #define VM_PREFETCH(p) __builtin_prefetch((const private void*)(ulong)(p), 0, 2)
    #else
    #define VM_PREFETCH(p) prefetch(p, 1)
    #endif
    #endif

    """

  /// A shuffle of two vectors, as an expression that compilers know: they take apart one that lists
  /// elements.
  private static func shuffleText(_ width: Int) -> String {
    let places = (0..<width).map { "i\($0)" }.joined(separator: ", ")
    return """
      #ifndef VM_SHUFFLE\(width)
      #ifdef __clang__
      #define VM_SHUFFLE\(width)(a, b, \(places)) __builtin_shufflevector(a, b, \(places))
      #else
      #define VM_SHUFFLE\(width)(a, b, \(places)) shuffle2(a, b, (uint\(width))(\(places)))
      #endif
      #endif

      """
  }

  /// Writes the transposition of as many vectors as each has lanes, and gives their names in order.
  ///
  /// Squares of four by four are turned by interleaving neighbours twice; then the squares of each
  /// fourth row change places. Processors have an instruction for each of these shuffles.
  private static func turn(
    _ rows: [String], _ type: VectorType, _ text: inout String
  ) -> [String] {
    var count = 0
    func shuffled(_ a: String, _ b: String, _ lanes: (Int) -> (isSecond: Bool, lane: Int)) -> String
    {
      let places = (0..<type.width).map { place -> String in
        let (isSecond, lane) = lanes(place)
        return "\(isSecond ? lane + type.width : lane)"
      }
      count += 1
      text += "  const \(type.name) t\(count) = VM_SHUFFLE\(type.width)(\n"
      text += "      \(a), \(b), \(places.joined(separator: ", ")));\n"
      return "t\(count)"
    }
    /// Units of one or two elements of two vectors by turns, from a half of each square.
    func interleaved(_ a: String, _ b: String, unit: Int, isHigh: Bool) -> String {
      shuffled(a, b) { place in
        let inside = place % 4
        let number = inside / unit
        let lane = number / 2 * unit + inside % unit + (isHigh ? 2 : 0)
        return (number % 2 == 1, place - inside + lane)
      }
    }
    /// Every second square of two vectors.
    func squares(_ a: String, _ b: String, isOdd: Bool) -> String {
      shuffled(a, b) { place in
        let number = place / 4 * 2 + (isOdd ? 1 : 0)
        let squares = type.width / 4
        return (number >= squares, number % squares * 4 + place % 4)
      }
    }
    func sorted(_ vectors: [String]) -> [String] {
      guard vectors.count > 1 else { return vectors }
      let pairs = stride(from: 0, to: vectors.count, by: 2).map { (vectors[$0], vectors[$0 + 1]) }
      let even = sorted(pairs.map { squares($0.0, $0.1, isOdd: false) })
      let odd = sorted(pairs.map { squares($0.0, $0.1, isOdd: true) })
      return zip(even, odd).flatMap { [$0, $1] }
    }
    var columns = [[String]](repeating: [], count: 4)
    for first in stride(from: 0, to: type.width, by: 4) {
      let four = rows[first..<(first + 4)].map { $0 }
      let halves = [false, true].map { isHigh in
        [
          interleaved(four[0], four[1], unit: 1, isHigh: isHigh),
          interleaved(four[2], four[3], unit: 1, isHigh: isHigh),
        ]
      }
      for column in 0..<4 {
        let half = halves[column / 2]
        columns[column].append(
          interleaved(half[0], half[1], unit: 2, isHigh: column % 2 == 1))
      }
    }
    let turned = columns.map(sorted)
    return (0..<type.width).map { turned[$0 % 4][$0 / 4] }
  }
}
