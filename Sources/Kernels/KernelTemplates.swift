/// The definitions in the embedded OpenCL C files, found by name.
///
/// A definition is a block of text without blank lines. Its first `vm_` identifier is its name. A
/// name that ends in `_f32` or `_f64` defines the function for that type, any other for both. The
/// `vm_` identifiers in its text are what it needs; dependencies are declared nowhere else.
struct KernelTemplates: Sendable {
  /// The definitions of the library.
  static let embedded = KernelTemplates(texts: [
    PackageResources.math_arc_cl, PackageResources.math_bessel_cl, PackageResources.math_erf_cl,
    PackageResources.math_exp_cl, PackageResources.math_gamma_cl, PackageResources.math_hyper_cl,
    PackageResources.math_log_cl, PackageResources.math_pow_cl, PackageResources.math_trig_cl,
    PackageResources.narrow_cl,
  ])

  private var definitions: [String: [CodeToken]] = [:]

  /// Reads definitions out of the bytes of files.
  init(texts: [[UInt8]]) {
    for text in texts {
      var block: [UInt8] = []
      for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        if line.isEmpty {
          add(block)
          block = []
        } else if !line.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) {
          block += line + [UInt8(ascii: "\n")]
        }
      }
      add(block)
    }
  }

  private mutating func add(_ block: [UInt8]) {
    let tokens = CodeToken.split(block)
    for case .function(let name, let type) in tokens {
      definitions[CodeToken.key(name, type)] = tokens
      return
    }
  }

  /// The definition of a function for an element type, or nil.
  func definition(of name: String, _ type: MathType) -> [CodeToken]? {
    definitions[CodeToken.key(name, type)] ?? definitions[CodeToken.key(name, nil)]
  }
}
