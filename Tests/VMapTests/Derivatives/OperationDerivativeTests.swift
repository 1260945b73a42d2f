import Testing

@testable import VMap
@testable import VMapTestSupport

/// The derivatives of operations that are not elementwise.
@Suite struct OperationDerivativeTests {
  typealias Reals = Tensor<Double>

  /// A function of real tensors of some shapes.
  static func check(
    _ name: String, _ shapes: [Int]..., in domain: ClosedRange<Double> = -2...2,
    _ function: @escaping ([Reals]) throws -> Reals
  ) -> DerivativeCheck {
    let inputs = shapes.enumerated().map { number, shape in
      BatchCheck.Input.numbers(
        .float64, shape, in: domain.lowerBound, domain.upperBound, seed: number)
    }
    return DerivativeCheck(name, inputs) { _, x in [try function(x.map(Reals.init)).handle] }
  }

  static var views: [DerivativeCheck] {
    [
      check("reshape", [2, 3]) { square($0[0].reshaped(to: [3, 2])) },
      check("transpose", [2, 3]) { square($0[0].transposed()) },
      check("slice", [5]) { square($0[0][1..<4]) },
      check("strided slice", [5]) { square($0[0].flipped()[0..<3]) },
      check("concatenate", [2], [3]) { square(concatenate($0)) },
      check("stack", [2], [2]) { $0[0] * stack($0) },
      check("pad", [3]) { square($0[0].padded(low: [1], high: [2], value: 0.5)) },
      check("broadcast", [3], [2, 3]) { $0[0] * $0[1] },
      check("outer", [3], [2]) { outer($0[0], $0[1]) },
    ]
  }

  static var reductions: [DerivativeCheck] {
    [
      check("sum", [2, 3]) { square($0[0]).sum(axis: 1) },
      check("product", [2, 3]) { $0[0].product(axis: 1) },
      check("product of all", [2, 2]) { $0[0].product() },
      check("max", [2, 3]) { square($0[0]).max(axis: 1) },
      check("min", [2, 3]) { square($0[0]).min(axis: 0) },
      check("mean", [2, 3]) { square($0[0]).mean(axis: 1) },
      check("logSumExp", [2, 3]) { $0[0].logSumExp(axis: 1) },
      check("softmax", [2, 3]) { $0[0].softmax() },
      check("logSoftmax", [4]) { $0[0].logSoftmax() },
      check("variance", [4]) { $0[0].variance() },
    ]
  }

  static var contractions: [DerivativeCheck] {
    [
      check("dot", [3], [3]) { dot($0[0], $0[1]) },
      check("matrix times vector", [2, 3], [3]) { matmul($0[0], $0[1]) },
      check("matmul", [2, 3], [3, 2]) { matmul($0[0], $0[1]) },
      check("batched matmul", [2, 2, 3], [2, 3, 2]) { matmul($0[0], $0[1]) },
      check("einsum", [2, 3], [3, 2], [2]) { einsum("ij,jk,k->i", $0[0], $0[1], $0[2]) },
      check("tensordot", [2, 3], [2, 3]) { tensordot($0[0], $0[1]) },
      check("gram", [2, 3]) { matmul($0[0], $0[0].transposed()) },
    ]
  }

  /// A function of real tensors and indices, which differ from example to example.
  private static func check(
    _ name: String, _ shapes: [Int]..., at indices: [Int], below limit: Int,
    _ function: @escaping ([Reals], Tensor<Int32>) throws -> Reals
  ) -> DerivativeCheck {
    let reals = shapes.enumerated().map { number, shape in
      BatchCheck.Input.numbers(.float64, shape, in: -2, 2, seed: number)
    }
    let integers = BatchCheck.Input(.int32, indices) { example, offset in
      ReferenceScalar(bits: UInt64((example + offset * 2 + offset / 2) % limit))
    }
    return DerivativeCheck(name, reals + [integers]) { _, x in
      let indices = Tensor<Int32>(handle: x[shapes.count])
      return [try function(x.prefix(shapes.count).map(Reals.init), indices).handle]
    }
  }

