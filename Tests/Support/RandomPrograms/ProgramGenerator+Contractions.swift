@testable import VMap

extension ProgramGenerator {
  func dot() -> [RandomValue]? {
    guard let x = pick(where: { !$0.shape.isEmpty && $0.element != .bool }) else { return nil }
    var (contracting, batch): ([Int], [Int]) = ([], [])
    for dimension in shuffled(x.shape.count) {
      switch choices.below(10) {
      case 0...4: contracting.append(dimension)
      case 5: batch.append(dimension)
      default: break
      }
    }
    if contracting.isEmpty, choices.chance(90) {
      contracting = [choices.below(x.shape.count)]
      batch.removeAll(where: contracting.contains)
    }
    if choices.chance(12) {
      return contraction(x, x, (contracting, contracting), (batch, batch)).map { [$0] }
    }
    // The other operand has the same dimensions in another order, and some of its own.
    let shared = contracting + batch
    let free = choices.weighted([(4, 0), (5, 1), (1, 2)])
    let order = shuffled(shared.count + free)
    var shape = [Int](repeating: 0, count: order.count)
    for (number, place) in order.enumerated() {
      shape[place] = number < shared.count ? x.shape[shared[number]] : choices.size()
    }
    guard fits(shape) else { return nil }
    let y = value(x.element, shape)
    let right = (
      Array(order.prefix(contracting.count)),
      Array(order[contracting.count..<shared.count])
    )
    if choices.chance(50) {
      return contraction(y, x, (right.0, contracting), (right.1, batch)).map { [$0] }
    }
    return contraction(x, y, (contracting, right.0), (batch, right.1)).map { [$0] }
  }

  private func contraction(
    _ x: RandomValue, _ y: RandomValue, _ contracting: ([Int], [Int]), _ batch: ([Int], [Int])
  ) -> RandomValue? {
    let count = contracting.0.reduce(1) { $0 * x.shape[$1] }
    return product(DotGeneral(contracting: contracting, batch: batch), x, y, count)
  }

  /// A sum of so many products.
  private func product(
    _ operation: any Operation, _ x: RandomValue, _ y: RandomValue, _ count: Int
  ) -> RandomValue? {
    let magnitude = 2 * x.magnitude * y.magnitude * Double(max(1, count))
    let digits = x.digits.flatMap { a in y.digits.map { a + $0 } }
    let isInexact = x.element.isInexact
    return emit(
      operation, [x, y], magnitude: isInexact ? magnitude : x.element.greatestMagnitude,
      digits: .some(isInexact ? digits : 0))
  }

  func convolution() -> [RandomValue]? {
    guard let found = pick(where: { !$0.shape.isEmpty && $0.element != .bool && $0.count > 0 })
    else { return nil }
    var x = found
    while x.shape.count < 3 {
      guard let wider = emit(Reshape(shape: [1] + x.shape), [x]) else { return nil }
      x = wider
    }
    let rank = x.shape.count
    guard rank <= 4 else { return nil }
    let (left, right, result) = (shuffled(rank), shuffled(rank), shuffled(rank))
    let inputs = x.shape[left[1]]
    let groups = (1...4).filter { inputs.isMultiple(of: $0) }
    let featureGroups = choices.chance(75) ? 1 : choices.element(of: groups)
    let batchGroups =
      featureGroups == 1 && choices.chance(15)
      ? choices.element(of: (1...4).filter { x.shape[left[0]].isMultiple(of: $0) }) : 1
    var kernel = [Int](repeating: 1, count: rank)
    kernel[right[0]] = featureGroups * batchGroups * choices.number(in: 1...3)
    kernel[right[1]] = inputs / featureGroups
    for d in 2..<rank { kernel[right[d]] = choices.number(in: 1...min(4, x.shape[left[d]] + 1)) }
    guard fits(kernel) else { return nil }
    func list(_ value: (Int) -> Int) -> [Int] { (2..<rank).map(value) }
    let operation = Convolution(
      dimensions: (left, right, result),
      window: Convolution.Window(
        strides: list { _ in choices.chance(70) ? 1 : 2 },
        padding: (2..<rank).map { _ in [choices.number(in: 0...2), choices.number(in: 0...2)] },
        leftDilation: list { _ in choices.chance(80) ? 1 : 2 },
        rightDilation: list { _ in choices.chance(80) ? 1 : 2 },
        reversal: list { _ in choices.chance(80) ? 0 : 1 }),
      featureGroups: featureGroups, batchGroups: batchGroups)
    let y = value(x.element, kernel)
    return product(operation, x, y, kernel.reduce(1, *)).map { [$0] }
  }
}
