extension Tensor {
  /// Elements by NumPy's basic indexing, with tensors of integers as indices.
  ///
  ///     x[1]                 // [4, 3] → [3]
  ///     x[-1, 0]             // [4, 3] → []
  ///     x[.all, 1...]        // [4, 3] → [4, 2]
  ///     x[ids, .all]         // [4, 3], ids: [7] → [7, 3]
  ///
  /// An `Int` outside its dimension, or too many indices, give a tensor whose reading throws; ranges
  /// and tensors are brought to the edges. One index may be a tensor of rank 1 or more.
  public subscript(indices: any TensorIndexing...) -> Tensor {
    let indices = indices.map(\.tensorIndex)
    var operands = [handle]
    for index in indices {
      if case .tensor(let tensor) = index.kind { operands.append(tensor) }
    }
    return Tensor(
      handle: .checked(operands, as: Scalar.elementType) {
        try Indexing(indices, of: handle.sizes).apply(to: handle)
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
    let rest = source.count - used
    let all = TensorIndex(kind: .slice(nil, nil, by: 1))
    for (position, index) in (ellipses == 0 ? indices + [.ellipsis] : indices).enumerated() {
      switch index.kind {
      case .ellipsis: for _ in 0..<rest { try add(all, at: position) }
      default: try add(index, at: position)
      }
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
      let start = given < 0 ? given + size : given
      guard (0..<size).contains(start) else {
        throw VMapError(
          .invalidArgument,
          "subscript: index \(given) is out of bounds for axis \(dimension) of shape "
            + source.shapeText)
      }
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

  /// Python's rules for `start:stop:step`.
  private mutating func addSlice(
    _ from: Int?, _ to: Int?, _ step: Int, _ size: Int
  ) throws(VMapError) {
    guard step != 0, step != .min else {
      throw VMapError(.invalidArgument, "subscript: a step of \(step) is not possible")
    }
    let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
    func bound(_ index: Int) -> Int {
      Swift.min(Swift.max(index < 0 ? Swift.max(index + size, -1) : index, low), high)
    }
    let start = from.map(bound) ?? (step > 0 ? low : high)
    let stop = to.map(bound) ?? (step > 0 ? high : low)
    let stride = abs(step)
    let distance = step > 0 ? stop - start : start - stop
    let count = distance > 0 ? (distance - 1) / stride + 1 : 0
    // A negative step takes the same elements forwards, then reverses them.
    let first = count == 0 ? 0 : step > 0 ? start : start - (count - 1) * stride
    let last = count == 0 ? 0 : first + (count - 1) * stride + 1
    if step < 0, count > 1 { reversed.append(starts.count) }
    starts.append(first)
    limits.append(last)
    strides.append(count > 1 ? stride : 1)
    shape.append(count)
  }

  func apply(to handle: TensorHandle) throws(VMapError) -> TensorHandle {
    var result = handle
    let isWhole =
      starts.allSatisfy { $0 == 0 } && limits == source && strides.allSatisfy { $0 == 1 }
    if !isWhole {
      result = try .step(Slice(starts: starts, limits: limits, strides: strides), result)
    }
    if !reversed.isEmpty { result = try .step(Reverse(dimensions: reversed), result) }
    result = try result.reshaped(to: shape)
    var arrays = 0
    // From the last one, so that the dimensions before it keep their places.
    for (dimension, indices) in tensors.reversed() {
      let rank = indices.sizes.count
      result = try .step(Take(dimension: dimension), result, indices)
      guard rank > 0 else { continue }
      arrays += 1
      guard arrays == 1 else {
        throw VMapError(
          .invalidArgument,
          "subscript: one index may be a tensor of rank 1 or more, there are \(arrays)")
      }
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
