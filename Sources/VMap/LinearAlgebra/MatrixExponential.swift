extension LinearAlgebra {
  /// The exponential of a matrix, `1 + a + a²/2! + …`.
  ///
  ///     let e = LinearAlgebra.expm(a)     // [n, n] → [n, n]
  ///
  /// - Parameters:
  ///   - a: The matrix.
  ///   - maxSquarings: How often a result may be squared; what needs more is NaN.
  ///
  /// The result is the exact one of a matrix that differs from `a` by about a unit of rounding of its
  /// norm, and by the roundings of the squarings, as many as the logarithm of the norm to base 2. After
  /// `jax.scipy.linalg.expm`; N. J. Higham, *The Scaling and Squaring Method for the Matrix Exponential
  /// Revisited*, SIAM Journal on Matrix Analysis and Applications 26 (2005).
  public static func expm<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, maxSquarings: Int = 16
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("expm", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in
        guard try order(of: terms[0], for: "expm") > 0 else { return [terms[0]] }
        return [exponential(terms[0], maxSquarings)]
      }[0])
  }

  private static func exponential(_ a: Term, _ greatest: Int) -> Term {
    let quotient = PadeApproximant(a.element)
    let norm = a.magnitude.sum(along: 0).maximum
    let limit = a.constant(quotient.greatestNorm)
    // Halved until the approximant is exact but for roundings.
    let scaling = Term.whileLoop([a.constant(1), .index(0)]) { state in
      .!(norm * state[0] .< limit) .&& (state[1] .< .index(greatest))
    } do: { state in
      [state[0] * a.constant(0.5), state[1] + .index(1)]
    }
    let (scale, squarings) = (scaling[0], scaling[1])
    let approximate = quotient.value(of: a * scale)
    let squared = Term.whileLoop([approximate, squarings]) { state in
      .index(0) .< state[1]
    } do: { state in
      [.product(state[0], state[0]), state[1] - .index(1)]
    }[0]
    // What is no number, or infinite, is not below the limit either.
    return .select(norm * scale .< limit, squared, a.constant(.nan))
  }
}

/// A quotient of polynomials that is near the exponential of matrices up to a norm.
private struct PadeApproximant {
  let greatestNorm: Double
  /// Those of the numerator; in the denominator the odd ones have the other sign.
  private let coefficients: [Double]

  /// The one of least work for each bit (Higham, table 2.3).
  init(_ element: ElementType) {
    if element == .float64 {
      greatestNorm = 5.371920351148152
      coefficients = [
        64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600,
        1_187_353_796_428_800, 129_060_195_264_000, 10_559_470_521_600, 670_442_572_800,
        33_522_128_640, 1_323_241_920, 40_840_800, 960_960, 16_380, 182, 1,
      ]
    } else {
      greatestNorm = 3.925724783138660
      coefficients = [17_297_280, 8_648_640, 1_995_840, 277_200, 25_200, 1512, 56, 1]
    }
  }

  func value(of a: Term) -> Term {
    let n = a.sizes[0]
    let square = Term.product(a, a)
    let fourth = Term.product(square, square)
    let powers = [Term.identity(n, n, a.element), square, fourth, .product(fourth, square)]
    /// Every second coefficient from one on, with the powers up to the sixth.
    func sum(from first: Int) -> Term {
      func part(_ coefficients: [Double], _ powers: ArraySlice<Term>) -> Term {
        let terms = zip(coefficients, powers).map { $1 * a.constant($0) }
        return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
      }
      let own = stride(from: first, to: coefficients.count, by: 2).map { coefficients[$0] }
      let low = part(Array(own.prefix(4)), powers[...])
      if own.count <= 4 { return low }
      return low + .product(powers[3], part(Array(own.dropFirst(4)), powers[1...]))
    }
    let (odd, even) = (Term.product(a, sum(from: 1)), sum(from: 0))
    return LUFactors(of: even - odd).solve(even + odd)
  }
}
