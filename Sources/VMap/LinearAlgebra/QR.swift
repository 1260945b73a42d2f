extension LinearAlgebra {
  /// How many columns the orthogonal factor of ``qr(_:mode:)`` has.
  public enum QRMode: Sendable {
    /// The orthonormal columns that the matrix needs: Q is `[m, k]` and R `[k, n]` with k = min(m, n).
    case reduced
    /// All: Q is `[m, m]` and R `[m, n]`.
    case complete
  }

  /// An orthogonal Q and an upper triangular R with `Q R = a`.
  ///
  ///     let (q, r) = LinearAlgebra.qr(a)     // [m, n] → [m, k], [k, n], k = min(m, n)
  ///
  /// An element of R's diagonal has the other sign than what it is made from, as in LAPACK. `‖Q R − a‖`
  /// and `‖Qᵀ Q − 1‖` are at most about m n units of rounding of `‖a‖` and of 1, usually far less
  /// (Higham, theorem 19.4). After `jnp.linalg.qr`; GVL, algorithms 5.1.1 and 5.2.1, reflections of
  /// Householder.
  public static func qr<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, mode: QRMode = .reduced
  ) -> (q: Tensor<Scalar>, r: Tensor<Scalar>) {
    let element = a.handle.element
    let results = perExample("qr", [Operand(a.handle, rank: 2)], as: [element, element]) {
      terms throws(VMapError) in
      let (rows, columns) = (terms[0].sizes[0], terms[0].sizes[1])
      let count = mode == .complete ? rows : Swift.min(rows, columns)
      func factors(_ a: Term) -> [Term] {
        let reflections = Reflections(of: a)
        return [reflections.orthogonal(columns: count), reflections.triangular(rows: count)]
      }
      guard rows >= columns, count == columns else { return factors(terms[0]) }
      return Term.function(
        "qr", [terms[0]],
        tangents: { changes, site in
          guard let change = changes[0] else { return [nil, nil] }
          return QRDerivative.tangents(change, site.results[0], site.results[1])
        }, as: [element, element]
      ) { factors($0[0]) }
    }
    return (Tensor(handle: results[0]), Tensor(handle: results[1]))
  }
}

/// A matrix taken apart by reflections `1 − τ v vᴴ`, one for each column but, of a square matrix, the
/// last, whose v ends with what stands below the diagonal, after a 1.
struct Reflections {
  /// R, with the vectors below its diagonal.
  let packed: Term
  /// τ for each reflection; one that is not used where there is none.
  let factors: Term
  private let count: Int

  /// Reflections that are known.
  init(packed: Term, factors: Term) {
    (self.packed, self.factors, count) = (packed, factors, factors.sizes[0])
  }

  /// For each column first its own reflection, then the columns after it are reflected.
  init(of a: Term) {
    let (rows, columns) = (a.sizes[0], a.sizes[1])
    count = Swift.min(rows, columns)
    let nothing = a.filled([Swift.max(1, count)], 0)
    guard count > 0 else {
      (packed, factors) = (a, nothing)
      return
    }
    let (zero, one) = (Term.index(0), Term.index(1))
    let (m, n) = (Term.index(rows), Term.index(columns))
    let positions = Term.indices([rows], along: 0)
    let initial = [a, nothing, zero, zero, a.constant(0)]
    let last = Term.index(count)
    let results = Term.whileLoop(initial) {
      $0[2] .< last
    } do: { state in
      let (packed, factors, k, j) = (state[0], state[1], state[2], state[3])
      let isOwn = j .== k
      let below = k + one
      let own = Term.when(isOwn, else: [a.constant(0), a.constant(0), state[4]]) {
        Reflections.reflector(packed, k, m)
      }
      // The diagonal's new element and what divides those below it, or what is subtracted.
      let tau = own[2]
      let dot = Term.when(.!isOwn, else: [a.constant(0)]) {
        let sum = packed[k, j].adding(from: below, to: m) { i in
          (packed[i, k].conjugate, packed[i, j])
        }
        return [sum * tau.conjugate]
      }[0]
      let (old, vector) = (packed.column(j), packed.column(k))
      let kept = Term.select(isOwn, a.constant(0), old)
      let changed = Term.multiplyAdd(vector, .select(isOwn, own[1], -dot), kept)
      let diagonal = Term.select(isOwn, own[0], packed[k, j] - dot)
      let isDiagonal = positions .== k
      let column = Term.select(
        positions .< k, old, .select(isDiagonal, diagonal, changed))
      let next = j + one
      let isInside = next .< n
      return [
        packed.settingColumn(j, to: column), factors.setting(k, to: tau),
        .select(isInside, k, below), .select(isInside, next, below), tau,
      ]
    }
    (packed, factors) = (results[0], results[1])
  }

