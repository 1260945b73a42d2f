extension LinearAlgebra {
  /// A norm of vectors: of the last dimension, whose place a number takes.
  ///
  ///     let length = LinearAlgebra.vectorNorm(x, ord: 1)     // [n] → []
  ///
  /// - Parameters:
  ///   - x: The vector.
  ///   - ord: The order p of the norm, the p-th root of the sum of the p-th powers of magnitudes; ∞ for
  ///     the greatest magnitude, −∞ for the least, 0 for how many elements are not zero.
  ///
  /// The norm of no elements is 0. After `jnp.linalg.vector_norm`.
  public static func vectorNorm<Scalar: TensorFloatingPoint>(
    _ x: Tensor<Scalar>, ord: Double = 2
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("vectorNorm", [Operand(x.handle, rank: 1)], as: [x.handle.element]) {
        terms throws(VMapError) in
        let x = terms[0]
        let (zero, one) = (x.constant(0), x.constant(1))
        guard x.sizes != [0] else { return [zero] }
        switch ord {
        case .infinity: return [x.magnitude.maximum]
        case -.infinity: return [x.magnitude.minimum]
        case 0: return [Term.select(x .== zero, zero, one).sum]
        case 1: return [x.magnitude.sum]
        case 2: return [(x * x).sum.squareRoot]
        default:
          let powers = Term("pow", x.magnitude, x.constant(ord))
          return [Term("pow", powers.sum, x.constant(1 / ord))]
        }
      }[0])
  }

  /// Norms of matrices.
  public enum MatrixNorm: Sendable {
    /// The square root of the sum of the squares of all elements.
    case frobenius
    /// The sum of the singular values.
    case nuclear
    /// The greatest sum of the magnitudes in a column.
    case l1
    /// The greatest singular value.
    case l2
    /// The greatest sum of the magnitudes in a row.
    case infinity
  }

  /// A norm of matrices; a scalar.
  ///
  ///     let size = LinearAlgebra.matrixNorm(a, ord: .l2)     // [m, n] → []
  ///
  /// The norm of no elements is 0; where singular values are needed, elements that are not finite make
  /// it NaN. After `jnp.linalg.matrix_norm`.
  public static func matrixNorm<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, ord: MatrixNorm = .frobenius
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("matrixNorm", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in [norm(terms[0], ord)]
      }[0])
  }

  /// The condition number of a matrix: the norm of the matrix times that of its inverse; a scalar.
  ///
  ///     let number = LinearAlgebra.cond(a)     // [m, n] → []
  ///
  /// For ``MatrixNorm/l2`` it is the greatest singular value divided by the least, also of a matrix that
  /// is not square. Of a singular matrix it is infinite, or as large as rounding lets it be; it is NaN
  /// where an element is. A matrix without elements gives a tensor whose reading throws. After
  /// `jnp.linalg.cond`.
  public static func cond<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, p: MatrixNorm = .l2
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("cond", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in
        let a = terms[0]
        guard !a.sizes.contains(0) else {
          throw VMapError(
            .shapeMismatch, "cond: takes matrices with elements, got \(a.sizes.shapeText)")
        }
        let number: Term
        if p == .l2 {
          let values = SingularValues.values(of: a)
          number = values[.index(0)] / values[.index(values.sizes[0] - 1)]
        } else {
          let n = try order(of: a, for: "cond")
          let inverse = LUFactors(of: a).solve(.identity(n, n, a.element))
          number = norm(a, p) * norm(inverse, p)
        }
        // The inverse of a singular matrix has no norm.
        let greatest = a.magnitude.maximum
        let (infinity, nan) = (a.constant(.infinity), a.constant(.nan))
        let failed = Term.select(greatest .== greatest, infinity, nan)
        return [.select(number .< infinity, number, failed)]
      }[0])
  }

  /// How many singular values of a matrix are not zero; a scalar.
  ///
  ///     let rank = LinearAlgebra.matrixRank(a)     // [m, n] → []
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - rtol: The part of the greatest singular value up to which others count as zero; where it is nil,
  ///     max(m, n) times the distance from 1 to the next number.
  ///
  /// Of a matrix with elements that are not finite it is 0. After `jnp.linalg.matrix_rank`.
  public static func matrixRank<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, rtol: Double? = nil
  ) -> Tensor<Int32> {
    Tensor(
      handle: perExample("matrixRank", [Operand(a.handle, rank: 2)], as: [.int32]) {
        terms throws(VMapError) in
        let a = terms[0]
        guard !a.sizes.contains(0) else { return [.index(0)] }
        let values = SingularValues.values(of: a)
        let relative = rtol ?? SingularValues.relativeError(a)
        let isKept = values .> values[.index(0)] * a.constant(relative)
        return [Term.select(isKept, .index(1), .index(0)).sum]
      }[0])
  }

  private static func norm(_ a: Term, _ kind: MatrixNorm) -> Term {
    guard !a.sizes.contains(0) else { return a.constant(0) }
    switch kind {
    case .frobenius: return (a * a).sum.squareRoot
    case .nuclear: return SingularValues.values(of: a).sum
    case .l1: return a.magnitude.sum(along: 0).maximum
    case .l2: return SingularValues.values(of: a)[.index(0)]
    case .infinity: return a.magnitude.sum(along: 1).maximum
    }
  }
}
