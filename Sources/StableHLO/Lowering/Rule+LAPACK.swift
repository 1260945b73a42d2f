import VMap

/// Custom calls to routines of linear algebra, which JAX exports for CPUs and GPUs; TPUs have names of
/// their own for some.
///
/// Dimensions before the matrices are those of a batch. That operands and results lie column by column
/// is no part of their meaning. A number that says whether a routine succeeded is 0 where it did.
extension Rule {
  /// A routine that several platforms have.
  private struct Routine: Sendable {
    /// The name without the letter of the type.
    let lapack: [String]
    /// The name in the libraries of GPUs, without their prefix.
    let gpu: [String]
    let ranks: [Int]
    var isComplex = false
    let body: @Sendable (Application) throws -> [AnyTensor]
  }

  private static let routines = [
    Routine(lapack: ["potrf"], gpu: ["solver_potrf"], ranks: [2], isComplex: true) { call in
      try call.operands[0].packedCholesky(isLower: call.isLower())
    },
    Routine(lapack: ["trsm"], gpu: [], ranks: [2, 2], isComplex: true) { call in
      let transposition = try call.requiredLetter("trans_x", of: ["N", "T", "C"])
      return [
        try call.operands[0].triangularSolve(
          call.operands[1], isLeft: call.requiredLetter("side", of: ["L", "R"]) == "L",
          isLower: call.isLower(),
          isTransposed: transposition != "N", isConjugated: transposition == "C",
          isUnit: call.requiredLetter("diag", of: ["N", "U"]) == "U")
      ]
    },
    Routine(lapack: ["getrf"], gpu: ["solver_getrf"], ranks: [2], isComplex: true) { call in
      let factors = try call.operands[0].packedLU()
      // Rows are counted from 1.
      let one = try AnyTensor.filled(
        factors[1].type, with: ScalarLiteral(integer: 1, as: .int32))
      return [factors[0], try .applying("add", to: [factors[1], one]), factors[3]]
    },
    Routine(lapack: ["geqrf"], gpu: ["solver_geqrf"], ranks: [2], isComplex: true) { call in
      try call.operands[0].packedQR()
    },
    Routine(
      lapack: ["orgqr", "ungqr"], gpu: ["solver_orgqr"], ranks: [2, 1], isComplex: true
    ) { call in
      [try call.operands[0].householderProduct(call.operands[1])]
    },
    Routine(
      lapack: ["ormqr", "unmqr"], gpu: ["solver_ormqr"], ranks: [2, 1, 2], isComplex: true
    ) { call in
      [
        try call.operands[0].householderMultiply(
          call.operands[1], call.operands[2], isLeft: call.truth("left"),
          isTransposed: call.truth("transpose"))
      ]
    },
    Routine(lapack: ["syevd", "heevd"], gpu: ["solver_syevd"], ranks: [2]) { call in
      let a = try call.isLower() ? call.operands[0] : call.operands[0].withMatricesTransposed()
      let (values, vectors) = try a.valuesAndVectors()
      return [vectors, values, try call.success()]
    },
    Routine(lapack: ["gesdd", "gesvd"], gpu: [], ranks: [2]) { call in
      [call.operands[0]] + (try call.singularValues()) + [try call.success()]
    },
    // Of these V is wanted, not its transpose.
    Routine(lapack: [], gpu: ["solver_gesvdj", "solver_gesvdp"], ranks: [2]) { call in
      let parts = try call.singularValues(isRightTransposed: false)
      return [call.operands[0]] + parts + [try call.success()]
    },
    Routine(lapack: [], gpu: ["solver_gesvd", "solver_gesdd"], ranks: [2]) { call in
      // Of the transpose U and Vᵀ are exchanged.
      let isExchanged = try call.truth("transposed")
      let parts = try call.singularValues(isExchanged: isExchanged)
      return [call.operands[0]] + parts + [try call.success()]
    },
    Routine(lapack: ["gtsv"], gpu: ["sparse_gtsv2"], ranks: [1, 1, 1, 2]) { call in
      let diagonals = Array(call.operands[..<3])
      let solved = try AnyTensor.tridiagonalSolve(diagonals, call.operands[3])
      return call.results.count == 1 ? [solved[0]] : diagonals + solved
    },
  ]

