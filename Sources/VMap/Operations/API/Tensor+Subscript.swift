extension Tensor {
  /// Elements by NumPy's basic indexing, with tensors of integers as indices.
  ///
  ///     x[1]                 // [4, 3] → [3]
  ///     x[-1, 0]             // [4, 3] → []
  ///     x[.all, 1...]        // [4, 3] → [4, 2]
  ///     x[ids, .all]         // [4, 3], ids: [7] → [7, 3]
  ///     x[rows, columns]     // [4, 3], rows, columns: [7] → [7]
  ///
  /// An `Int` outside its dimension, or too many indices, give a tensor whose reading throws; ranges
  /// and tensors are brought to the edges. Several tensors are broadcast together.
  public subscript(indices: any TensorIndexing...) -> Tensor {
    let indices = indices.map(\.tensorIndex)
    var operands = [handle]
    for index in indices {
      if case .tensor(let tensor) = index.kind { operands.append(tensor) }
    }
    return Tensor(
      handle: .checked(operands, as: Scalar.elementType) {
        let arrays = operands.dropFirst().count { !$0.sizes.isEmpty }
        if arrays > 1 {
          return try WindowIndexing(indices, of: handle.sizes, for: "subscript").gather(handle)
        }
        return try Indexing(indices, of: handle.sizes).apply(to: handle)
      })
  }
}

/// A subscript taken apart: a slice, reversed dimensions, a reshape, and elements taken by tensors.
private struct Indexing {
  private var starts: [Int] = []
  private var limits: [Int] = []
  private var strides: [Int] = []
  private var reversed: [Int] = []
  /// The shape after slicing, without dropped dimensions and with new ones.
  private var shape: [Int] = []
  /// Tensors and the dimension of `shape` that each one indexes.
  private var tensors: [(dimension: Int, indices: TensorHandle)] = []
  /// Where indices that are no slices stand, among all.
  private var advanced: [Int] = []
  private let source: [Int]

  init(_ indices: [TensorIndex], of source: [Int]) throws(VMapError) {
    self.source = source
    for entry in try TensorIndex.expanded(indices, over: source, for: "subscript") {
      try add(entry.index, at: entry.position)
    }
  }

  private mutating func add(_ index: TensorIndex, at position: Int) throws(VMapError) {
    if case .newAxis = index.kind {
      shape.append(1)
      return
    }
    let dimension = starts.count
    let size = source[dimension]
    switch index.kind {
    case .at(let given):
      let start = try source.index(given, ofDimension: dimension, for: "subscript")
      (starts, limits, strides) = (starts + [start], limits + [start + 1], strides + [1])
      advanced.append(position)
    case .slice(let from, let to, let step):
      try addSlice(from, to, step, size)
    case .tensor(let indices):
      tensors.append((shape.count, indices))
      advanced.append(position)
      (starts, limits, strides) = (starts + [0], limits + [size], strides + [1])
      shape.append(size)
    case .newAxis, .ellipsis: break
    }
  }

  private mutating func addSlice(
    _ from: Int?, _ to: Int?, _ step: Int, _ size: Int
  ) throws(VMapError) {
    let bounds = try SliceBounds(from, to, step, size, for: "subscript")
    // A negative step takes the same elements forwards, then reverses them.
    if bounds.step < 0 { reversed.append(starts.count) }
    starts.append(bounds.low)
    limits.append(bounds.count == 0 ? 0 : bounds.low + (bounds.count - 1) * abs(bounds.step) + 1)
    strides.append(abs(bounds.step))
    shape.append(bounds.count)
  }

  func apply(to handle: TensorHandle) throws(VMapError) -> TensorHandle {
    var result = handle
    let isWhole =
      starts.allSatisfy { $0 == 0 } && limits == source && strides.allSatisfy { $0 == 1 }
    if !isWhole {
      result = try result.sliced(starts, limits, strides, as: reversed.isEmpty ? shape : nil)
    }
    if !reversed.isEmpty { result = try .step(Reverse(dimensions: reversed), result) }
    result = try result.reshaped(to: shape)
    // From the last one, so that the dimensions before it keep their places.
    for (dimension, indices) in tensors.reversed() {
      result = try .step(Take(dimension: dimension), result, indices)
    }
    return try movingArray(result)
  }

  /// NumPy puts the dimensions of an index array first where other integers stand apart from it.
  private func movingArray(_ handle: TensorHandle) throws(VMapError) -> TensorHandle {
    guard let first = advanced.first, let last = advanced.last,
      last - first + 1 != advanced.count,
      let number = tensors.firstIndex(where: { !$0.indices.shape.isEmpty })
    else { return handle }
    let scalars = tensors[..<number].count
    let start = tensors[number].dimension - scalars
    let moved = start..<start + tensors[number].indices.shape.count
    let rank = handle.shape.count
    return try handle.transposed(Array(moved) + (0..<rank).filter { !moved.contains($0) })
  }
}
