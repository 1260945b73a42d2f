/// A subscript as a gather or a scatter: index vectors, and windows that begin at them.
///
/// Numbers and tensors are numbers of an index vector; tensors are broadcast together. A slice of
/// neighbours is a dimension of windows, a slice with a step counts windows.
struct WindowIndexing {
  /// What an index makes of its dimension.
  private enum Item {
    case number(Int)
    case neighbours(start: Int, count: Int)
    case steps(SliceBounds)
    case tensor(TensorHandle)
  }

  private let source: [Int]
  private let items: [Item]
  /// The shape of what is indexed.
  let shape: [Int]
  /// That shape without new dimensions.
  private let windows: [Int]
  private let dimensions: WindowDimensions
  private let sizes: [Int]
  /// The shape that all tensors have in common, and where in `shape` and `windows` it begins.
  private let arrayShape: [Int]
  private let arrayStart: (shape: Int, windows: Int)
  /// Where in `windows` the dimension of each slice with a step is.
  private let stepPositions: [Int: Int]

  init(_ indices: [TensorIndex], of source: [Int]) throws(VMapError) {
    self.source = source
    var items: [Item] = []
    // For each index the dimension it is for, or nil for a new one.
    var order: [Int?] = []
    // Where numbers and tensors stand in the subscript, and the first of them among the indices.
    var advanced: [Int] = []
    var first: Int?
    for (index, position) in try TensorIndex.expanded(indices, over: source) {
      guard let item = try Self.item(index, items.count, source) else {
        order.append(nil)
        continue
      }
      switch item {
      case .number, .tensor:
        first = first ?? order.count
        advanced.append(position)
      case .neighbours, .steps: break
      }
      order.append(items.count)
      items.append(item)
    }
    let tensors = items.compactMap {
      if case .tensor(let tensor) = $0 { tensor.sizes } else { nil }
    }
    let array = try [Int].broadcasting(tensors, for: "subscript")

    // NumPy puts the tensors' dimensions where the first one stands, or first where they are apart.
    let span = (advanced.last ?? 0) - (advanced.first ?? 0) + 1
    let areTogether = span == advanced.count || tensors.isEmpty
    var shape: [Int] = []
    var windows: [Int] = []
    var window: [Int] = []
    var steps: [Int: Int] = [:]
    var start = (shape: 0, windows: 0)
    func placeArray() {
      start = (shape.count, windows.count)
      shape += array
      windows += array
    }
    if !areTogether { placeArray() }
    for (number, dimension) in order.enumerated() {
      if areTogether, number == first, !tensors.isEmpty { placeArray() }
      guard let dimension else {
        shape.append(1)
        continue
      }
      switch items[dimension] {
      case .number, .tensor: continue
      case .neighbours(_, let count):
        window.append(windows.count)
        shape.append(count)
        windows.append(count)
      case .steps(let bounds):
        steps[dimension] = windows.count
        shape.append(bounds.count)
        windows.append(bounds.count)
      }
    }
    var indexed: [Int] = []
    var collapsed: [Int] = []
    var sizes: [Int] = []
    for (dimension, item) in items.enumerated() {
      if case .neighbours(let start, let count) = item {
        sizes.append(count)
        if start > 0 { indexed.append(dimension) }
      } else {
        sizes.append(1)
        collapsed.append(dimension)
        indexed.append(dimension)
      }
    }
    self.items = items
    self.shape = shape
    self.windows = windows
    self.sizes = sizes
    arrayShape = array
    arrayStart = start
    stepPositions = steps
    dimensions = WindowDimensions(
      window: window, collapsed: collapsed, operandBatching: [], indexBatching: [],
      indexed: indexed, vector: windows.count - window.count)
  }

  private static func item(
    _ index: TensorIndex, _ dimension: Int, _ source: [Int]
  ) throws(VMapError) -> Item? {
    switch index.kind {
    case .newAxis, .ellipsis: return nil
    case .at(let given):
      return .number(try source.index(given, ofDimension: dimension))
    case .slice(let from, let to, let step):
      let bounds = try SliceBounds(from, to, step, source[dimension])
      return bounds.step == 1
        ? .neighbours(start: bounds.start, count: bounds.count) : .steps(bounds)
    case .tensor(let tensor): return .tensor(tensor)
    }
  }

