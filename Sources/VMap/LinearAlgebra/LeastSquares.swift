extension LinearAlgebra {
  /// The pseudo-inverse of a matrix, after Moore and Penrose.
  ///
  ///     let p = LinearAlgebra.pinv(a)     // [m, n] → [n, m]
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - rtol: The part of the greatest singular value up to which others count as zero; where it is nil,
  ///     10 max(m, n) times the distance from 1 to the next number.
  /// - Returns: The pseudo-inverse; NaN where an element of the matrix is not finite.
  ///
  /// After `jnp.linalg.pinv`, by ``svd(_:fullMatrices:)``.
  public static func pinv<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, rtol: Double? = nil
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("pinv", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in
        let a = terms[0]
        let shape = a.sizes
        let count = Swift.min(shape[0], shape[1])
        guard count > 0 else { return [a.filled([shape[1], shape[0]], 0)] }
        let parts = SingularValues(of: a, isFull: false)
        let relative = rtol ?? 10 * SingularValues.relativeError(a)
        let isKept = parts.values .> parts.greatest * a.constant(relative)
        let divisors = Term.select(isKept, parts.values, a.constant(.infinity))
        let scaled = parts.u.transposed / divisors.reshaped(to: [count, 1])
        return [.product(parts.vt.transposed, scaled)]
      }[0])
  }

  /// The x for which the sum of the squares of `b − a x` is least, of several the shortest one.
  ///
  ///     let x = LinearAlgebra.lstsq(a, b).x     // [m, n], [m] → [n]
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - b: The right-hand sides: a vector, or the columns of `[m, k]`.
  ///   - rcond: The part of the greatest singular value below which others count as zero; where it is
  ///     nil, max(m, n) times the distance from 1 to the next number, where it is negative, that distance.
  /// - Returns: The solutions, of shape `[n]` or `[n, k]`; for each of them the sum of squares that is
  ///   left, `[1]` or `[k]`; the number of singular values that count, and all of them, the greatest
  ///   first.
  ///
  /// After `jnp.linalg.lstsq`, by ``svd(_:fullMatrices:)``.
  public static func lstsq<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, rcond: Double? = nil
  ) -> (
    x: Tensor<Scalar>, residuals: Tensor<Scalar>, rank: Tensor<Int32>,
    singularValues: Tensor<Scalar>
  ) {
    let element = a.handle.element
    let operands = [
      Operand(a.handle, rank: 2), Operand(b.handle, rank: b.handle.shape.count == 1 ? 1 : 2),
    ]
    let results = perExample("lstsq", operands, as: [element, element, .int32, element]) {
      terms throws(VMapError) in
      guard terms[0].sizes[0] == terms[1].sizes[0] else { throw mismatch("lstsq", terms) }
      return leastSquares(terms[0], terms[1], rcond)
    }
    return (
      Tensor(handle: results[0]), Tensor(handle: results[1]), Tensor(handle: results[2]),
      Tensor(handle: results[3])
    )
  }

  private static func leastSquares(_ a: Term, _ b: Term, _ rcond: Double?) -> [Term] {
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    let sides = b.sizes.count == 1 ? b.reshaped(to: [rows, 1]) : b
    let shape = [columns] + b.sizes.dropFirst()
    let count = Swift.min(rows, columns)
    guard count > 0 else {
      let left = rows > 0 ? (sides * sides).sum(along: 0) : a.filled([sides.sizes[1]], 0)
      return [a.filled(shape, 0), left, .index(0), a.filled([0], 0)]
    }
    let parts = SingularValues(of: a, isFull: false)
    let (zero, one) = (a.constant(0), a.constant(1))
    let relative = rcond.map { $0 < 0 ? 2 * a.unitRoundoff : $0 } ?? SingularValues.relativeError(a)
    let least = parts.greatest * a.constant(relative)
    let isKept = .!(parts.values .< least) .&& (parts.values .> zero)
    let divisors = Term.select(isKept, parts.values, one)
    let factors = Term.select(isKept, one / divisors, zero).reshaped(to: [count, 1])
    let x = Term.product(
      parts.vt.transposed, factors * .product(parts.u.transposed, sides))
    let rest = sides - .product(a, x)
    return [
      x.reshaped(to: shape), (rest * rest).sum(along: 0),
      Term.select(isKept, .index(1), .index(0)).sum, parts.values,
    ]
  }
}
