/// Convolutions again: of the change with the kernel turned round, and of the left operand with the
/// change. After `conv_general_dilated` of JAX.
extension Convolution: BilinearOperation {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil, nil] }
    let (left, right) = (site.operands[0], site.operands[1])
    if [left, right, change].contains(where: { $0.sizes.contains(0) }) {
      return [left.zeros, right.zeros]
    }
    let turned = dimensions.right.dropFirst(2).enumerated()
      .filter { window.reversal[$0.offset] != 0 }.map(\.element)
    return [
      site.wanted[0] ? try leftPart(change, right.reversed(turned), at: site) : nil,
      site.wanted[1] ? try rightPart(change, at: site).reversed(turned) : nil,
    ]
  }

  private func swapped(_ list: [Int]) -> [Int] { [list[1], list[0]] + list.dropFirst(2) }

  /// Of each dimension in space: the sizes of the left operand, of the kernel and of the result, spread
  /// out as they are in this convolution.
  private func spreads(
    _ change: Term, at site: DerivativeSite
  ) -> [(left: Int, right: Int, result: Int)] {
    window.strides.indices.map { d in
      func spread(_ term: Term, _ dimension: Int, by step: Int) -> Int {
        (term.sizes[dimension] - 1) * step + 1
      }
      return (
        spread(site.operands[0], dimensions.left[d + 2], by: window.leftDilation[d]),
        spread(site.operands[1], dimensions.right[d + 2], by: window.rightDilation[d]),
        spread(change, dimensions.result[d + 2], by: window.strides[d])
      )
    }
  }

  private func leftPart(
    _ change: Term, _ kernel: Term, at site: DerivativeSite
  ) throws(VMapError) -> Term {
    var kernel = kernel
    let groups = max(featureGroups, batchGroups)
    if groups > 1 {
      kernel = kernel.movingGroups(groups, from: dimensions.right[0], to: dimensions.right[1])
    }
    let padding = spreads(change, at: site).enumerated().map { d, spread in
      let before = spread.right - window.padding[d][0] - 1
      return [before, spread.left + spread.right - 1 - spread.result - before]
    }
    let convolution = Convolution(
      dimensions: (dimensions.result, swapped(dimensions.right), dimensions.left),
      window: Window(
        strides: window.leftDilation, padding: padding, leftDilation: window.strides,
        rightDilation: window.rightDilation, reversal: window.reversal.map { _ in 0 }),
      featureGroups: groups)
    let turned = kernel.reversed(Array(dimensions.right.dropFirst(2)))
    let result = try site.apply(convolution, change, turned)
    guard batchGroups > 1 else { return result }
    return result.movingGroups(batchGroups, from: dimensions.left[1], to: dimensions.left[0])
  }

  private func rightPart(_ change: Term, at site: DerivativeSite) throws(VMapError) -> Term {
    let padding = spreads(change, at: site).enumerated().map { d, spread in
      let low = window.padding[d][0]
      return [low, spread.result + spread.right - spread.left - 1 - low]
    }
    let convolution = Convolution(
      dimensions: (
        swapped(dimensions.left), swapped(dimensions.result), swapped(dimensions.right)
      ),
      window: Window(
        strides: window.rightDilation, padding: padding, leftDilation: window.leftDilation,
        rightDilation: window.strides, reversal: window.reversal.map { _ in 0 }),
      featureGroups: batchGroups, batchGroups: featureGroups)
    return try site.apply(convolution, site.operands[0], change)
  }
}

extension Term {
  /// Groups along a dimension become part of another one, outside of what it has.
  fileprivate func movingGroups(_ groups: Int, from: Int, to: Int) -> Term {
    var split = sizes
    split[from] /= groups
    split.insert(groups, at: from)
    // The groups stand before `from`, and go before `to`.
    let target = to < from ? to : to + 1
    var order = split.indices.filter { $0 != from }
    order.insert(from, at: order.firstIndex(of: target) ?? 0)
    var merged = sizes
    merged[from] /= groups
    merged[to] *= groups
    return reshaped(to: split).transposed(order).reshaped(to: merged)
  }
}
