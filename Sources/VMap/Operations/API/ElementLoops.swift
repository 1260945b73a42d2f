/// A function of numbers, for all elements of tensors that broadcast to each other: each element has
/// the loops in it for itself.
func forEachElement<Scalar: TensorFloatingPoint>(
  of operands: [Tensor<Scalar>],
  _ function: @escaping @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  let shape = operands.dropFirst().reduce(operands[0], +).shape
  if shape.isEmpty { return function(operands) }
  let elements = operands.map { $0.broadcast(to: shape).flattened() }
  do {
    return try vmap(function)(elements).reshaped(to: shape)
  } catch {
    return Tensor(handle: .failed(error, Scalar.elementType))
  }
}
