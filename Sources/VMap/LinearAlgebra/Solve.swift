extension LinearAlgebra {
  /// The solution of `a x = b`.
  ///
  ///     let x = LinearAlgebra.solve(a, b)     // [n, n], [n] → [n], or [n, n], [n, m] → [n, m]
  ///
  /// A vector is one right-hand side; otherwise the columns of `b` are. Where the matrix is singular,
  /// elements of the solution are infinite or NaN. The solution is the exact one of a matrix that
  /// differs from `a` by about n units of rounding of `|L| |U|` (Higham, theorem 9.4). After
  /// `jnp.linalg.solve`, by ``lu(_:)``.
  public static func solve<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let rank = b.handle.shape.count == 1 ? 1 : 2
    let operands = [Operand(a.handle, rank: 2), Operand(b.handle, rank: rank)]
    return Tensor(
      handle: perExample("solve", operands, as: [a.handle.element]) { terms throws(VMapError) in
        guard try order(of: terms[0], for: "solve") == terms[1].sizes[0] else {
          throw mismatch("solve", terms)
        }
        return [LUFactors(of: terms[0]).solve(terms[1])]
      }[0])
  }

  /// The inverse of a matrix.
  ///
  ///     let inverse = LinearAlgebra.inverse(a)     // [n, n] → [n, n]
  ///
  /// Where the matrix is singular, elements are infinite or NaN. Each column is a solution as
  /// ``solve(_:_:)`` gives it. After `jnp.linalg.inv`.
  public static func inverse<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("inverse", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in
        let n = try order(of: terms[0], for: "inverse")
        return [LUFactors(of: terms[0]).solve(.identity(n, n, terms[0].element))]
      }[0])
  }

  /// The inverse of a matrix: see ``inverse(_:)``.
  public static func inv<Scalar: TensorFloatingPoint>(_ a: Tensor<Scalar>) -> Tensor<Scalar> {
    inverse(a)
  }

  /// The determinant of a matrix; a scalar.
  ///
  ///     let d = LinearAlgebra.determinant(a)     // [n, n] → []
  ///
  /// The product of the pivots of ``lu(_:)``, which overflows earlier than ``slogdet(_:)``. After
  /// `jnp.linalg.det`.
  public static func determinant<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("determinant", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in
        _ = try order(of: terms[0], for: "determinant")
        let factors = LUFactors(of: terms[0])
        return [factors.sign * factors.lu.diagonal.product]
      }[0])
  }

  /// The determinant of a matrix: see ``determinant(_:)``.
  public static func det<Scalar: TensorFloatingPoint>(_ a: Tensor<Scalar>) -> Tensor<Scalar> {
    determinant(a)
  }

  /// The sign of a determinant, and the natural logarithm of its absolute value; scalars.
  ///
  ///     let (sign, logarithm) = LinearAlgebra.slogdet(a)     // [n, n] → [], []
  ///
  /// Of a singular matrix they are 0 and −∞. After `jnp.linalg.slogdet`.
  public static func slogdet<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>
  ) -> (sign: Tensor<Scalar>, logarithm: Tensor<Scalar>) {
    let element = a.handle.element
    let results = perExample("slogdet", [Operand(a.handle, rank: 2)], as: [element, element]) {
      terms throws(VMapError) in
      _ = try order(of: terms[0], for: "slogdet")
      let factors = LUFactors(of: terms[0])
      let pivots = factors.lu.diagonal
      return [
        factors.sign * Term("sign", pivots).product, Term("log", pivots.magnitude).sum,
      ]
    }
    return (Tensor(handle: results[0]), Tensor(handle: results[1]))
  }

  /// The product of a matrix with itself, as often as a number says.
  ///
  ///     let cube = LinearAlgebra.matrixPower(a, 3)     // [n, n] → [n, n]
  ///
  /// The power 0 is the identity; negative ones are those of the inverse. After
  /// `jnp.linalg.matrix_power`, by squaring.
  public static func matrixPower<Scalar: TensorFloatingPoint>(
    _ a: Tensor<Scalar>, _ exponent: Int
  ) -> Tensor<Scalar> {
    Tensor(
      handle: perExample("matrixPower", [Operand(a.handle, rank: 2)], as: [a.handle.element]) {
        terms throws(VMapError) in
        let n = try order(of: terms[0], for: "matrixPower")
        let identity = Term.identity(n, n, terms[0].element)
        var square = exponent < 0 ? LUFactors(of: terms[0]).solve(identity) : terms[0]
        var result: Term?
        var rest = exponent.magnitude
        while rest > 0 {
          if rest % 2 == 1 { result = result.map { .product($0, square) } ?? square }
          rest /= 2
          if rest > 0 { square = .product(square, square) }
        }
        return [result ?? identity]
      }[0])
  }
}

extension Term {
  /// Ones on the diagonal, zeros elsewhere.
  static func identity(_ rows: Int, _ columns: Int, _ element: ElementType) -> Term {
    let shape = [rows, columns]
    return (indices(shape, along: 0) .== indices(shape, along: 1)).converted(to: element)
  }
}
