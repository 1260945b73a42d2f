/// The batched contraction: axes of both operands are batch dimensions, those of one are free ones.
extension DotGeneral: BatchRule {
  func batched(
    _ instruction: Instruction, _ operands: [BatchedValue], in builder: inout BatchedBuilder
  ) throws(VMapError) -> [BatchedValue] {
    let left = Side(
      value: operands[0], contracting: contracting.left, batch: batch.left,
      firstFree: batch.left.count)
    let right = Side(
      value: operands[1], contracting: contracting.right, batch: batch.right,
      firstFree: batch.left.count + left.freeCount)
    let shared = left.value.axes.ids.filter(right.value.axes.contains)
    let layout = DotGeneral.layout(left, right, shared)
    // The operands change places where this puts the axes in front.
    let swapped = DotGeneral.layout(right, left, shared)
    if !layout.isAxesFirst, swapped.isAxesFirst {
      return [try DotGeneral.emit(right, left, shared, as: swapped, in: &builder)]
    }
    return [try DotGeneral.emit(left, right, shared, as: layout, in: &builder)]
  }

  /// One operand of a contraction.
  private struct Side {
    let value: BatchedValue
    let contracting: [Int]
    let batch: [Int]
    /// The dimension of the result that the first free one is, for one example.
    let firstFree: Int

    var freeCount: Int { value.rank - contracting.count - batch.count }

    /// What the free dimensions are in the result, as they lie.
    func free(_ shared: [Int]) -> [BatchedDimension] {
      let taken = contracting + batch
      return value.layout.compactMap { label in
        switch label {
        case .axis(let axis): return shared.contains(axis) ? nil : label
        case .dimension(let old):
          if taken.contains(old) { return nil }
          return .dimension(firstFree + old - taken.count { $0 < old })
        }
      }
    }

    /// Where the batch dimensions lie.
    func batchPositions(_ shared: [Int]) -> [Int] {
      shared.map { value.layout.position(of: .axis($0)) }
        + value.layout.positions(of: batch)
    }
  }

  private static func layout(_ a: Side, _ b: Side, _ shared: [Int]) -> [BatchedDimension] {
    shared.map { .axis($0) } + a.batch.indices.map { .dimension($0) } + a.free(shared)
      + b.free(shared)
  }

  private static func emit(
    _ a: Side, _ b: Side, _ shared: [Int], as layout: [BatchedDimension],
    in builder: inout BatchedBuilder
  ) throws(VMapError) -> BatchedValue {
    let operation = DotGeneral(
      contracting: (
        a.value.layout.positions(of: a.contracting), b.value.layout.positions(of: b.contracting)
      ),
      batch: (a.batchPositions(shared), b.batchPositions(shared)))
    return try builder.emit(operation, [a.value, b.value], as: layout)
  }
}
