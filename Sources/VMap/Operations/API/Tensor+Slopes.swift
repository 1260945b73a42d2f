extension Tensor where Scalar: TensorFloatingPoint {
  /// The same number with derivatives that are given, for what it was made of.
  ///
  /// - Parameters:
  ///   - operands: Scalars.
  ///   - slopes: The derivative for each of them, from all of them; one that is not asked for is not
  ///     computed.
  func changing(
    with operands: [Tensor], by slopes: [@Sendable ([Tensor]) throws -> Tensor]
  ) -> Tensor {
    let value = stopGradient(self)
    let terms = ([value] + operands).map { Term($0.handle) }
    let result = Term.function(
      "slopes", terms,
      tangents: { changes, site throws(VMapError) in
        let operands = site.operands.dropFirst().map { Tensor(handle: $0.handle) }
        var sum: Term?
        for (change, slope) in zip(changes.dropFirst(), slopes) {
          guard let change else { continue }
          do {
            sum = .sum(sum, change * Term(try slope(operands).handle))
          } catch { throw VMapError(caught: error) }
        }
        return [sum]
      }, as: [Scalar.elementType]
    ) { [$0[0]] }
    return Tensor(handle: result[0].handle)
  }
}