  /// The diagonal's element, what the vector's elements are multiplied by, and τ of one column.
  private static func reflector(_ matrix: Term, _ k: Term, _ rows: Term) -> [Term] {
    let alpha = matrix[k, k]
    let (zero, one) = (alpha.real.constant(0), alpha.real.constant(1))
    let below = k + .index(1)
    // The squares of elements divided by the greatest neither overflow nor vanish together.
    let greatest = Term.loop(below, rows, [alpha.magnitude]) { i, greatest in
      [.max(greatest[0], matrix[i, k].magnitude)]
    }[0]
    let scale = Term.select(greatest .> zero, greatest, one)
    let divisor = scale.asNumber(alpha.element)
    let imaginary = alpha.imaginary.map { $0 / scale }
    let start = imaginary.map { $0 * $0 } ?? zero
    let tail = Term.loop(below, rows, [start]) { i, sum in
      [(matrix[i, k] / divisor).square(addedTo: sum[0])]
    }[0]
    let head = alpha.real / scale
    let norm = Term.multiplyAdd(head, head, tail).squareRoot * scale
    // What is zero already is left as it is.
    let isLeft = tail .== zero
    let beta = Term.select(alpha.real .< zero, norm, -norm)
    let (element, nothing) = (beta.asNumber(alpha.element), alpha.constant(0))
    let part = (beta - alpha.real) / beta
    let tau = alpha.imaginary.map { Term("complex", part, -$0 / beta, as: alpha.element) } ?? part
    return [
      .select(isLeft, alpha, element),
      .select(isLeft, nothing, alpha.constant(1) / (alpha - element)),
      .select(isLeft, nothing, tau),
    ]
  }

  /// The first rows of R.
  func triangular(rows: Int) -> Term {
    let shape = packed.sizes
    let isBelow = Term.indices(shape, along: 1) .< Term.indices(shape, along: 0)
    return Term.select(isBelow, packed.constant(0), packed).prefix(rows, along: 0)
  }

  /// The first columns of the product of all reflections.
  ///
  /// The last reflection is applied first, so that each changes only columns from its own on.
  func orthogonal(columns: Int) -> Term {
    let rows = packed.sizes[0]
    let identity = Term.identity(rows, columns, packed.element)
    guard count > 0, columns > 0 else { return identity }
    let (zero, one) = (Term.index(0), Term.index(1))
    let (m, n) = (Term.index(rows), Term.index(columns))
    let positions = Term.indices([rows], along: 0)
    let last = Term.index(count - 1)
    return Term.whileLoop([identity, last, last]) { state in
      .!(state[1] .< zero)
    } do: { state in
      let (q, k, j) = (state[0], state[1], state[2])
      let below = k + one
      let sum = q[k, j].adding(from: below, to: m) { i in (packed[i, k].conjugate, q[i, j]) }
      let dot = sum * factors[k]
      let old = q.column(j)
      let changed = Term.multiplyAdd(packed.column(k), -dot, old)
      let column = Term.select(
        positions .< k, old, .select(positions .== k, old - dot, changed))
      let next = j + one
      let isInside = next .< n
      return [
        q.settingColumn(j, to: column), .select(isInside, k, k - one),
        .select(isInside, next, k - one),
      ]
    }[0]
  }

  /// The product of all reflections, or its conjugate transpose, with a matrix.
  ///
  /// The product's last reflection is applied first, its transpose's first one.
  func applied(to matrix: Term, isTransposed: Bool) -> Term {
    let (rows, columns) = (matrix.sizes[0], matrix.sizes[1])
    guard count > 0, columns > 0 else { return matrix }
    let positions = Term.indices([rows], along: 0)
    let (m, n) = (Term.index(rows), Term.index(columns))
    return Term.loop(.index(0), .index(count), [matrix]) { step, state in
      let k = isTransposed ? step : .index(count - 1) - step
      let below = k + .index(1)
      let vector = packed.column(k)
      let tau = isTransposed ? factors[k].conjugate : factors[k]
      return Term.loop(.index(0), n, state) { j, state in
        let c = state[0]
        let sum = c[k, j].adding(from: below, to: m) { i in (packed[i, k].conjugate, c[i, j]) }
        let dot = sum * tau
        let old = c.column(j)
        let changed = Term.multiplyAdd(vector, -dot, old)
        let column = Term.select(
          positions .< k, old, .select(positions .== k, old - dot, changed))
        return [c.settingColumn(j, to: column)]
      }
    }[0]
  }
}
