import StableHLO
import Testing
import VMap

/// Custom calls to routines of linear algebra, for a batch of two examples.
@Suite struct CustomCallTests {
  /// Two matrices of 3 rows: of one the pivots are exchanged, the other one is singular.
  static let square: [Double] = [
    1, 2, 0.5, 4, -1, 3, 2, 5, 1, 0, 2, 1, 0, 1, 3, 0, 4, 2,
  ]
  /// The first matrix times its transpose, and one that is not positive definite.
  static let symmetric: [Double] = [
    5.25, 3.5, 12.5, 3.5, 26, 6, 12.5, 6, 30, 1, 2, 0, 2, 1, 0, 0, 0, 1,
  ]
  static let tall: [Double] = [1, 2, -3, 0.5, 4, 1, 2, -1, 0, 3, 1, 1]
  /// A few dozen roundings of numbers below 64.
  static let bound = 1e-12

  /// A module of one custom call.
  static func module(
    _ target: String, _ options: String, _ operands: [String], _ results: [String]
  ) -> String {
    let names = operands.indices.map { "%a\($0)" }
    let parameters = zip(names, operands).map { "\($0): tensor<\($1)>" }.joined(separator: ", ")
    let operandTypes = operands.map { "tensor<\($0)>" }.joined(separator: ", ")
    let resultTypes = results.map { "tensor<\($0)>" }.joined(separator: ", ")
    let values = results.indices.map { results.count == 1 ? "%r" : "%r#\($0)" }
    let count = results.count == 1 ? "" : ":\(results.count)"
    return Modules.main(
      "(\(parameters)) -> (\(resultTypes))",
      """
      %r\(count) = stablehlo.custom_call @\(target)(\(names.joined(separator: ", "))) {
        \(options), mhlo.frontend_attributes = {num_batch_dims = "0"},
        operand_layouts = [dense<[0, 1]> : tensor<2xindex>]
      } : (\(operandTypes)) -> (\(resultTypes))
      return \(values.joined(separator: ", ")) : \(resultTypes)
      """)
  }

  static func config(_ options: String) -> String { "mhlo.backend_config = {\(options)}" }

  /// The numbers that a call gives for two examples, one after the other, of operands of two.
  static func call(
    _ target: String, _ options: String, _ operands: [(String, [Double])], _ results: [String]
  ) throws -> [[Double]] {
    let function = try StableHLO.function(module(target, options, operands.map(\.0), results))
    let arguments = try operands.map { type, scalars in
      let shape = [2] + type.split(separator: "x").dropLast().compactMap { Int($0) }
      return type.hasSuffix("i32")
        ? try AnyTensor(shape, scalars.map { Int32($0) }) : try AnyTensor(shape, scalars)
    }
    return try vmap(function)(arguments).map { result in
      result.elementType == .int32
        ? try result.scalars(Int32.self).map { Double($0) } : try result.scalars(Double.self)
    }
  }

  static func call(
    _ target: String, _ operands: [(String, [Double])], _ results: [String]
  ) throws -> [[Double]] {
    try call(target, config(""), operands, results)
  }

  /// One of two examples.
  private func example(_ number: Int, _ numbers: [Double]) -> [Double] {
    let size = numbers.count / 2
    return Array(numbers[number * size..<(number + 1) * size])
  }

  /// The product of matrices, where `inner` is the number of columns of the first.
  private func product(
    _ a: [Double], _ b: [Double], inner: Int, isTransposed: Bool = false
  ) -> [Double] {
    let (rows, columns) = (a.count / inner, b.count / inner)
    return (0..<rows * columns).map { place in
      let (row, column) = (place / columns, place % columns)
      return (0..<inner).reduce(0.0) { sum, k in
        sum + a[row * inner + k] * b[isTransposed ? column * inner + k : k * columns + column]
      }
    }
  }

