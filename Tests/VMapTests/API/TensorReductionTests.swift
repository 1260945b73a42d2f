import Testing
import VMap

/// Sums, extremes and statistics of elements.
@Suite struct TensorReductionTests {
  typealias Ints = Tensor<Int32>
  typealias Floats = Tensor<Float>

  @Test func integers() throws {
    let x = try Ints.counting(2, 3, 2, from: 1)
    let bits = Tensor([[true, false], [true, true]])
    try expectAll([
      (x.sum(), [], [78]), (x.sum(axis: 1), [2, 2], [9, 12, 27, 30]),
      (x.sum(axis: -1, keepDims: true), [2, 3, 1], [3, 7, 11, 15, 19, 23]),
      (x.sum(axes: [0, 2]), [3], [18, 26, 34]),
      (x.sum(axes: [-1, 0], keepDims: true), [1, 3, 1], [18, 26, 34]),
      (x.sum(axes: []), [2, 3, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      (x.sum(keepDims: true), [1, 1, 1], [78]),
      (x.product(axis: 0), [3, 2], [7, 16, 27, 40, 55, 72]), (x.max(axes: [1, 2]), [2], [6, 12]),
      (x.min(axis: 0), [3, 2], [1, 2, 3, 4, 5, 6]), (x.argmax(), [], [11]),
      (x.argmin(axis: 1, keepDims: true), [2, 1, 2], [0, 0, 0, 0]),
      (x.argmax(axis: -1), [2, 3], [1, 1, 1, 1, 1, 1]),
      (bits.sum(), [], [3]), (bits.sum(axis: 0), [2], [2, 1]),
    ])
    try expectAll([
      (bits.any(axis: 1), [2], [true, true]), (bits.all(axis: 1), [2], [false, true]),
      (bits.all(), [], [false]), (bits.any(keepDims: true), [1, 1], [true]),
    ])
  }

  @Test func statistics() throws {
    let x = Floats([[1, 2, 4], [8, 16, 31]])
    try expectAllClose([
      (x.mean(), [], [10.333333]), (x.mean(axis: 0), [3], [4.5, 9, 17.5]),
      (x.mean(axes: [1], keepDims: true), [2, 1], [2.3333333, 18.333334]),
      (x.variance(), [], [110.22222222222221]),
      (x.variance(axis: 1, ddof: 1), [2], [2.333333333333333, 136.33333333333334]),
      (x.standardDeviation(axis: 0), [3], [3.5, 7, 13.5]),
      (x.norm(axis: 1), [2], [4.58257569495584, 35.79106033634656]),
      (x.logSumExp(axis: 1), [2], [4.169846019556285, 31.000000306004893]),
      (
        x.softmax(), [2, 3],
        [
          0.04201006613406605, 0.11419519938459449, 0.8437947344813395, 1.0261876491516999e-10,
          3.059022268942334e-07, 0.9999996939951544,
        ]
      ),
      (
        x.logSoftmax(axis: 0), [2, 3],
        [
          -7.000911466453774, -14.000000831528375, -27.00000000000188, -0.0009114664537737127,
          -8.315283750448543e-07, -1.879385536085465e-12,
        ]
      ),
      (Floats([1000, 1000]).logSumExp(), [], [1000.6931]),
      (softmax(Floats([1000, 1000])), [2], [0.5, 0.5]),
    ])
  }

  @Test func nothing() throws {
    let none = Floats.ones([0, 3])
    try expectAll([
      (none.sum(axis: 0), [3], [0, 0, 0]), (none.product(axis: 0), [3], [1, 1, 1]),
      (none.sum(axis: 1), [0], []), (none.max(axis: 1), [0], []),
      (none.max(axis: 0), [3], [-.infinity, -.infinity, -.infinity]), (none.min(), [], [.infinity]),
    ])
    #expect(try none.mean().scalar().isNaN)
    try expect(Tensor<Bool>([Bool]()).all(), [], [true])
    try expect(Tensor<Bool>([Bool]()).any(), [], [false])
    expectError(.invalidArgument, naming: "argmax", "[0,3]") { try none.argmax(axis: 0).scalars() }
  }

  @Test func notANumberWins() throws {
    let x = Floats([1, .nan, 3])
    try expectAllClose([
      (x.max(), [], [.nan]), (x.min(), [], [.nan]), (x.sum(), [], [.nan]),
      (maximum(x, 2), [3], [2, .nan, 3]),
    ])
    try expect(x.argmax(), [], [1])
    try expect(x.argmin(), [], [1])
  }

  @Test func axesThatAreNotThere() {
    let x = Ints.ones([2, 3])
    expectError(.invalidArgument, naming: "axis 2", "[2,3]") { try x.sum(axis: 2).scalars() }
    expectError(.invalidArgument, naming: "axis -3", "[2,3]") { try x.max(axis: -3).scalars() }
    expectError(.invalidArgument, naming: "twice", "[2,3]") { try x.sum(axes: [0, -2]).scalars() }
    expectError(.invalidArgument, naming: "argmin", "axis 2") { try x.argmin(axis: 2).scalars() }
    expectError(.invalidArgument, naming: "axis 0", "[]") { try Ints(1).sum(axis: 0).scalars() }
  }
}
