/// Tensors one after another along a dimension.
///
///     concatenate([a, b], axis: 1)     // [2, 3], [2, 4] → [2, 7]
///
/// No tensors, or shapes that differ elsewhere, give a tensor whose reading throws. After
/// `jnp.concatenate`.
public func concatenate<Scalar>(_ tensors: [Tensor<Scalar>], axis: Int = 0) -> Tensor<Scalar> {
  let handles = tensors.map(\.handle)
  return Tensor(
    handle: .checked(handles, as: Scalar.elementType) {
      try TensorHandle.joined(handles, "concatenate", axis)
    })
}

/// Tensors of one shape along a new dimension of the result.
///
///     stack([a, b])     // [3], [3] → [2, 3]
///
/// No tensors, or shapes that differ, give a tensor whose reading throws. After `jnp.stack`.
public func stack<Scalar>(_ tensors: [Tensor<Scalar>], axis: Int = 0) -> Tensor<Scalar> {
  let handles = tensors.map(\.handle)
  return Tensor(
    handle: .checked(handles, as: Scalar.elementType) {
      guard let first = handles.first else {
        throw VMapError(.invalidArgument, "stack: there is nothing to stack")
      }
      let shape = first.sizes
      for handle in handles where handle.sizes != shape {
        throw VMapError(
          .shapeMismatch,
          "stack: shapes \(shape.shapeText) and \(handle.sizes.shapeText) differ")
      }
      let result = [tensors.count] + shape
      let dimension = try result.dimension(axis, for: "stack")
      let expanded = tensors.map { $0.expandedDimension(at: dimension).handle }
      return try TensorHandle.joined(expanded, "stack", dimension)
    })
}

extension TensorHandle {
  /// The most operands that one kernel reads; more are joined in groups.
  private static let widestJoin = 32

  static func joined(
    _ handles: [TensorHandle], _ name: String, _ axis: Int
  ) throws(VMapError) -> TensorHandle {
    guard let first = handles.first else {
      throw VMapError(.invalidArgument, "\(name): there is nothing to join")
    }
    let dimension = try first.sizes.dimension(axis, for: name)
    if handles.count == 1 { return first }
    var level = handles
    while level.count > widestJoin {
      var next: [TensorHandle] = []
      for start in stride(from: 0, to: level.count, by: widestJoin) {
        let group = Array(level[start..<Swift.min(start + widestJoin, level.count)])
        next.append(
          group.count == 1 ? group[0] : try .step(Concatenate(dimension: dimension), group))
      }
      level = next
    }
    return try .step(Concatenate(dimension: dimension), level)
  }
}
