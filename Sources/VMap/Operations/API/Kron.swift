/// The Kronecker product: each element of the first operand times all of the second.
///
///     kron(a, b)     // [m, n], [p, q] → [m p, n q]
///
/// An operand of a lower rank gets dimensions of size 1 in front. After `jnp.kron`.
public func kron<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(a.handle, b.handle) {
    let rank = Swift.max(a.handle.sizes.count, b.handle.sizes.count)
    func aligned(_ shape: [Int]) -> [Int] {
      [Int](repeating: 1, count: rank - shape.count) + shape
    }
    let (left, right) = (aligned(a.handle.sizes), aligned(b.handle.sizes))
    _ = try (left + right).elementCount()
    let products = try TensorHandle.elementwise(
      "mul", a.handle.reshaped(to: left.flatMap { [$0, 1] }),
      b.handle.reshaped(to: right.flatMap { [1, $0] }))
    return try products.reshaped(to: zip(left, right).map { $0 * $1 })
  }
}
