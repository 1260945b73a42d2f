/// The matrix product, with dimensions before the last two broadcast as a batch.
///
///     matmul(w, v)     // [3, 5], [5] → [3]
///     matmul(a, b)     // [7, 2, 3], [3, 4] → [7, 2, 4]
///
/// A vector is a row on the left and a column on the right, and its dimension is dropped from the
/// result. Scalars and sizes that differ give a tensor whose reading throws. After `jnp.matmul`.
public func matmul<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(a.handle, b.handle) {
    let (left, right) = (a.handle.sizes, b.handle.sizes)
    guard !left.isEmpty, !right.isEmpty else {
      throw VMapError(
        .shapeMismatch,
        "matmul: takes no scalars, got shapes \(left.shapeText) and \(right.shapeText)")
    }
    guard left.count > 1, right.count > 1 else {
      return try .contraction(
        "matmul", a.handle, b.handle, over: ([left.count - 1], [Swift.max(0, right.count - 2)]))
    }
    let batch = try MatmulBatch(left, right)
    let product = try TensorHandle.contraction(
      "matmul", a.handle.reshaped(to: batch.leftShape), b.handle.reshaped(to: batch.rightShape),
      over: ([batch.leftShape.count - 1], [batch.rightShape.count - 2]), batch: batch.shared)
    return try product.transposed(batch.order)
  }
}

/// How the dimensions before the last two of a matrix product are paired: shared ones are batch
/// dimensions of the contraction, and what only one operand has is free in it, so that nothing is
/// repeated in memory.
private struct MatmulBatch {
  /// The operands' shapes without the size-1 dimensions that broadcast.
  private(set) var leftShape: [Int] = []
  private(set) var rightShape: [Int] = []
  private(set) var shared: (left: [Int], right: [Int]) = ([], [])
  /// The dimension of the contraction's result for each one of the product.
  private(set) var order: [Int] = []

  private enum Source { case shared(Int), left(Int), right(Int) }

  init(_ left: [Int], _ right: [Int]) throws(VMapError) {
    let shape = try [Int].broadcasting(
      [Array(left.dropLast(2)), Array(right.dropLast(2))], for: "matmul")
    var sources: [Source] = []
    for (position, size) in shape.enumerated() {
      let i = position - (shape.count - (left.count - 2))
      let j = position - (shape.count - (right.count - 2))
      let (a, b) = (i >= 0 ? left[i] : nil, j >= 0 ? right[j] : nil)
      if a == size, b == size {
        sources.append(.shared(shared.left.count))
        shared.left.append(leftShape.count)
        shared.right.append(rightShape.count)
        leftShape.append(size)
        rightShape.append(size)
      } else if a == size {
        sources.append(.left(leftShape.count - shared.left.count))
        leftShape.append(size)
      } else {
        sources.append(.right(rightShape.count - shared.right.count))
        rightShape.append(size)
      }
    }
    let freeLeft = leftShape.count - shared.left.count
    let freeRight = rightShape.count - shared.right.count
    let afterLeft = shared.left.count + freeLeft
    for source in sources {
      switch source {
      case .shared(let number): order.append(number)
      case .left(let number): order.append(shared.left.count + number)
      case .right(let number): order.append(afterLeft + 1 + number)
      }
    }
    order += [afterLeft, afterLeft + 1 + freeRight]
    leftShape += left.suffix(2)
    rightShape += right.suffix(2)
  }
}
