extension TensorHandle {
  /// The shape for those who read it as numbers.
  ///
  /// Of a length that each example has for itself there is no number: who reads one makes the trace fail.
  var visibleShape: [Int] {
    guard shape.hasRagged else { return shape }
    if let (_, segments) = raggedRows {
      let lengths = zip(segments.offsets.dropFirst(), segments.offsets).lazy.map { $0 - $1 }
      return shape.map { $0.isRagged ? lengths.max() ?? 0 : $0 }
    }
    trace?.record(
      VMapError(
        .raggedDimension,
        "shape: a dimension of \(type) has a length of its own for each example, which no number is: "
          + "dimensionSize gives it as a tensor, and rank the number of dimensions"))
    return shape.map { $0.isRagged ? 0 : $0 }
  }
}
