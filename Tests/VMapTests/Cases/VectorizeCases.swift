import Testing
import VMap

/// Functions of core dimensions, repeated along loop dimensions as NumPy broadcasts.
@Suite struct VectorizeCases {
  typealias Floats = Tensor<Float>

  /// After JAX's tests of `jnp.vectorize`, and NumPy's of generalized universal functions.
  @Test func loopDimensions() throws {
    let inner = vectorize("(n),(n)->()") { (x: Floats, y: Floats) in dot(x, y) }
    let x = try Floats.counting(2, 3, 4)
    let y = try Floats.counting(3, 4)
    let v = Floats([1, 0, 0, 1])
    try expect(inner(y[0], v), [], [3])
    try expect(inner(y, v), [3], [3, 11, 19])
    try expect(inner(v, y), [3], [3, 11, 19])
    // Of row i of table a, counted from 0, with row i of the other table, or row 0 with row i.
    func products(_ row: (_ a: Int, _ i: Int) -> Int) -> [Float] {
      var result: [Float] = []
      for a in 0..<2 {
        for i in 0..<3 {
          result.append((0..<4).reduce(0) { $0 + Float((row(a, i) * 4 + $1) * (i * 4 + $1)) })
        }
      }
      return result
    }
    try expect(inner(x, y), [2, 3], products { a, i in a * 3 + i })
    // A dimension of size 1 is repeated, on either side.
    let column = x[0..., 0..<1]
    try expect(inner(column, y), [2, 3], products { a, _ in a * 3 })
    try expect(inner(y.reshaped(to: [3, 1, 4]), y[0..<1]), [3, 1], [14, 38, 62])
    try expect(inner(.zeros([0, 4]), v), [0], [])
    let product = vectorize("(m,n),(n)->(m)") { (a: Floats, x: Floats) in matmul(a, x) }
    try expect(product(x, v), [2, 3], [3, 11, 19, 27, 35, 43])
    let scale = vectorize("(),(3)->(3)") { (a: Floats, x: Floats) in a * x }
    try expect(scale(Floats([1, 2]), Floats([1, 2, 3])), [2, 3], [1, 2, 3, 2, 4, 6])
    let two = vectorize("(n)->(),(n)") { (x: Floats) in Tuple(x.sum(), x * 2) }
    let (sums, doubles) = try two(y).elements
    try expect(sums, [3], [6, 22, 38])
    try expect(doubles, [3, 4], (0..<12).map { Float(2 * $0) })
  }

  @Test func inOtherTransforms() throws {
    let inner = vectorize("(n),(n)->()") { (x: Floats, y: Floats) in dot(x, y) }
    let y = try Floats.counting(2, 3)
    try expect(vmap(inner, inAxes: [nil, 0])(Floats([1, 2, 3]), y), [2], [8, 26])
    let slope = grad { (x: Floats) in try inner(x, y).sum() }
    try expect(slope(Floats([1, 1, 1])), [3], [3, 5, 7])
    // Other sizes of the loop dimensions compile nothing.
    let traced = CallCounter()
    let counted = vectorize("(n),(n)->()") { (x: Floats, y: Floats) in
      traced.add()
      return dot(x, y)
    }
    try expect(counted(y, Floats([1, 2, 3])), [2], [8, 26])
    try expect(counted(.counting(4, 3), Floats([1, 2, 3])), [4], [8, 26, 44, 62])
    #expect(traced.count == 1)
  }

  @Test func mistakes() throws {
    func f(_ signature: String) -> @Sendable (Floats, Floats) throws -> Floats {
      vectorize(signature) { (x: Floats, y: Floats) in x + y }
    }
    let (x, y) = try (Floats.counting(2, 3), Floats.counting(4))
    for wrong in ["(n),(n)", "(n),(n)->", "(n)(n)->(n)", "n,n->n", "(n),(n)->(n", "(n-1),(n)->(n)"]
    {
      expectError(.invalidArgument, naming: "vectorize", wrong) { try f(wrong)(x, y) }
    }
    expectError(.arityMismatch, naming: "(n)->(n)", "1 argument", "2") { try f("(n)->(n)")(x, y) }
    expectError(.shapeMismatch, naming: "dimension n", "3 in argument 0", "4 in argument 1") {
      try f("(n),(n)->(n)")(x, y)
    }
    expectError(.shapeMismatch, naming: "argument 1", "(m,n)", "[4]") {
      try f("(n),(m,n)->()")(x, y)
    }
    expectError(.shapeMismatch, naming: "argument 0", "5") { try f("(5),()->()")(x, y) }
    expectError(.shapeMismatch, naming: "broadcast") { try f("(),()->()")(x, y) }
    expectError(.shapeMismatch, naming: "result 0", "(n)") { try f("(),()->(n)")(x, x) }
    expectError(.shapeMismatch, naming: "dimension n", "result 0") {
      let part = vectorize("(n)->(n)") { (x: Floats) in x[0..<2] }
      return try part(x)
    }
    expectError(.arityMismatch, naming: "2 results", "1 tensor") { try f("(),()->(),()")(x, x) }
  }
}
