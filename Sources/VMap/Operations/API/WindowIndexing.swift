/// A subscript as a gather or a scatter: index vectors, and windows that begin at them.
///
/// Numbers and tensors are numbers of an index vector; tensors are broadcast together. A slice of
/// neighbours is a dimension of windows, a slice with a step counts windows.
struct WindowIndexing {
  /// What an index makes of its dimension.
  enum Item {
    case number(Int)
    case neighbours(start: Int, count: Int)
    case steps(SliceBounds)
    case tensor(TensorHandle)
  }

  /// What errors call the function.
  let name: String
  let source: [Int]
  let items: [Item]
  /// The shape of what is indexed.
  let shape: [Int]
  /// That shape without new dimensions.
  let windows: [Int]
  let dimensions: WindowDimensions
  let sizes: [Int]
  /// The shape that all tensors have in common, and where in `shape` and `windows` it begins.
  let arrayShape: [Int]
  let arrayStart: (shape: Int, windows: Int)
  /// Where in `windows` the dimension of each slice with a step is.
  let stepPositions: [Int: Int]

  init(_ indices: [TensorIndex], of source: [Int], for name: String) throws(VMapError) {
    self.name = name
    self.source = source
    var items: [Item] = []
    // For each index the dimension it is for, or nil for a new one.
    var order: [Int?] = []
    // Where numbers and tensors stand in the subscript, and the first of them among the indices.
    var advanced: [Int] = []
    var first: Int?
    for (index, position) in try TensorIndex.expanded(indices, over: source, for: name) {
      guard let item = try Self.item(index, items.count, source, for: name) else {
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
    let array = try [Int].broadcasting(tensors, for: name)

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
    _ index: TensorIndex, _ dimension: Int, _ source: [Int], for name: String
  ) throws(VMapError) -> Item? {
    switch index.kind {
    case .newAxis, .ellipsis: return nil
    case .at(let given):
      return .number(try source.index(given, ofDimension: dimension, for: name))
    case .slice(let from, let to, let step):
      let bounds = try SliceBounds(from, to, step, source[dimension], for: name)
      return bounds.step == 1
        ? .neighbours(start: bounds.start, count: bounds.count) : .steps(bounds)
    case .tensor(let tensor): return .tensor(tensor)
    }
  }
}