  // MARK: Index vectors

  /// The shape of the tensor of index vectors, without the vectors.
  private var batch: [Int] { dimensions.counting(rank: windows.count).map { windows[$0] } }

  /// Where a dimension of `windows` that counts windows stands among those.
  private func batchPosition(_ position: Int) -> Int {
    position - dimensions.window.count { $0 < position }
  }

  /// One type for all numbers of the vectors, which holds the sizes and everything near them.
  private var indexType: ElementType {
    let isLong = items.enumerated().contains { dimension, item in
      guard case .tensor(let tensor) = item else { return source[dimension] > Int(Int32.max) }
      return source[dimension] > Int(Int32.max) || tensor.element.byteCount == 8
        || tensor.element == .uint32
    }
    return isLong ? .int64 : .int32
  }

  /// The index vectors.
  private func vectors() throws(VMapError) -> TensorHandle {
    let (type, batch) = (indexType, batch)
    var parts: [TensorHandle] = []
    for dimension in dimensions.indexed {
      var number: TensorHandle
      var places: [Int] = []
      switch items[dimension] {
      case .number(let value), .neighbours(let value, _):
        number = .apply(Literal(value: ScalarLiteral(integer: Int64(value), as: type)), [])
      case .steps(let bounds):
        number = try .counting(bounds, type)
        places = [batchPosition(stepPositions[dimension] ?? 0)]
      case .tensor(let tensor):
        number = try tensor.fromStart(of: source[dimension], as: type).broadcast(to: arrayShape)
        let start = batchPosition(arrayStart.windows)
        places = arrayShape.indices.map { start + $0 }
      }
      number = try .step(Broadcast(shape: batch + [1], dimensions: places), number)
      parts.append(number)
    }
    if parts.isEmpty {
      return .apply(Iota(type: TensorType(element: type, shape: batch + [0]), dimension: 0), [])
    }
    return parts.count == 1 ? parts[0] : try .step(Concatenate(dimension: batch.count), parts)
  }

  // MARK: Reading and updating

  /// The elements; indices outside are brought to the nearest edge, or give a value of their own.
  func gather(_ x: TensorHandle, outside fill: TensorHandle? = nil) throws(VMapError)
    -> TensorHandle
  {
    for (dimension, item) in items.enumerated() where source[dimension] == 0 {
      guard case .tensor = item, !arrayShape.contains(0) else { continue }
      throw VMapError(
        .invalidArgument,
        "subscript: axis \(dimension) of shape \(source.shapeText) has no element to take")
    }
    let taken = try TensorHandle.step(Gather(dimensions: dimensions, sizes: sizes), x, vectors())
    let result = try taken.reshaped(to: shape)
    guard let fill, let isInside = try isInside() else { return result }
    let places = arrayShape.indices.map { arrayStart.shape + $0 }
    let mask = try TensorHandle.step(Broadcast(shape: shape, dimensions: places), isInside)
    return try .elementwise("select", mask, result, fill)
  }

  /// Whether all tensors are inside of their dimensions.
  private func isInside() throws(VMapError) -> TensorHandle? {
    var result: TensorHandle?
    for (dimension, item) in items.enumerated() {
      guard case .tensor(let tensor) = item else { continue }
      let (type, size) = (indexType, source[dimension])
      let index = try tensor.fromStart(of: size, as: type).broadcast(to: arrayShape)
      let end = ScalarLiteral(integer: Int64(size), as: type)
      let own = try TensorHandle.elementwise(
        "and", .elementwise("ge", index, .apply(Literal(value: .zero(type)), [])),
        .elementwise("lt", index, .apply(Literal(value: end), [])))
      result = if let known = result { try .elementwise("and", known, own) } else { own }
    }
    return result
  }

