/// The vectors that say where windows begin.
extension WindowIndexing {
  /// The shape of the tensor of index vectors, without the vectors.
  private var batch: [Int] { dimensions.counting(rank: windows.count).map { windows[$0] } }

  /// Where a dimension of `windows` that counts windows stands among those.
  private func batchPosition(_ position: Int) -> Int {
    position - dimensions.window.count { $0 < position }
  }

  /// One type for all numbers of the vectors, which holds the sizes and everything near them.
  var indexType: ElementType {
    let isLong = items.enumerated().contains { dimension, item in
      guard case .tensor(let tensor) = item else { return source[dimension] > Int(Int32.max) }
      return source[dimension] > Int(Int32.max) || tensor.element.byteCount == 8
        || tensor.element == .uint32
    }
    return isLong ? .int64 : .int32
  }

  /// The index vectors.
  func vectors() throws(VMapError) -> TensorHandle {
    let (type, batch) = (indexType, batch)
    var parts: [TensorHandle] = []
    for dimension in dimensions.indexed {
      var number: TensorHandle
      var places: [Int] = []
      switch items[dimension] {
      case .number(let value), .neighbours(let value, _):
        number = .integer(value, type)
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
}

extension TensorHandle {
  /// The indices of a slice.
  fileprivate static func counting(
    _ bounds: SliceBounds, _ type: ElementType
  ) throws(VMapError) -> TensorHandle {
    let numbers = TensorHandle.apply(
      Iota(type: TensorType(element: type, shape: [bounds.count]), dimension: 0), [])
    return try .elementwise(
      "add", .elementwise("mul", numbers, .integer(bounds.step, type)),
      .integer(bounds.start, type))
  }

}
