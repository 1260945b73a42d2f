import Testing

@testable import VMap
@testable import VMapTestSupport

/// Each example of a batch is decomposed as it would be alone.
@Suite struct LinearAlgebraBatchTests {
  /// Whatever the size of the batch, and the number of examples beside, an example has the same bits.
  @Test func sameBits() throws {
    @Sendable func all(_ x: Tensor<Float>) -> [Tensor<Float>] {
      let (values, vectors) = LinearAlgebra.eigh(x)
      let (u, s, vt) = LinearAlgebra.svd(x)
      let (q, r) = LinearAlgebra.qr(x)
      let y = x[0]
      return [
        values, vectors, u, s, vt, q, r, LinearAlgebra.cholesky(x), LinearAlgebra.solve(x, y),
        LinearAlgebra.lu(x).lu,
      ]
    }
    let n = 4
    let kinds: [MatrixKind] = [.random, .graded, .singular, .diagonal, .zero]
    let examples = (0..<33).map { kinds[$0 % 5].definite(n, seed: $0) }
    func stack(_ count: Int) throws -> Tensor<Float> {
      try Tensor(
        shape: [count, n, n],
        scalars: examples.prefix(count).flatMap { $0.elements.map { Float($0) } })
    }
    let batched = vmap { (x: Tensor<Float>) in all(x) }
    let expected = try batched(stack(33)).map { try $0.scalars() }
    for count in [1, 3, 17] {
      for (result, whole) in zip(try batched(stack(count)), expected) {
        let scalars = try result.scalars()
        let isSame = zip(scalars, whole).allSatisfy {
          $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN
        }
        #expect(isSame && scalars.count * 33 == whole.count * count)
      }
    }
    // Along another axis.
    let turned = try vmap({ (x: Tensor<Float>) in all(x) }, inAxes: 2)(
      stack(33).transposed(1, 2, 0))
    for (result, whole) in zip(turned, expected) { #expect(try result.scalars() == whole) }
  }

  /// One that fails changes no other.
  @Test func failures() throws {
    let good: [Float] = [4, 2, 2, 3]
    let bad: [Float] = [1, 2, 2, 1]
    let zero: [Float] = [0, 0, 0, 0]
    let nan: [Float] = [.nan, 1, 1, 1]
    let x = try Tensor(shape: [4, 2, 2], scalars: good + bad + zero + nan)
    let l = try vmap({ LinearAlgebra.cholesky($0) })(x).scalars()
    #expect(l[..<4].allSatisfy { $0.isFinite } && l[0] == 2 && l[1] == 0)
    for start in [4, 8, 12] {
      #expect(l[start].isNaN && l[start + 1] == 0 && l[start + 2].isNaN && l[start + 3].isNaN)
    }
    let ones = Tensor<Float>([1, 1])
    let solved = try vmap({ LinearAlgebra.solve($0, $1) }, inAxes: [0, nil])(x, ones).scalars()
    #expect(solved[..<4].allSatisfy { $0.isFinite })
    #expect(solved[4..<8].allSatisfy { !$0.isFinite })
    let values = try vmap({ LinearAlgebra.eigh($0).values })(x).scalars()
    #expect(values[..<6].allSatisfy { $0.isFinite } && values[6...].allSatisfy { $0.isNaN })
  }

  @Test func placesOfTheBatch() throws {
    let definite = (0..<10).map { MatrixKind.random.definite(5, seed: $0) }
    let matrices = try Tensor<Float>(
      shape: [10, 5, 5], scalars: definite.flatMap { $0.elements.map { Float($0) } }
    ).transposed(1, 0, 2)
    let factors = try vmap({ LinearAlgebra.cholesky($0) }, inAxes: 1)(matrices)
    #expect(factors.shape == [10, 5, 5])

    let a = try MatrixKind.random.matrix(4, 4).tensor(Float.self) + 4 * Tensor<Float>.eye(4)
    let b = Tensor<Float>.full([5, 4, 10], 1)
    let solved = try vmap(
      { LinearAlgebra.triangularSolve($0, $1) }, inAxes: [nil, 2])(a, b)
    #expect(solved.shape == [10, 5, 4])

    let eye = Tensor<Float>.eye(2)
    let halves = try vmap({ LinearAlgebra.solve($0, $1) }, inAxes: [0, nil])(
      stack([eye, 2 * eye]), Tensor<Float>([1, 1]))
    #expect(try halves.scalars() == [1, 1, 0.5, 0.5])

    let tall = try Tensor<Float>(
      shape: [3, 4, 2], scalars: (0..<24).map { Float(($0 * 7 + 3) % 11) })
    let (u, s, vt) = try vmap({
      let result = LinearAlgebra.svd($0, fullMatrices: false)
      return (result.u, result.s, result.vt)
    })(tall)
    #expect(u.shape == [3, 4, 2] && s.shape == [3, 2] && vt.shape == [3, 2, 2])
    let product = matmul(u * s.reshaped(to: [3, 1, 2]), vt)
    // 20 n units of rounding of the norm, which is below 30.
    #expect(try abs(product - tall).max().scalar() <= 80 * 30 * Float.ulpOfOne / 2)
  }

  /// Dimensions before the last two are a batch; an empty one gives empty results.
  @Test func leadingDimensions() throws {
    let matrices = try Tensor<Double>(
      shape: [2, 3, 2, 2], scalars: (0..<6).flatMap { [Double($0) + 2, 1, 1, 3] })
    let factors = LinearAlgebra.cholesky(matrices)
    #expect(factors.shape == [2, 3, 2, 2])
    let nested = try vmap(vmap { (x: Tensor<Double>) in LinearAlgebra.cholesky(x) })(matrices)
    #expect(try factors.scalars() == nested.scalars())
    let x = LinearAlgebra.solve(matrices, Tensor<Double>([1, 2]))
    #expect(x.shape == [2, 3, 2])
    let empty = Tensor<Double>.zeros([0, 3, 3])
    #expect(try LinearAlgebra.inverse(empty).scalars().isEmpty)
    #expect(try vmap({ LinearAlgebra.eigh($0).vectors })(empty).shape == [0, 3, 3])
    #expect(LinearAlgebra.cholesky(Tensor<Float>.zeros([0, 0])).shape == [0, 0])
  }

  /// A matrix that does not vary is decomposed once, and what is solved with it has columns.
  @Test func sharedMatrix() throws {
    let a = try MatrixKind.random.definite(4).tensor(Float.self)
    let sides = Tensor<Float>.full([5, 4], 1)
    let solve = vmap(inAxes: [nil, 0]) { (a: Tensor<Float>, b: Tensor<Float>) in
      LinearAlgebra.solve(a, b)
    }
    let alone = vmap { (a: Tensor<Float>, b: Tensor<Float>) in LinearAlgebra.solve(a, b) }
    // The loop that makes the factors and the order varies over no axis.
    let factors = /:f32\[4,4\] \w+:i32\[4\] .* = while/
    let ownFactors = /:f32\[4,4\]\{a0\} \w+:i32\[4\]\{a0\} .* = while/
    #expect(try solve.lowered(a, sides).description.contains(factors))
    #expect(try alone.lowered(stack([a, a, a, a, a]), sides).description.contains(ownFactors))
    let same = try alone(stack([a, a, a, a, a]), sides)
    #expect(try solve(a, sides).scalars() == same.scalars())
  }

  @Test func errors() {
    func message(_ run: () throws -> [Float]) -> String {
      do { return "\(try run())" } catch { return "\(error)" }
    }
    let (wide, square) = (Tensor<Float>.zeros([2, 3]), Tensor<Float>.zeros([2, 2]))
    let vector = Tensor<Float>([1, 2, 3])
    let messages = [
      message { try LinearAlgebra.cholesky(wide).scalars() },
      message { try LinearAlgebra.lu(vector).lu.scalars() },
      message { try LinearAlgebra.solve(square, vector).scalars() },
    ]
    #expect(
      messages == [
        "shapeMismatch: cholesky: takes square matrices, got [2,3]",
        "shapeMismatch: lu: takes matrices, got shape [3]",
        "shapeMismatch: solve: shapes [2,2] and [3] do not fit together",
      ])
    for run in [
      { try LinearAlgebra.solve(wide, vector).scalars() },
      { try LinearAlgebra.solve(square, Tensor<Float>(1)).scalars() },
      { try LinearAlgebra.triangularSolve(square, vector).scalars() },
      { try LinearAlgebra.eigh(wide).values.scalars() },
      { try LinearAlgebra.svd(vector).s.scalars() },
      { try LinearAlgebra.qr(Tensor<Float>(1)).q.scalars() },
      { try LinearAlgebra.inverse(wide).scalars() },
      { try LinearAlgebra.determinant(wide).scalars() },
      { try LinearAlgebra.matrixPower(wide, 2).scalars() },
      { try LinearAlgebra.tridiagonalSolve(vector, vector, vector, Tensor<Float>([1])).scalars() },
    ] as [() throws -> [Float]] {
      #expect(throws: VMapError.self) { try run() }
    }
  }
}
