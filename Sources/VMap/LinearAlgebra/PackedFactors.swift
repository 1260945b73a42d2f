// Decompositions in the form in which LAPACK gives them: the factors packed into one matrix, the rows
// of pivots, and a number that says whether the matrix has the decomposition.

extension LinearAlgebra {
  /// The factors of ``lu(_:)``, its pivots and order, and the number of the first pivot that is zero,
  /// counted from 1; 0 where none is.
  static func packedLU(_ a: TensorHandle) -> [TensorHandle] {
    let elements = [a.element, .int32, .int32, .int32]
    return perExample("lu", [Operand(a, rank: 2)], as: elements) { terms in
      let factors = LUFactors(of: terms[0])
      let pivots = factors.lu.diagonal
      let isZero = pivots .== pivots.constant(0)
      return [factors.lu, factors.pivots, factors.permutation, isZero.firstPosition]
    }
  }

  /// The factor of ``cholesky(_:upper:symmetrizeInput:)`` from one triangle, and whether there is none:
  /// 1, otherwise 0.
  static func packedCholesky(_ a: TensorHandle, upper: Bool) -> [TensorHandle] {
    let factor = cholesky(a, upper: upper, symmetrizeInput: false)
    let state = perExample("cholesky", [Operand(factor, rank: 2)], as: [.int32]) { terms in
      let diagonal = terms[0].diagonal.real
      return [(.!(diagonal .== diagonal)).firstPosition]
    }
    return [factor] + state
  }

  /// R with the vectors of the reflections below its diagonal, and τ for each.
  static func packedQR(_ a: TensorHandle) -> [TensorHandle] {
    perExample("qr", [Operand(a, rank: 2)], as: [a.element, a.element]) { terms in
      let reflections = Reflections(of: terms[0])
      let count = Swift.min(terms[0].sizes[0], terms[0].sizes[1])
      return [reflections.packed, reflections.factors.prefix(count, along: 0)]
    }
  }

  /// The order of so many rows after each has been exchanged with the one that a pivot says.
  static func rowOrder(_ pivots: TensorHandle, of size: Int) -> TensorHandle {
    perExample("rowOrder", [Operand(pivots, rank: 1)], as: [.int32]) { terms in
      let pivots = terms[0]
      let order = Term.indices([size], along: 0)
      guard pivots.sizes[0] > 0 else { return [order] }
      return Term.loop(.index(0), .index(pivots.sizes[0]), [order]) { i, state in
        let (order, other) = (state[0], pivots[i])
        return [order.setting(i, to: order[other]).setting(other, to: order[i])]
      }
    }[0]
  }

  /// The first columns of a product of reflections, as many as the packed matrix has.
  static func householderProduct(_ packed: TensorHandle, _ factors: TensorHandle) -> TensorHandle {
    let operands = [Operand(packed, rank: 2), Operand(factors, rank: 1)]
    return perExample("householderProduct", operands, as: [packed.element]) {
      terms throws(VMapError) in
      let (rows, columns) = (terms[0].sizes[0], terms[0].sizes[1])
      guard columns <= rows, terms[1].sizes[0] <= columns else {
        throw mismatch("householderProduct", terms)
      }
      return [Reflections(packed: terms[0], factors: terms[1]).orthogonal(columns: columns)]
    }[0]
  }

  /// The product of a matrix with all reflections, or with the conjugate transpose of their product.
  static func householderMultiply(
    _ packed: TensorHandle, _ factors: TensorHandle, _ other: TensorHandle, isLeft: Bool,
    isTransposed: Bool
  ) -> TensorHandle {
    let operands = [
      Operand(packed, rank: 2), Operand(factors, rank: 1), Operand(other, rank: 2),
    ]
    return perExample("householderMultiply", operands, as: [other.element]) {
      terms throws(VMapError) in
      let count = terms[1].sizes[0]
      guard count <= terms[0].sizes[0], count <= terms[0].sizes[1],
        terms[2].sizes[isLeft ? 0 : 1] == terms[0].sizes[0]
      else { throw mismatch("householderMultiply", terms) }
      let reflections = Reflections(packed: terms[0], factors: terms[1])
      // `C Q` is the conjugate transpose of `Qᴴ Cᴴ`.
      let c = isLeft ? terms[2] : terms[2].transposed.conjugate
      let product = reflections.applied(to: c, isTransposed: isTransposed == isLeft)
      return [isLeft ? product : product.transposed.conjugate]
    }[0]
  }
}

extension Term {
  /// The number of the first element of a vector that is true, counted from 1; 0 where none is.
  fileprivate var firstPosition: Term {
    let count = sizes[0]
    guard count > 0 else { return .index(0) }
    let end = Term.index(count + 1)
    let rest = end - Term.indices(sizes, along: 0) - .index(1)
    let greatest = Term.select(self, rest, .index(0)).maximum
    return .select(greatest .== .index(0), .index(0), end - greatest)
  }
}
