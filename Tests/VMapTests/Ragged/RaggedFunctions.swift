import VMap

/// Functions of one example, whose first dimension has a length of its own.
struct RaggedFunction: Sendable {
  typealias T = Tensor<Float>

  let name: String
  /// Whether the result is as long as the example.
  let isRagged: Bool
  /// Whether it needs an example that has rows.
  var needsRows = false
  /// Whether the result has the bits of the same function of the example alone.
  var hasSameBits = true
  /// The function of an example `[n, 4]`, a number of the example's own, and weights `[4, 3]`.
  let function: @Sendable (_ x: T, _ s: T, _ w: T) -> T

  init(
    _ name: String, ragged isRagged: Bool = false, needsRows: Bool = false,
    sameBits hasSameBits: Bool = true, _ function: @escaping @Sendable (T, T, T) -> T
  ) {
    self.name = name
    self.isRagged = isRagged
    self.needsRows = needsRows
    self.hasSameBits = hasSameBits
    self.function = function
  }

  /// Functions of the first column, a vector.
  private static func vector(
    _ name: String, ragged isRagged: Bool = false, needsRows: Bool = false,
    _ function: @escaping @Sendable (T) -> T
  ) -> RaggedFunction {
    RaggedFunction(name, ragged: isRagged, needsRows: needsRows) { x, _, _ in
      function(x.take(Tensor<Int32>(0), axis: 1))
    }
  }

  static let elementwise: [RaggedFunction] = [
    RaggedFunction("affine", ragged: true) { x, s, _ in x * s + 1 },
    RaggedFunction("select", ragged: true) { x, s, _ in select(x .> s, x, x * 0.1) },
    RaggedFunction("broadcast", ragged: true) { x, _, w in x + w.take(Tensor<Int32>(1), axis: 1) },
    RaggedFunction("row norms", ragged: true) { x, _, _ in x.norm(axis: 1) },
    RaggedFunction("layer norm", ragged: true) { x, _, _ in
      (x - x.mean(axis: 1, keepDims: true)) / sqrt(x.variance(axis: 1, keepDims: true) + 1e-5)
    },
    RaggedFunction("columns", ragged: true) { x, s, _ in concatenate([x, x * s], axis: 1) },
    RaggedFunction("product", ragged: true) { x, _, w in matmul(x, w) },
    RaggedFunction("network", ragged: true) { x, s, w in
      matmul(tanh(matmul(x, w)), w.transposed()) + s
    },
    RaggedFunction("softmax of rows", ragged: true) { x, _, _ in x.softmax(axis: 1) },
    vector("exponential", ragged: true) { exp(-square($0)) },
  ]

  static let reductions: [RaggedFunction] = [
    vector("sum") { $0.sum() }, vector("product") { $0.product() }, vector("max") { $0.max() },
    vector("min") { $0.min() }, vector("mean") { $0.mean() }, vector("variance") { $0.variance() },
    vector("deviation") { $0.standardDeviation() }, vector("norm") { $0.norm() },
    vector("log-sum-exp") { $0.logSumExp() }, vector("dot") { dot($0, $0) },
    vector("count") { ($0 .> 0.5).sum().asType(Float.self) },
    vector("size") { $0.dimensionSize(0).asType(Float.self) },
    vector("argmax", needsRows: true) { $0.argmax().asType(Float.self) },
    vector("argmin", needsRows: true) { $0.argmin().asType(Float.self) },
    RaggedFunction("sum of rows") { x, _, _ in x.sum(axis: 0) },
    RaggedFunction("max of rows") { x, s, _ in (x * s).max(axis: 0) },
    RaggedFunction("sum of all", sameBits: false) { x, _, _ in x.sum() },
    RaggedFunction("pooled") { x, _, w in matmul(x.mean(axis: 0), w) },
    RaggedFunction("Gram") { x, _, _ in matmul(x.transposed(), x) },
    RaggedFunction("product, sum") { x, s, w in relu(matmul(x, w) * s).sum(axis: 0) },
  ]

  static let alongRows: [RaggedFunction] = [
    vector("softmax", ragged: true) { $0.softmax() },
    vector("log-softmax", ragged: true) { $0.logSoftmax() },
    vector("normalized", ragged: true) { ($0 - $0.mean()) / sqrt($0.variance() + 1e-5) },
    vector("cumsum", ragged: true) { $0.cumsum() },
    vector("cumprod, reversed", ragged: true) { $0.cumprod(reverse: true) },
    vector("cummax", ragged: true) { $0.cummax() },
    vector("flipped", ragged: true) { $0.flipped() },
    vector("outer softmax", ragged: true) { x in
      (x.expandedDimension(at: 0) * x.expandedDimension(at: 1)).softmax(axis: -1).sum(axis: 0)
    },
    RaggedFunction("softmax along rows", ragged: true) { x, _, _ in x.softmax(axis: 0) },
    RaggedFunction("cumsum of rows", ragged: true) { x, _, _ in x.cumsum(axis: 0) },
    RaggedFunction("attention", ragged: true) { x, s, w in
      let q = matmul(x, w)
      return matmul((matmul(q, q.transposed()) * s).softmax(axis: -1), x)
    },
    RaggedFunction("pooling by attention") { x, _, w in
      matmul(matmul(x, w).sum(axis: 1).softmax(), x)
    },
  ]

  static let loops: [RaggedFunction] = [
    vector("first", needsRows: true) { $0.take(Tensor<Int32>(0)) },
    vector("some", needsRows: true) { $0.take(Tensor<Int32>([0, 2, 500, -1])) },
    vector("loop", needsRows: true) { x in
      fori(Tensor<Int32>(0), x.dimensionSize(0), T(1)) { i, sum in sum * 0.9 + x.take(i) }
    },
    vector("scan") { x in scan(T(0), x) { c, v in (tanh(c * 0.5 + v), c) }.0 },
    vector("outputs", ragged: true) { x in scan(T(0), x) { c, v in (tanh(c * 0.5 + v), c) }.1 },
    vector("outputs, reversed", ragged: true) { x in
      scan(T(0), x, reverse: true) { c, v in (c * 0.5 + v, c - v) }.1
    },
    RaggedFunction("recurrent") { x, s, w in
      scan(T.zeros([3]), x) { (h: T, v: T) in (tanh(matmul(v, w) + h * s), h) }.0
    },
    RaggedFunction("recurrent outputs", ragged: true) { x, s, w in
      scan(T.zeros([3]), x) { (h: T, v: T) in
        let next = tanh(matmul(v, w) + h * s)
        return (next, next)
      }.1
    },
    RaggedFunction("outputs and carry") { x, s, w in
      let (carry, outputs) = scan(T.zeros([3]), x) { (h: T, v: T) in
        let next = tanh(matmul(v, w) + h * s)
        return (next, next)
      }
      return carry + outputs.sum(axis: 0)
    },
  ]
}
