/// The general contraction: a sum of products over pairs of dimensions, for each pair of batch ones.
///
/// The result's dimensions are the batch dimensions, then what is free in the left operand, then in
/// the right one.
struct DotGeneral: Operation {
  let contracting: (left: [Int], right: [Int])
  let batch: (left: [Int], right: [Int])

  var name: String { "dot_general" }

  func checkRagged(_ operands: [TensorType]) {}
  var addsUp: Bool { true }
  var attributes: [Attribute] {
    [
      Attribute(
        "dimension_numbers",
        .lists([contracting.left, contracting.right, batch.left, batch.right]))
    ]
  }

  static func make(name: String, attributes: Attributes) throws(VMapError) -> any Operation {
    let lists = try attributes.lists("dimension_numbers")
    guard lists.count == 4 else {
      throw VMapError(.parse, "dot_general: dimension_numbers are four lists")
    }
    return DotGeneral(contracting: (lists[0], lists[1]), batch: (lists[2], lists[3]))
  }

  func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
    let (left, right) = (operands[0], operands[1])
    guard left.element == right.element, left.element != .bool else {
      throw VMapError(
        .typeMismatch, "dot_general: takes numbers of one type, got \(left) and \(right)")
    }
    _ = try left.shape.dropping(contracting.left + batch.left, for: name)
    _ = try right.shape.dropping(contracting.right + batch.right, for: name)
    let pairs = zip(contracting.left + batch.left, contracting.right + batch.right)
    guard contracting.left.count == contracting.right.count, batch.left.count == batch.right.count,
      pairs.allSatisfy({ left.shape[$0] == right.shape[$1] })
    else {
      throw VMapError(
        .shapeMismatch,
        "dot_general: shapes \(left.shape.shapeText) and \(right.shape.shapeText) cannot be "
          + "contracted over \(contracting.left.shapeText) and \(contracting.right.shapeText)")
    }
    let shape =
      batch.left.map { left.shape[$0] }
      + free(left.shape.count, contracting.left + batch.left)
      .map { left.shape[$0] }
      + free(right.shape.count, contracting.right + batch.right).map { right.shape[$0] }
    return [TensorType(element: left.element, shape: try shape.counted(for: name))]
  }

  private func free(_ rank: Int, _ taken: [Int]) -> [Int] {
    (0..<rank).filter { !taken.contains($0) }
  }

  func elements(_ operands: [Operand], at index: [Expression], _ loops: LoopBuilder) -> [Expression]
  {
    let (left, right) = (operands[0], operands[1])
    let type = left.type.element
    let freeLeft = free(left.type.shape.count, contracting.left + batch.left)
    let freeRight = free(right.type.shape.count, contracting.right + batch.right)
    let batches = index.prefix(batch.left.count)
    let lefts = index.dropFirst(batch.left.count).prefix(freeLeft.count)
    let rights = index.suffix(freeRight.count)
    func place(
      _ rank: Int, _ parts: [(dimensions: [Int], indices: [Expression])]
    ) -> [Expression] {
      var result = [Expression](repeating: loops.graph.index(0), count: rank)
      for part in parts {
        for (dimension, index) in zip(part.dimensions, part.indices) { result[dimension] = index }
      }
      return result
    }
    func factors(_ summed: [Expression]) -> [Expression] {
      [
        left[
          place(
            left.type.shape.count,
            [(batch.left, Array(batches)), (freeLeft, Array(lefts)), (contracting.left, summed)])],
        right[
          place(
            right.type.shape.count,
            [
              (batch.right, Array(batches)), (freeRight, Array(rights)),
              (contracting.right, summed),
            ])],
      ]
    }
    // A reduction has at least one loop: with nothing to sum this is a product.
    if contracting.left.isEmpty { return [loops.apply(.multiply, factors([]), type)] }
    let extents = contracting.left.map { left.type.shape[$0] }
    return loops.reduce(
      over: extents, ReductionTree(over: extents, reading(left, right)),
      isExact: !type.part.isFloating, initial: [.zero(type)],
      step: { sums, summed in
        [loops.apply(.fusedMultiplyAdd, factors(summed) + [sums[0]], type)]
      },
      merge: { a, b in [loops.apply(.add, [a[0], b[0]], type)] })
  }

  /// How the factors are read along the contracted dimensions.
  private func reading(_ left: Operand, _ right: Operand) -> ElementLayout.Reading? {
    // Over all loops of both: those of the sum, of the batch, and what is free in either operand.
    let summed = contracting.left.map { left.type.shape[$0] }
    let batches = batch.left.map { left.type.shape[$0] }
    let freeLeft = free(left.type.shape.count, contracting.left + batch.left)
    let freeRight = free(right.type.shape.count, contracting.right + batch.right)
    let shape =
      summed + batches + freeLeft.map { left.type.shape[$0] }
      + freeRight.map { right.type.shape[$0] }
    let type = ValueType(
      left.type.element, shape, axes: left.type.axes.union(right.type.axes))
    func common(_ operand: Operand, _ dimensions: [Int], _ free: [Int], from first: Int)
      -> ElementLayout
    {
      operand.layout.view(as: type) { loop in
        guard case .dimension(let place) = loop else { return loop }
        return (dimensions.firstIndex(of: place) ?? free.firstIndex(of: place).map { $0 + first })
          .map(ElementLoop.dimension)
      }
    }
    let first = summed.count + batches.count
    let layouts = [
      common(left, contracting.left + batch.left, freeLeft, from: first),
      common(right, contracting.right + batch.right, freeRight, from: first + freeLeft.count),
    ]
    return ElementLayout(combining: layouts, as: type)
      .reading(along: summed.indices.map(ElementLoop.dimension))
  }
}

extension DotGeneral: BilinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil, nil] }
    return [
      site.wanted[0] ? try factor(change, isLeft: true, at: site) : nil,
      site.wanted[1] ? try factor(change, isLeft: false, at: site) : nil,
    ]
  }

  /// The contraction of a change with the other operand, over what is free in that one.
  private func factor(
    _ change: Term, isLeft: Bool, at site: DerivativeSite
  ) throws(VMapError) -> Term {
    let own = site.operands[isLeft ? 0 : 1].sizes.count
    let other = site.operands[isLeft ? 1 : 0]
    let (ownBatch, otherBatch) = isLeft ? (batch.left, batch.right) : (batch.right, batch.left)
    let (ownSummed, otherSummed) =
      isLeft
      ? (contracting.left, contracting.right) : (contracting.right, contracting.left)
    let ownFree = free(own, ownBatch + ownSummed)
    let otherFree = free(other.sizes.count, otherBatch + otherSummed)
    let batches = Array(ownBatch.indices)
    let start = batches.count + (isLeft ? ownFree.count : 0)
    let contraction = DotGeneral(
      contracting: (Array(start..<start + otherFree.count), otherFree),
      batch: (batches, otherBatch))
    let product = try site.apply(contraction, change, other)
    // The batch, what is free of the operand, and what was summed up, in the order of the other one.
    let order =
      ownBatch + ownFree
      + otherSummed.sorted().map { dimension in
        ownSummed[otherSummed.firstIndex(of: dimension) ?? 0]
      }
    var permutation = order
    for (position, dimension) in order.enumerated() { permutation[dimension] = position }
    return product.transposed(permutation)
  }
}