  static let lapack: [String: Body] = {
    var rules: [String: Body] = [:]
    for routine in routines {
      let real = ["s": ElementType.float32, "d": .float64]
      let complex = ["c": ElementType.complex64, "z": .complex128]
      let supported = routine.isComplex ? real.merging(complex) { first, _ in first } : real
      for name in routine.lapack {
        for (letter, element) in supported {
          rules["stablehlo.custom_call @lapack_\(letter)\(name)_ffi"] = { call in
            try call.check(routine.ranks, [element])
            return try routine.body(call)
          }
        }
      }
      for name in routine.gpu {
        for prefix in ["cu", "hip"] {
          rules["stablehlo.custom_call @\(prefix)\(name)_ffi"] = { call in
            if !routine.isComplex, call.operands.contains(where: { $0.elementType.isComplex }) {
              throw LoweringError.unsupported("\(call.operation.fullName) on complex numbers")
            }
            try call.check(routine.ranks, Array(supported.values))
            return try routine.body(call)
          }
        }
      }
    }
    return rules
  }()
}

extension Application {
  /// Checks that there are as many operands as a routine takes, of its types and with enough dimensions.
  fileprivate func check(_ ranks: [Int], _ elements: [ElementType]) throws(LoweringError) {
    guard try operands(ranks.count).allSatisfy({ elements.contains($0.elementType) }) else {
      let names = elements.map(\.stableHLOName).sorted().joined(separator: ", ")
      throw .invalid("\(operation.fullName) takes elements of type \(names), got \(operandText)")
    }
    guard zip(operands, ranks).allSatisfy({ $0.type.shape.count >= $1 }) else {
      throw .invalid("\(operation.fullName) takes matrices, got \(operandText)")
    }
    _ = try alike(operands)
  }

  /// A letter of an option, which is written as its code; nil where there is none.
  fileprivate func letter(_ name: String, of letters: [String]) throws(LoweringError) -> String? {
    guard let option = operation.callOptions[name] else { return nil }
    let text: String? =
      switch option {
      case .integer(let code): UInt8(exactly: code).map { String(UnicodeScalar($0)) }
      case .string(let text), .word(let text): text
      default: nil
      }
    guard let text, letters.contains(text) else {
      throw .invalid("the option \(name) should be one of \(letters.joined(separator: ", "))")
    }
    return text
  }

  fileprivate func requiredLetter(
    _ name: String, of letters: [String]
  ) throws(LoweringError) -> String {
    guard let letter = try letter(name, of: letters) else {
      throw .invalid("the option \(name) is missing")
    }
    return letter
  }

  /// Whether the lower triangle is meant: `uplo` of LAPACK, `lower` of GPUs.
  fileprivate func isLower() throws(LoweringError) -> Bool {
    guard let letter = try letter("uplo", of: ["L", "U"]) else { return try truth("lower") }
    return letter == "L"
  }

  fileprivate func truth(_ name: String) throws(LoweringError) -> Bool {
    guard case .bool(let value)? = operation.callOptions[name] else {
      throw .invalid("the option \(name) should be true or false")
    }
    return value
  }

  /// The number that says that a routine succeeded, for each matrix.
  fileprivate func success() throws -> AnyTensor {
    let type = TensorType(element: .int32, shape: Array(operands[0].type.shape.dropLast(2)))
    return try .filled(type, with: .zero(.int32))
  }

  /// The singular values, U and Vᵀ, as many vectors as the results have; zeros for results of another
  /// shape, which are of no use.
  fileprivate func singularValues(
    isRightTransposed: Bool = true, isExchanged: Bool = false
  ) throws -> [AnyTensor] {
    guard results.count == 5 else {
      throw LoweringError.invalid("gives 5 results, \(results.count) are named")
    }
    let shape = operands[0].type.shape
    let rank = shape.count
    let vectors = isExchanged ? [results[3], results[2]] : [results[2], results[3]]
    let isSquare = vectors.allSatisfy {
      $0.shape.count == rank && $0.shape[rank - 2] == $0.shape[rank - 1]
    }
    let parts = try operands[0].svd(isFull: isSquare)
    var (u, vt) = (parts[0], parts[2])
    if !isRightTransposed { vt = try vt.withMatricesTransposed() }
    if isExchanged { (u, vt) = (vt, u) }
    let found = [parts[1], u, vt]
    return try zip(found, results[1...]).map { part, type in
      part.type == type ? part : try .filled(type, with: .zero(type.element))
    }
  }
}

extension Operation {
  /// The options of a custom call, wherever they are written.
  var callOptions: [String: AttributeSyntax] {
    for name in ["backend_config", "mhlo.backend_config"] {
      if case .dictionary(let options)? = attributes[name] { return options }
    }
    return [:]
  }
}

extension AnyTensor {
  /// The eigenvalues of symmetric matrices, and the eigenvectors.
  func valuesAndVectors() throws -> (values: AnyTensor, vectors: AnyTensor) {
    let results = try eigh()
    return (results[0], results[1])
  }

  /// With the last two dimensions exchanged.
  func withMatricesTransposed() throws -> AnyTensor {
    let rank = type.shape.count
    let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    return try .applying(
      "transpose", [Attribute("permutation", .integers(order))], to: [self])
  }
}