  /// A tensor with the elements combined with values, which are repeated to fill their shape.
  func scatter(
    _ x: TensorHandle, _ values: TensorHandle,
    _ combine: @escaping ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> TensorHandle {
    guard try [Int].broadcasting([values.sizes, shape], for: "at") == shape else {
      throw VMapError(
        .shapeMismatch,
        "at: values of shape \(values.sizes.shapeText) do not fit the indexed shape "
          + shape.shapeText)
    }
    let updates = try values.broadcast(to: shape).reshaped(to: windows)
    let results = TensorHandle.apply(
      Scatter(dimensions: dimensions), [x, try vectors(), updates], as: [x.element],
      regions: [combine])
    if case .failed(let error) = results[0].current { throw error }
    return results[0]
  }
}

extension TensorIndex {
  /// The indices with as many whole dimensions as the ellipsis, or the end, stands for, each with its
  /// position in the subscript.
  static func expanded(
    _ indices: [TensorIndex], over source: [Int]
  ) throws(VMapError) -> [(index: TensorIndex, position: Int)] {
    var ellipses = 0
    var used = 0
    for index in indices {
      switch index.kind {
      case .ellipsis: ellipses += 1
      case .newAxis: break
      case .at, .slice, .tensor: used += 1
      }
    }
    guard ellipses <= 1, used <= source.count else {
      throw VMapError(
        .invalidArgument,
        ellipses > 1
          ? "subscript: there is more than one ellipsis"
          : "subscript: \(used) indices for shape \(source.shapeText)")
    }
    let all = TensorIndex(kind: .slice(nil, nil, by: 1))
    var result: [(index: TensorIndex, position: Int)] = []
    for (position, index) in (ellipses == 0 ? indices + [.ellipsis] : indices).enumerated() {
      if case .ellipsis = index.kind {
        for _ in used..<source.count { result.append((all, position)) }
      } else {
        result.append((index, position))
      }
    }
    return result
  }
}

extension [Int] {
  /// An index along a dimension of this shape, where negative ones count from the end.
  func index(_ given: Int, ofDimension dimension: Int) throws(VMapError) -> Int {
    let size = self[dimension]
    let index = given < 0 ? given + size : given
    guard (0..<size).contains(index) else {
      throw VMapError(
        .invalidArgument,
        "subscript: index \(given) is out of bounds for axis \(dimension) of shape \(shapeText)")
    }
    return index
  }
}

extension TensorHandle {
  /// The indices of a slice.
  fileprivate static func counting(
    _ bounds: SliceBounds, _ type: ElementType
  ) throws(VMapError) -> TensorHandle {
    func constant(_ value: Int) -> TensorHandle {
      .apply(Literal(value: ScalarLiteral(integer: Int64(value), as: type)), [])
    }
    let numbers = TensorHandle.apply(
      Iota(type: TensorType(element: type, shape: [bounds.count]), dimension: 0), [])
    return try .elementwise(
      "add", .elementwise("mul", numbers, constant(bounds.step)), constant(bounds.start))
  }

  /// Integers as indices of a dimension, negative ones counted from the end; what was outside still is.
  ///
  /// - Parameter type: `int32` or `int64`, which holds the size.
  func fromStart(of size: Int, as type: ElementType) throws(VMapError) -> TensorHandle {
    func constant(_ value: Int, _ type: ElementType) -> TensorHandle {
      .apply(Literal(value: ScalarLiteral(integer: Int64(value), as: type)), [])
    }
    var index = self
    if element.isUnsignedInteger {
      // The greatest numbers would become negative ones; all from the size on are outside.
      if element.byteCount >= 4, ScalarLiteral(integer: Int64(size), as: element).bits == size {
        index = try .elementwise("min", index, constant(size, element))
      }
      return try index.converted(to: type)
    }
    index = try index.converted(to: type)
    return try .elementwise(
      "select", .elementwise("lt", index, constant(0, type)),
      .elementwise("add", index, constant(size, type)), index)
  }
}
