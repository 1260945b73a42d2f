extension ProgramParser {
  /// More elements than any memory holds: extents up to here can be added and multiplied by
  /// operations' rules.
  static let maximumCount = 1 << 47

  /// The declaration of an axis, `a0:n0 "batch"`.
  mutating func parseAxis() throws(VMapError) {
    let id = builder.program.axes.count
    try expect(word: "a\(id)")
    try expect(":")
    let extent = try parseExtent(depth: 0)
    var windows: [AxisWindow] = []
    while isAt(word: "window") { windows.append(try parseWindow()) }
    var name: String?
    if case .string(let text) = current.kind {
      name = text
      advance()
    }
    builder.program.axes.append(MapAxis(id: id, name: name, extent: extent, windows: windows))
    guard isAt(word: "rows") else { return }
    advance()
    try expect("(")
    let examples = builder.program.axes.indices.dropLast().first { isAt(word: "a\($0)") }
    guard let examples else { throw expected("an axis before this one") }
    advance()
    var places: [Int] = []
    for _ in 0..<4 {
      try expect(",")
      places.append(try integer("the position of a parameter"))
    }
    try expect(")")
    rowParameters[id] = (examples, places)
  }

  /// Gives the axes that rows go along their parameters.
  mutating func bindRows(_ parameters: [ValueID]) throws(VMapError) {
    for (axis, rows) in rowParameters {
      let values = rows.places.compactMap { parameters.indices.contains($0) ? parameters[$0] : nil }
      guard values.count == rows.places.count,
        values.allSatisfy({
          let type = builder.type(of: $0)
          return type.element == .int32 && type.shape.count == 1
        })
      else { throw VMapError(.parse, "the rows along a\(axis) need 4 parameters i32[…]") }
      builder.program.axes[axis].rows = RaggedRows(axis: rows.axis, values)
    }
  }

  /// A window, `window(n0,n2)`.
  mutating func parseWindow() throws(VMapError) -> AxisWindow {
    try expect(word: "window")
    try expect("(")
    let whole = try parseExtent(depth: 0)
    try expect(",")
    guard case .symbol(let start) = try parseExtent(depth: 0) else { throw expected("a symbol") }
    try expect(")")
    return AxisWindow(whole: whole, start: start)
  }

  /// A type with its axes, `f32[3,n0]{a0}`.
  mutating func parseType() throws(VMapError) -> ValueType {
    let offset = current.offset
    let element = try parseElementType()
    try expect("[")
    var shape: [Extent] = []
    while !isAt("]") {
      shape.append(try parseExtent(depth: 0))
      guard skip(",") else { break }
    }
    try expect("]")
    var count = 1
    for size in shape.compactMap(\.constant) where size > 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= ProgramParser.maximumCount else {
        throw error("the shape has too many elements", at: offset)
      }
      count = product
    }
    return ValueType(element, shape, axes: skip("{") ? try parseAxisSet() : .none)
  }

  mutating func parseElementType() throws(VMapError) -> ElementType {
    guard case .word(let word) = current.kind, let element = ElementType(rawValue: word) else {
      throw expected("an element type")
    }
    advance()
    return element
  }

  /// The axes of a type, in ascending order, after the brace.
  private mutating func parseAxisSet() throws(VMapError) -> AxisSet {
    var ids: [Int] = []
    repeat {
      let next = builder.program.axes.indices.first { isAt(word: "a\($0)") }
      guard let id = next, ids.last.map({ $0 < id }) ?? true else {
        throw expected("an axis, in ascending order")
      }
      ids.append(id)
      advance()
    } while skip(",")
    try expect("}")
    return AxisSet(ids)
  }

  private mutating func parseExtent(depth: Int) throws(VMapError) -> Extent {
    guard depth < ProgramParser.maximumDepth else {
      throw expected("an extent that is less nested")
    }
    guard case .word(let word) = current.kind else { return .constant(try parseSize(from: 0)) }
    switch word {
    case "blocks":
      advance()
      try expect("(")
      let extent = try parseExtent(depth: depth + 1)
      try expect(",")
      let size = try parseSize(from: 1)
      try expect(")")
      return .blocks(extent, size: size)
    case "product":
      advance()
      try expect("(")
      var factors: [Extent] = []
      while !isAt(")") {
        factors.append(try parseExtent(depth: depth + 1))
        guard skip(",") else { break }
      }
      try expect(")")
      return .product(factors)
    default:
      guard let id = Int(word.dropFirst()) else { throw expected("an extent") }
      let extent: Extent
      switch word.first {
      case "n": extent = .symbol(Symbol(id: id))
      case "t": extent = .symbol(Symbol(id: id, isTotal: true))
      case "r" where rowParameters[id] != nil:
        extent = Extent(size: .ragged(id), builder.program.axes)
      default: throw expected("an extent")
      }
      advance()
      return extent
    }
  }

  private mutating func parseSize(from least: Int) throws(VMapError) -> Int {
    let offset = current.offset
    let size = try integer("an extent")
    guard size >= least, size <= ProgramParser.maximumCount else {
      throw error("\(size) is not an extent", at: offset)
    }
    return size
  }
}
