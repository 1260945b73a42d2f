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
      ranges[variable] == nil, let extent = graph.extent(of: variable).constant, extent >= width
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

  /// Whether rows so far apart are still in the cache when the next lanes come to theirs.
  private func isNear(_ distance: Expression, _ type: VectorType) -> Bool {
    guard let elements = graph.constant(distance) else { return false }
    return elements <= KernelEmitter.nearBytes / (type.width * type.element.byteCount)
  }

  /// A quarter of a common second cache.
  private static let nearBytes = 1 << 18

  /// Writes a loop whose iterations come in blocks, and after it what is left of it.
  func loop(over variable: LoopVariable, _ blocks: RowBlocks, _ body: () -> Void) {
    let first = EmissionScope.Copy(variable: variable, number: 0)
    let extent = graph.extent(of: variable).constant ?? 0
    let count = currentLaneCount() ?? "\(width)"
    let (start, number, name) = (freshName("i"), freshName("i"), freshName("i"))
    let type = index.rawValue
    let end = extent - extent % width
    block(
      "for (\(type) \(start) = 0; \(start) < \(end); \(start) += \(width))", binding: [],
      naming: [variable]
    ) {
      variableNames[first] = start
      var arrays: [(load: Expression, name: String)] = []
      for (load, type, distance) in blocks.loads {
        guard case .load(let buffer, let offset, _) = graph[load] else { continue }
        let array = freshName("a")
        arrays.append((load, array))
        line("\(type.name) \(array)[\(width)];")
        let kind = MemoryHelpers.Kind.loadRows(index, fetchesAhead: isNear(distance, type))
        line(
          "\(helpers.name(kind, type))(\(pointer(buffer, offset)), "
            + "\(indexText(distance)), \(count), \(array));")
      }
      var stored: [String] = []
      for (root, type, distance) in blocks.stores {
        let array = freshName("a")
        line("\(type.name) \(array)[\(width)];")
        stored.append(
          "\(helpers.name(.storeRows(index), type))(\(pointer(root.buffer, root.offset)), "
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
