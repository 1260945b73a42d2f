/// Lanes along rows that lie far apart, with a loop that goes along the rows: as many iterations as
/// there are lanes are read or written at once, rows first, and turned round in registers.
extension KernelEmitter {
  /// What a loop reads and writes in such blocks.
  struct RowBlocks {
    var loads: [(load: Expression, type: VectorType, distance: Expression)] = []
    var stores: [(root: Kernel.Root, type: VectorType, distance: Expression)] = []
    var isEmpty: Bool { loads.isEmpty && stores.isEmpty }
  }

  /// The blocks of a loop; nil where it has none.
  func rowBlocks(along variable: LoopVariable) -> RowBlocks? {
    guard let lane, kernel.lanes == .outer(lane), width >= 4, copies.isEmpty, strip == nil,
      let extent = graph.extent(of: variable).constant, extent >= width
    else { return nil }
    let bound = scopes.reduce(into: Set([variable])) { $0.formUnion($1.bound) }
    var blocks = RowBlocks()
    // Nodes may be added while this is asked.
    for id in graph.nodes.indices {
      let load = Expression(id: id)
      guard case .load(let buffer, let offset, let element) = graph[load],
        kernel.inputs.contains(buffer), graph.variables[offset.id].isSubset(of: bound),
        graph.isPlainIndex(offset),
        let distance = rowDistance(offset, along: variable, lane: lane, element)
      else { continue }
      blocks.loads.append((load, VectorType(element: element, width: width), distance))
    }
    for root in kernel.roots where root.buffer == storing && root.serial.last == variable {
      guard root.parts.count == 1, graph.variables[root.offset.id].isSubset(of: bound),
        let distance = rowDistance(root.offset, along: variable, lane: lane, root.element)
      else { continue }
      blocks.stores.append((root, VectorType(element: root.element, width: width), distance))
    }
    return blocks.isEmpty ? nil : blocks
  }

  /// How far apart the lanes lie, where a loop goes along the rows and a block of them is worth it.
  private func rowDistance(
    _ offset: Expression, along variable: LoopVariable, lane: LoopVariable, _ element: ElementType
  ) -> Expression? {
    guard element.byteCount == 4, !element.isComplex,
      graph.stride(offset, along: variable) == .by(graph.index(1)),
      case .by(let distance) = graph.stride(offset, along: lane, ofVectors: width)
    else { return nil }
    let known = graph.constant(distance).map { $0 > MemoryHelpers.maximumBlockDistance }
    return known ?? true ? distance : nil
  }

  /// Writes a loop whose iterations come in blocks, and after it what is left of it.
  func loop(over variable: LoopVariable, _ blocks: RowBlocks, _ body: () -> Void) {
    let first = EmissionScope.Copy(variable: variable, number: 0)
    let extent = graph.extent(of: variable).constant ?? 0
    let count = currentLaneCount() ?? "\(width)"
    let (start, number, name) = (freshName("i"), freshName("i"), freshName("i"))
    let type = index.rawValue
    let end = extent - extent % width
    block(
      "for (\(type) \(start) = 0; \(start) < \(end); \(start) += \(width))", binding: []
    ) {
      variableNames[first] = start
      var arrays: [(load: Expression, name: String)] = []
      for (load, type, distance) in blocks.loads {
        guard case .load(let buffer, let offset, _) = graph[load] else { continue }
        let array = freshName("a")
        arrays.append((load, array))
        line("\(type.name) \(array)[\(width)];")
        line(
          "\(helpers.name(.loadRows(index), type))(b\(buffer) + \(indexText(offset)), "
            + "\(indexText(distance)), \(count), \(array));")
      }
      var stored: [String] = []
      for (root, type, distance) in blocks.stores {
        let array = freshName("a")
        line("\(type.name) \(array)[\(width)];")
        stored.append(
          "\(helpers.name(.storeRows(index), type))(b\(root.buffer) + \(indexText(root.offset)), "
            + "\(indexText(distance)), \(count), \(array));")
        rowStores[root.buffer] = "\(array)[\(number)]"
      }
      block(
        "for (int \(number) = 0; \(number) < \(width); ++\(number))", binding: [variable]
      ) {
        line("const \(type) \(name) = \(start) + \(number);")
        variableNames[first] = name
        for (load, array) in arrays { innermost.names[key(load)] = "\(array)[\(number)]" }
        body()
      }
      stored.forEach(line)
      for (root, _, _) in blocks.stores { rowStores[root.buffer] = nil }
    }
    guard end < extent else { return }
    variableNames[first] = name
    block(
      "for (\(type) \(name) = \(end); \(name) < \(extent); ++\(name))", binding: [variable], body)
  }
}

extension MemoryHelpers {
  /// Vectors along rows, turned into vectors across them, or the other way round.
  static func rowsText(
    _ kind: Kind, _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    let rows = 0..<type.width
    let isLoad = kind == .loadRows(index)
    let (scalar, width) = (type.storageName, type.width)
    var text = shuffleText(width)
    text += "inline void \(name)(\n"
    text += "    \(isLoad ? "const " : "")global \(scalar)* p, const \(index.rawValue) s,\n"
    text += "    const int count, private \(isLoad ? "" : "const ")\(type.name)* a) {\n"
    if isLoad {
      text += "  const int last = max(count, 1) - 1;\n"
      for row in rows {
        text += "  const \(type.name) r\(row) = vload\(width)(0, p + min(\(row), last) * s);\n"
      }
    } else {
      for row in rows { text += "  const \(type.name) r\(row) = a[\(row)];\n" }
    }
    let turned = turn(rows.map { "r\($0)" }, type, &text)
    for row in rows {
      text +=
        isLoad
        ? "  a[\(row)] = \(turned[row]);\n"
        : "  if (\(row) < count) vstore\(width)(\(turned[row]), 0, p + \(row) * s);\n"
    }
    return text + "}\n"
  }

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
