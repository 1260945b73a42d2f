/// A number or an array in the writing of a decomposition, whatever its element type: the operators
/// make operations of a program.
///
/// Indices are scalars of 32 bits that lie inside of what they index.
struct Term {
  let handle: TensorHandle

  init(_ handle: TensorHandle) { self.handle = handle }

  /// What steps make of operands; the first that fails is kept.
  init(_ operands: [Term], as element: ElementType, _ steps: () throws -> TensorHandle) {
    handle = .checked(operands.map(\.handle), as: element, steps)
  }

  /// An elementwise operation, on shapes that broadcast.
  init(_ name: String, _ operands: Term..., as element: ElementType? = nil) {
    self.init(operands, as: element ?? operands[0].element) {
      let operation = try Elementwise.make(
        name: name, attributes: Attributes(operation: name, []))
      let handles = operands.map(\.handle)
      return try .step(
        operation, handles.count == 1 ? handles : TensorHandle.broadcast(handles, for: name))
    }
  }

  /// An index that is known.
  static func index(_ value: Int) -> Term { Term(Int32(clamping: value).constant) }

  /// A matrix of indices along a dimension.
  static func indices(_ shape: [Int], along dimension: Int) -> Term {
    Term([], as: .int32) { try .iota(.int32, shape, along: dimension) }
  }

  var element: ElementType { handle.element }

  /// The shape; of what failed, one that lets the writing go on until its error is reported.
  var sizes: [Int] {
    if case .failed = handle.current { return [1, 1] }
    return handle.sizes
  }

  /// A scalar of the same element type.
  func constant(_ value: Double) -> Term { Term(.constant(value, element)) }

  /// A value everywhere in a shape, of the same element type.
  func filled(_ shape: [Int], _ value: Double) -> Term {
    constant(value).repeated(to: shape)
  }

  func converted(to element: ElementType) -> Term {
    Term([self], as: element) { try handle.converted(to: element) }
  }
}

/// Numbers.
extension Term {
  static func + (a: Term, b: Term) -> Term { Term("add", a, b) }
  static func - (a: Term, b: Term) -> Term { Term("sub", a, b) }
  static func * (a: Term, b: Term) -> Term { Term("mul", a, b) }
  static func / (a: Term, b: Term) -> Term { Term("div", a, b) }
  static prefix func - (a: Term) -> Term { Term("neg", a) }
  static func .< (a: Term, b: Term) -> Term { Term("lt", a, b, as: .bool) }
  static func .> (a: Term, b: Term) -> Term { Term("gt", a, b, as: .bool) }
  static func .== (a: Term, b: Term) -> Term { Term("eq", a, b, as: .bool) }
  static func .&& (a: Term, b: Term) -> Term { Term("and", a, b, as: .bool) }
  static prefix func .! (a: Term) -> Term { Term("not", a, as: .bool) }

  /// One of two elements; of arrays, element by element.
  static func select(_ condition: Term, _ a: Term, _ b: Term) -> Term {
    Term("select", condition, a, b, as: a.element)
  }

  static func max(_ a: Term, _ b: Term) -> Term { Term("max", a, b) }
  static func min(_ a: Term, _ b: Term) -> Term { Term("min", a, b) }

  /// `a * b + c`, rounded once where the numbers are real.
  static func multiplyAdd(_ a: Term, _ b: Term, _ c: Term) -> Term {
    a.element.isComplex ? a * b + c : Term("fma", a, b, c)
  }

  var magnitude: Term { Term("abs", self, as: element.part) }
  var squareRoot: Term { Term("sqrt", self) }
  var conjugate: Term { element.isComplex ? Term("conj", self) : self }
  /// The real part, as a real number.
  var real: Term { element.isComplex ? Term("real", self, as: element.part) : self }

  /// The imaginary part of a complex number.
  var imaginary: Term? { element.isComplex ? Term("imag", self, as: element.part) : nil }
  /// What LAPACK compares pivots by: of a complex number the sum of its parts' magnitudes.
  var pivotSize: Term { imaginary.map { real.magnitude + $0.magnitude } ?? magnitude }

  /// The square of the magnitude, added to a real number.
  func square(addedTo sum: Term) -> Term {
    let own = Term.multiplyAdd(real, real, sum)
    return imaginary.map { .multiplyAdd($0, $0, own) } ?? own
  }

  /// A real number as one of a type that may be complex.
  func asNumber(_ element: ElementType) -> Term {
    element.isComplex ? Term("complex", self, constant(0), as: element) : self
  }
}
