import Testing
import VMap

/// Norms, and numbers that are made of singular values, against JAX.
@Suite struct NormTests {
  private static let tall: [Double] = [2, -1, 0.5, 1, 3, -2, 0, 1, 4, 1, -1, 1]
  private static let square: [Double] = [1, 2, 0.5, -1, 0.25, 1, 0.5, -2, 1]

  @Test func vectors() throws {
    let x = Tensor<Double>([3, -4, 0, 1.5])
    let orders: [Double] = [0, 1, 2, 3, 0.5, .infinity, -.infinity, -1]
    let norms = orders.map { LinearAlgebra.vectorNorm(x, ord: $0).reshaped(to: [1]) }
    try expectClose(
      concatenate(norms),
      [3, 8.5, 5.22015325445528, 4.55287424561729, 24.5698234029611, 4, 0, 0], within: 1e-14)
    let rows = try Tensor<Float>(shape: [2, 3], scalars: [3, 0, -4, 1, 2, 2])
    #expect(try LinearAlgebra.vectorNorm(rows).scalars() == [5, 3])
    for order in orders {
      #expect(try LinearAlgebra.vectorNorm(Tensor<Float>.zeros([0]), ord: order).scalar() == 0)
    }
  }

  @Test func matrices() throws {
    let a = try Tensor<Double>(shape: [4, 3], scalars: Self.tall)
    let kinds: [LinearAlgebra.MatrixNorm] = [.frobenius, .nuclear, .l1, .l2, .infinity]
    let norms = kinds.map { LinearAlgebra.matrixNorm(a, ord: $0).reshaped(to: [1]) }
    try expectClose(
      concatenate(norms), [6.26498204307083, 10.4751282159369, 7.5, 4.73550988585813, 6],
      within: 1e-14)
    for kind in kinds {
      #expect(try LinearAlgebra.matrixNorm(Tensor<Float>.zeros([0, 2]), ord: kind).scalar() == 0)
    }
  }

  @Test func conditionNumbers() throws {
    let a = try Tensor<Double>(shape: [3, 3], scalars: Self.square)
    let kinds: [LinearAlgebra.MatrixNorm] = [.frobenius, .nuclear, .l1, .l2, .infinity]
    func numbers(_ a: Tensor<Double>) -> Tensor<Double> {
      concatenate(kinds.map { LinearAlgebra.cond(a, p: $0).reshaped(to: [1]) })
    }
    try expectClose(
      numbers(a), [3.6327633692507, 9.9389802268703, 4.63636363636364, 2, 4.03030303030303],
      within: 1e-13)
    #expect(try numbers(Tensor<Double>.zeros([2, 2])).scalars().allSatisfy { $0 == .infinity })
    let nan = try Tensor<Double>(shape: [2, 2], scalars: [1, .nan, 0, 1])
    #expect(try numbers(nan).scalars().allSatisfy { $0.isNaN })
    let tall = try Tensor<Double>(shape: [4, 3], scalars: Self.tall)
    try expectClose(LinearAlgebra.cond(tall), [1.93326381537631], within: 1e-14)
  }

  @Test func ranks() throws {
    let matrices: [Tensor<Double>] = try [
      Tensor(shape: [4, 3], scalars: Self.tall),
      Tensor(shape: [3, 3], scalars: [1, 2, 3, 2, 4, 6, 1, 0, 1]), .zeros([2, 2]),
      Tensor(shape: [2, 2], scalars: [.nan, 1, 1, 1]), .zeros([0, 2]),
    ]
    let ranks = matrices.map { LinearAlgebra.matrixRank($0).reshaped(to: [1]) }
    #expect(try concatenate(ranks).scalars() == [3, 2, 0, 0, 0])
    let graded = try Tensor<Double>(shape: [3, 3], scalars: [1, 0, 0, 0, 1e-3, 0, 0, 0, 1e-7])
    #expect(try LinearAlgebra.matrixRank(graded, rtol: 1e-4).scalar() == 2)
  }
}