  private func expect(
    _ a: [Double], _ b: [Double], location: SourceLocation = #_sourceLocation
  ) {
    #expect(a.count == b.count, sourceLocation: location)
    #expect(
      zip(a, b).allSatisfy { abs($0 - $1) <= Self.bound }, "\(a), \(b)", sourceLocation: location)
  }

  private func triangle(_ a: [Double], isLower: Bool, isUnit: Bool = false) -> [Double] {
    (0..<9).map { place in
      let (row, column) = (place / 3, place % 3)
      if row == column { return isUnit ? 1 : a[place] }
      return (row > column) == isLower ? a[place] : 0
    }
  }

  @Test(arguments: ["lapack_dgetrf_ffi", "cusolver_getrf_ffi", "LuDecomposition"])
  func lu(target: String) throws {
    let isTPU = target == "LuDecomposition"
    let results = try Self.call(
      target, [("3x3xf64", Self.square)], ["3x3xf64", "3xi32", isTPU ? "3xi32" : "i32"])
    for number in 0..<2 {
      var rows = [0, 1, 2]
      for (row, other) in example(number, results[1]).enumerated() {
        rows.swapAt(row, Int(other) - (isTPU ? 0 : 1))
      }
      let lu = example(number, results[0])
      let a = example(number, Self.square)
      expect(
        product(
          triangle(lu, isLower: true, isUnit: true), triangle(lu, isLower: false), inner: 3),
        rows.flatMap { a[$0 * 3..<$0 * 3 + 3] })
      if isTPU { #expect(example(number, results[2]) == rows.map(Double.init)) }
    }
    if !isTPU { #expect(results[2] == [0, 1]) }
    let order = try Self.call(
      "cu_lu_pivots_to_permutation", [("2xi32", [2, 2, 0, 3])], ["4xi32"])
    #expect(order == [[2, 0, 1, 3, 0, 3, 2, 1]])
  }

  @Test func cholesky() throws {
    for (target, options) in [
      ("lapack_dpotrf_ffi", "uplo = 76 : ui8"), ("cusolver_potrf_ffi", "lower = true"),
    ] {
      let results = try Self.call(
        target, Self.config(options), [("3x3xf64", Self.symmetric)], ["3x3xf64", "i32"])
      let factor = example(0, results[0])
      expect(product(factor, factor, inner: 3, isTransposed: true), example(0, Self.symmetric))
      #expect(results[1] == [0, 1])
    }
  }

  /// The unknowns stand on the left, `X Aᵀ = B` with the upper triangle of A.
  @Test func triangularSolve() throws {
    let b = (0..<12).map { Double($0) - 4 }
    let a = Self.square.map { $0 + 6 }
    let x = try Self.call(
      "lapack_dtrsm_ffi",
      Self.config("diag = 78 : ui8, side = 82 : ui8, trans_x = 84 : ui8, uplo = 85 : ui8"),
      [("3x3xf64", a), ("2x3xf64", b)], ["2x3xf64"])[0]
    for number in 0..<2 {
      let upper = triangle(example(number, a), isLower: false)
      expect(
        product(example(number, x), upper, inner: 3, isTransposed: true), example(number, b))
    }
  }

  @Test(arguments: [
    ("lapack_dgeqrf_ffi", "lapack_dorgqr_ffi", "lapack_dormqr_ffi"),
    ("cusolver_geqrf_ffi", "cusolver_orgqr_ffi", "cusolver_ormqr_ffi"),
    ("Qr", "ProductOfElementaryHouseholderReflectors", "lapack_dormqr_ffi"),
  ])
  func qr(names: (String, String, String)) throws {
    let packed = try Self.call(names.0, [("3x2xf64", Self.tall)], ["3x2xf64", "2xf64"])
    let reflections = [("3x2xf64", packed[0]), ("2xf64", packed[1])]
    let q = try Self.call(names.1, reflections, ["3x2xf64"])[0]
    let c = (0..<12).map { Double($0 % 5) - 2 }
    let left = try Self.call(
      names.2, Self.config("left = true, transpose = true"), reflections + [("3x2xf64", c)],
      ["3x2xf64"])[0]
    let right = try Self.call(
      names.2, Self.config("left = false, transpose = false"), reflections + [("2x3xf64", c)],
      ["2x3xf64"])[0]
    for number in 0..<2 {
      let (r, q) = (example(number, packed[0]), example(number, q))
      expect(product(q, [r[0], r[1], 0, r[3]], inner: 2), example(number, Self.tall))
      // The first two rows of Qᵀ C, and columns of C Q.
      let columns = [q[0], q[2], q[4], q[1], q[3], q[5]]
      expect(
        Array(example(number, left)[..<4]), product(columns, example(number, c), inner: 3))
      expect(product(columns, q, inner: 3), [1, 0, 0, 1])
      let expected = product(example(number, c), q, inner: 3)
      let rows = example(number, right)
      expect([rows[0], rows[1], rows[3], rows[4]], expected)
    }
  }

  /// Only the upper triangle is read.
  @Test func eigh() throws {
    var a = Self.symmetric
    for place in [3, 6, 7] { a[place] = 99 }
    let calls = [
      ("lapack_dsyevd_ffi", Self.config("mode = 86 : ui8, uplo = 85 : ui8"), ["i32"]),
      ("cusolver_syevd_ffi", Self.config("algorithm = 0 : ui8, lower = false"), ["i32"]),
      ("Eigh", "backend_config = \"0,1,100,1e-6\"", []),
    ]
    for (target, options, info) in calls {
      let results = try Self.call(
        target, options, [("3x3xf64", a)], ["3x3xf64", "3xf64"] + info)
      for number in 0..<2 {
        let (vectors, values) = (example(number, results[0]), example(number, results[1]))
        #expect(values == values.sorted())
        let scaled = vectors.enumerated().map { $1 * values[$0 % 3] }
        expect(
          product(scaled, vectors, inner: 3, isTransposed: true),
          example(number, Self.symmetric))
      }
      if !info.isEmpty { #expect(results[2] == [0, 0]) }
    }
  }

  @Test func svd() throws {
    let types = ["3x2xf64", "2xf64", "3x2xf64", "2x2xf64", "i32"]
    for (target, options) in [
      ("lapack_dgesdd_ffi", "mode = 83 : ui8"), ("lapack_dgesvd_ffi", "mode = 83 : ui8"),
      ("cusolver_gesvd_ffi", "compute_uv = true, full_matrices = false, transposed = false"),
      ("cusolver_gesvdj_ffi", "compute_uv = true, full_matrices = false"),
    ] {
      let results = try Self.call(
        target, Self.config(options), [("3x2xf64", Self.tall)], types)
      #expect(results[4] == [0, 0])
      for number in 0..<2 {
        let values = example(number, results[1])
        let scaled = example(number, results[2]).enumerated().map { $1 * values[$0 % 2] }
        // V is not transposed by Jacobi's method.
        let isTransposed = target.contains("gesvdj")
        expect(
          product(scaled, example(number, results[3]), inner: 2, isTransposed: isTransposed),
          example(number, Self.tall))
      }
    }
    // All vectors.
    let full = try Self.call(
      "lapack_dgesdd_ffi", Self.config("mode = 65 : ui8"), [("3x2xf64", Self.tall)],
      ["3x2xf64", "2xf64", "3x3xf64", "2x2xf64", "i32"])
    let u = example(1, full[2])
    expect(product(u, u, inner: 3, isTransposed: true), [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  /// The first diagonal begins with zero, so that rows are exchanged; the second matrix is singular.
  @Test func tridiagonalSolve() throws {
    let (lower, upper) = ([0.0, 2, 1, -1], [1.0, 3, 1, 0])
    let diagonal: [Double] = [0, 1, 0.25, 2]
    let b = (0..<8).map { Double($0) - 3 }
    let zeros = [Double](repeating: 0, count: 4)
    let operands = [
      ("4xf64", lower + zeros), ("4xf64", diagonal + zeros), ("4xf64", upper + zeros),
      ("4x2xf64", b + b),
    ]
    let results = try Self.call(
      "lapack_dgtsv_ffi", operands, ["4xf64", "4xf64", "4xf64", "4x2xf64", "i32"])
    #expect(results[4] == [0, 1])
    let x = example(0, results[3])
    #expect(try Self.call("cusparse_gtsv2_ffi", operands, ["4x2xf64"])[0].prefix(8) == x[...])
    var a = [Double](repeating: 0, count: 16)
    for i in 0..<4 {
      a[i * 5] = diagonal[i]
      if i > 0 { a[i * 5 - 1] = lower[i] }
      if i < 3 { a[i * 5 + 1] = upper[i] }
    }
    expect(product(a, x, inner: 4), b)
  }

  /// The greatest elements, by the order that a function of the module tells.
  @Test func approximateTopK() throws {
    let function = try StableHLO.function(
      """
      func.func @main(%x: tensor<4xf64>) -> (tensor<2xf64>, tensor<2xi32>) {
        %i = stablehlo.iota dim = 0 : tensor<4xi32>
        %c = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
        %n = stablehlo.constant dense<-1> : tensor<i32>
        %r:2 = stablehlo.custom_call @ApproxTopK(%x, %i, %c, %n) {
          called_computations = [@greater], mhlo.backend_config = {aggregate_to_topk = true,
            is_fallback = true, recall_target = 0.95 : f32, reduction_dim = 0 : i64, top_k = 2 : i64}
        } : (tensor<4xf64>, tensor<4xi32>, tensor<f64>, tensor<i32>)
          -> (tensor<2xf64>, tensor<2xi32>)
        return %r#0, %r#1 : tensor<2xf64>, tensor<2xi32>
      }
      func.func private @greater(%a: tensor<f64>, %b: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>)
        -> tensor<i1> {
        %0 = stablehlo.compare GT, %a, %b : (tensor<f64>, tensor<f64>) -> tensor<i1>
        return %0 : tensor<i1>
      }
      """)
    let results = try vmap(function)([try AnyTensor([2, 4], [1, 4, 2, 3, 8, 5, 6, 7] as [Double])])
    #expect(try results[0].scalars() == [4, 3, 8, 7] as [Double])
    #expect(try results[1].scalars() == [1, 3, 0, 3] as [Int32])
  }

  @Test func refusals() {
    let complex = "3x3xcomplex<f64>"
    expectError(
      .unsupported, naming: "lapack_zheevd_ffi",
      in: Self.module(
        "lapack_zheevd_ffi", Self.config("mode = 86 : ui8, uplo = 76 : ui8"), [complex],
        [complex, "3xf64", "i32"]))
    expectError(
      .unsupported, naming: "cusolver_syevd_ffi", "complex",
      in: Self.module(
        "cusolver_syevd_ffi", Self.config("lower = true"), [complex], [complex, "3xf64", "i32"]))
    expectError(
      .unsupported, naming: "my_routine",
      in: Self.module("my_routine", Self.config(""), ["3xf64"], ["3xf64"]))
    // The name says f64.
    expectError(
      .invalid, naming: "lapack_dgeqrf_ffi", "f64",
      in: Self.module("lapack_dgeqrf_ffi", Self.config(""), ["3x2xf32"], ["3x2xf32", "2xf32"]))
    expectError(
      .invalid, naming: "uplo", "L, U",
      in: Self.module(
        "lapack_dpotrf_ffi", Self.config("uplo = 78 : ui8"), ["3x3xf64"], ["3x3xf64", "i32"]))
    expectError(
      .invalid, naming: "3",
      in: Self.module("lapack_dgetrf_ffi", Self.config(""), ["3xf64"], ["3xf64", "3xi32", "i32"]))
    // A function that a call is given must not call itself.
    expectError(
      .invalid, naming: "calls itself",
      in: """
        func.func @main(%x: tensor<f32>) -> tensor<f32> {
          %0 = stablehlo.custom_call @Sharding(%x) {called_computations = [@main]}
            : (tensor<f32>) -> tensor<f32>
          return %0 : tensor<f32>
        }
        """)
  }
}
