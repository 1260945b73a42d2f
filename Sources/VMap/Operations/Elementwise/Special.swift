extension Elementwise {
  static let special: [Elementwise] = library([
    ("erf", "chlo.erf"), ("erfc", "chlo.erfc"), ("erf_inv", "chlo.erf_inv"),
    ("lgamma", "chlo.lgamma"), ("digamma", "chlo.digamma"),
    ("bessel_i1e", "chlo.bessel_i1e"),
  ])
}

extension Elementwise {
  /// NIST Digital Library of Mathematical Functions, 7.2 (error functions), 5.2 (gamma), 5.15 (its
  /// logarithm's second derivative), 10.29 (Bessel functions).
  static let specialDerivatives: [String: ElementwiseDerivative] = [
    "erf": .factor { x, _ in Term("exp", -(x * x)).scaled(by: 1.1283791670955126) },
    "erfc": .factor { x, _ in Term("exp", -(x * x)).scaled(by: -1.1283791670955126) },
    "erf_inv": .factor { _, y in Term("exp", y * y).scaled(by: 0.8862269254527580) },
    "lgamma": .factor { x, _ in Term("digamma", x) },
    "digamma": .factor { x, _ in x.trigamma },
    // I1' = I0 - I1 / x, and both are scaled by exp(-|x|); at 0 it is 1/2.
    "bessel_i1e": .factor { x, y in
      let isSmall = x.magnitude .< x.constant(1e-6)
      let safe = Term.select(isSmall, x.constant(1), x)
      let slope = x.besselI0e - y * (Term("sign", x) + x.constant(1) / safe)
      return .select(isSmall, x.constant(0.5), slope)
    },
  ]
}

extension Term {
  /// A function of tensors of each floating-point type, applied to numbers of this one.
  fileprivate func applying(_ function: FunctionOfNumbers) -> Term {
    func apply<Scalar: TensorFloatingPoint>(_: Scalar.Type) -> Term {
      Term(function(Tensor<Scalar>(handle: handle)).handle)
    }
    switch element {
    case .float64: return apply(Double.self)
    case .float16: return apply(Float16.self)
    case .bfloat16: return apply(BFloat16.self)
    default: return apply(Float.self)
    }
  }

  fileprivate var trigamma: Term { applying(.trigamma) }
  fileprivate var besselI0e: Term { applying(.scaledBessel) }
}

/// Functions made of other operations that are derivatives.
private enum FunctionOfNumbers {
  case trigamma, scaledBessel

  func callAsFunction<Scalar: TensorFloatingPoint>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .trigamma: zeta(Tensor<Scalar>(2), x)
    case .scaledBessel: besselI0e(x)
    }
  }
}
