/// A sum of products that letters describe, one for each dimension: letters that are not in the result
/// are summed over.
///
///     einsum("ij,jk->ik", a, b)          // the matrix product
///     einsum("bij,bj->bi", m, v)         // a batch of matrix-vector products
///     einsum("ii", m)                    // the trace
///     einsum("...ij->...ji", m)          // the last two dimensions exchanged
///
/// A letter twice in an operand takes its diagonal; an ellipsis stands for the dimensions without
/// letters, which broadcast. Without an arrow the result has the letters that occur once, in
/// alphabetical order. Operands are contracted from the left to the right.
///
/// A specification that does not fit the operands gives a tensor whose reading throws. After
/// `jnp.einsum`.
public func einsum<Scalar: TensorNumber>(
  _ specification: String, _ operands: Tensor<Scalar>...
) -> Tensor<Scalar> {
  let handles = operands.map(\.handle)
  return Tensor(
    handle: .checked(handles, as: Scalar.elementType) {
      let specification = try EinsumSpecification(specification, handles.map(\.sizes))
      var rest: [LabelledHandle] = []
      for (handle, labels) in zip(handles, specification.operands) {
        rest.append(
          try LabelledHandle(handle: handle, labels: labels)
            .takingDiagonals().droppingRepeated(specification.sizes))
      }
      var product = rest.removeFirst()
      while !rest.isEmpty {
        let next = rest.removeFirst()
        let needed = Set(specification.result + rest.flatMap(\.labels))
        product = try product.contracted(with: next, keeping: needed)
      }
      return try product.summed(keeping: Set(specification.result))
        .arranged(specification.result)
    })
}

/// A tensor whose dimensions have labels.
private struct LabelledHandle {
  typealias Label = EinsumSpecification.Label

  var handle: TensorHandle
  var labels: [Label]

  /// The diagonal along labels that occur twice: every (n + 1)-th of n² elements.
  func takingDiagonals() throws(VMapError) -> LabelledHandle {
    var result = self
    while let second = result.labels.indices.first(where: {
      result.labels[..<$0].contains(result.labels[$0])
    }) {
      let label = result.labels[second]
      guard let first = result.labels.firstIndex(of: label) else { break }
      let shape = result.handle.sizes
      let size = shape[first]
      guard shape[second] == size else {
        throw VMapError(
          .shapeMismatch,
          "einsum: a diagonal needs equal sizes, got \(size) and \(shape[second]) in shape "
            + shape.shapeText)
      }
      let others = shape.indices.filter { $0 != first && $0 != second }
      let outer = others.map { shape[$0] }
      let none = [Int](repeating: 0, count: outer.count)
      let ones = [Int](repeating: 1, count: outer.count)
      let flat = try result.handle.transposed(others + [first, second])
        .reshaped(to: outer + [size * size])
      let diagonal = Slice(
        starts: none + [0], limits: outer + [size * size], strides: ones + [size + 1])
      result.handle = size == 1 ? flat : try .step(diagonal, flat)
      result.labels = others.map { result.labels[$0] } + [label]
    }
    return result
  }

  /// Without the dimensions of size 1 that broadcast.
  func droppingRepeated(_ sizes: [Label: Int]) throws(VMapError) -> LabelledHandle {
    let shape = handle.sizes
    let kept = shape.indices.filter { shape[$0] == sizes[labels[$0]] }
    return LabelledHandle(
      handle: try handle.reshaped(to: kept.map { shape[$0] }), labels: kept.map { labels[$0] })
  }

  /// Summed over the labels that are not needed.
  func summed(keeping needed: Set<Label>) throws(VMapError) -> LabelledHandle {
    let dimensions = labels.indices.filter { !needed.contains(labels[$0]) }
    return LabelledHandle(
      handle: try handle.reduced(.sum, dimensions, keepDims: false),
      labels: labels.filter(needed.contains))
  }

  /// The product with another, summed over the labels that are not needed.
  func contracted(
    with other: LabelledHandle, keeping needed: Set<Label>
  ) throws(VMapError) -> LabelledHandle {
    let left = try summed(keeping: needed.union(other.labels))
    let right = try other.summed(keeping: needed.union(labels))
    let shared = left.labels.filter(right.labels.contains)
    let batch = shared.filter(needed.contains)
    let contracting = shared.filter { !needed.contains($0) }
    func positions(_ wanted: [Label], _ labels: [Label]) -> [Int] {
      wanted.compactMap(labels.firstIndex)
    }
    let product = try TensorHandle.contraction(
      "einsum", left.handle, right.handle,
      over: (positions(contracting, left.labels), positions(contracting, right.labels)),
      batch: (positions(batch, left.labels), positions(batch, right.labels)))
    return LabelledHandle(
      handle: product,
      labels: batch + left.labels.filter { !shared.contains($0) }
        + right.labels.filter { !shared.contains($0) })
  }

  /// The dimensions in the order of the result.
  func arranged(_ result: [Label]) throws(VMapError) -> TensorHandle {
    try handle.transposed(result.compactMap(labels.firstIndex))
  }
}