  static var indexing: [DerivativeCheck] {
    [
      check("index", [3, 2]) { $0[0][1] * $0[0][2] },
      check("take", [4], at: [3], below: 4) { square($0[0]).take($1) },
      check("take rows", [3, 2], at: [3], below: 3) { square($0[0]).take($1, axis: 0) },
      check("gather", [4], at: [3], below: 4) { square($0[0].at($1).get()) },
      check("takeAlong", [2, 3], at: [2, 2], below: 3) { square($0[0]).takeAlong($1, axis: 1) },
      check("scatter set", [4], [2], at: [2], below: 4) { square($0[0].at($1).set($0[1])) },
      check("scatter add", [4], [5], at: [5], below: 4) { square($0[0].at($1).add($0[1])) },
      check("scatter multiply", [4], [2], at: [2], below: 4) { $0[0].at($1).multiply($0[1]) },
      check("dynamic slice", [5], at: [], below: 3) {
        square($0[0].dynamicSlice([$1], sizes: [3]))
      },
      check("dynamic update", [5], [2], at: [], below: 3) {
        square($0[0].dynamicUpdateSlice($0[1], [$1]))
      },
    ]
  }

  static var sequences: [DerivativeCheck] {
    [
      check("cumsum", [4]) { square($0[0]).cumsum() },
      check("cumsum in reverse", [4]) { square($0[0]).cumsum(reverse: true) },
      check("cumprod", [4]) { $0[0].cumprod() },
      check("cummax", [4]) { square($0[0]).cummax() },
      check("cumlogsumexp", [4]) { $0[0].cumlogsumexp() },
      check("sort", [5]) { square($0[0]).sorted() },
      check("descending sort", [2, 3]) { $0[0].sorted(axis: 0, descending: true) * $0[0] },
      check("topK", [5]) { square($0[0].topK(2).values) },
      check("median", [5]) { square($0[0]).median() },
    ]
  }

  /// Maps inside of what is differentiated, and what combines their examples.
  static var maps: [DerivativeCheck] {
    [
      check("mapped products", [2, 3], [3, 2]) { x in
        let inner = vmap(
          { (a: Reals, b: Reals) in dot(a, b) }, inAxes: [nil, 1])
        return try vmap(inner, inAxes: [0, nil])(x[0], x[1])
      },
      check("sum over", [3], []) { x in
        let scale = x[1]
        return try vmap({ (x: Reals) in x * sin((x * scale).sum(over: "i")) }, axisName: "i")(x[0])
      },
      check("mean over", [3]) { x in
        try vmap({ (x: Reals) in square(x - x.mean(over: "i")) }, axisName: "i")(x[0])
      },
      check("max over", [3]) { x in
        try vmap({ (x: Reals) in exp(x - x.max(over: "i")) }, axisName: "i")(x[0])
      },
      check("product over", [3], []) { x in
        let scale = x[1]
        return try vmap({ (x: Reals) in (x * scale).product(over: "i") * x }, axisName: "i")(x[0])
      },
      check("permute", [3]) { x in
        try vmap(
          { (x: Reals) in square(x).permute(over: "i", pairs: [(0, 2), (2, 1)]) * x }, axisName: "i"
        )(
          x[0])
      },
      check("allToAll", [2, 3, 2]) { x in
        try vmap(
          { (x: Reals) in square(x).allToAll(over: "i", split: 1, concat: 0) }, axisName: "i")(x[0])
      },
      check("sums of a map", [2], [3, 2]) { x in
        try vmap({ (w: Reals, x: Reals) in w * sin(w * x) }, inAxes: [nil, 0], outAxes: .sum)(
          x[0], x[1])
      },
      check("checkpoint", [2]) { x in
        try checkpoint { (x: Reals) in sin(x) * exp(x) }(x[0] * x[0])
      },
      check("allGather", [3], [3]) { x in
        let w = x[1]
        return try vmap({ (x: Reals) in dot(x.allGather(over: "i"), w) * x }, axisName: "i")(x[0])
      },
      check("unmapped operands", [3], []) { x in
        try vmap({ (x: Reals, s: Reals) in exp(x * s) }, inAxes: [0, nil])(x[0], x[1])
      },
    ]
  }

  static var windows: [DerivativeCheck] {
    [
      check("maxPool", [6]) { square($0[0]).maxPool([2]) },
      check("avgPool", [6]) { square($0[0]).avgPool([3]) },
      check("convolve", [5], [3]) { convolve($0[0], $0[1]) },
    ]
  }

  @Test func views() throws { expectNone(try Self.views.mismatches()) }
  @Test func reductions() throws { expectNone(try Self.reductions.mismatches()) }
  @Test func contractions() throws { expectNone(try Self.contractions.mismatches()) }
  @Test func indexing() throws { expectNone(try Self.indexing.mismatches()) }
  @Test func sequences() throws { expectNone(try Self.sequences.mismatches()) }
  @Test func maps() throws { expectNone(try Self.maps.mismatches()) }
  @Test func windows() throws { expectNone(try Self.windows.mismatches()) }
}
