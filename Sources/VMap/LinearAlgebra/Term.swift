/// A number or an array in the writing of a decomposition, whatever its element type: the operators
/// make operations of a program.
///
/// Indices are scalars of 32 bits that lie inside of what they index.
struct Term {
  let handle: TensorHandle

  init(_ handle: TensorHandle) { self.handle = handle }

  private init(_ operands: [Term], as element: ElementType, _ steps: () throws -> TensorHandle) {
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

/// Elements and windows.
extension Term {
  private func first(_ indices: [Term?]) -> [TensorHandle] {
    indices.map { ($0 ?? .index(0)).handle }
  }

  private func window(_ indices: [Term?]) -> Term {
    let whole = sizes
    let sizes = zip(indices, whole).map { $0 == nil ? $1 : 1 }
    let shape = zip(indices, whole).compactMap { $0 == nil ? $1 : nil }
    let operands = [self] + indices.compactMap(\.self)
    return Term(operands, as: element) {
      try TensorHandle.step(DynamicSlice(sizes: sizes), [handle] + first(indices))
        .reshaped(to: shape)
    }
  }

  private func setting(_ indices: [Term?], _ value: Term) -> Term {
    let sizes = zip(indices, sizes).map { $0 == nil ? $1 : 1 }
    let operands = [self, value] + indices.compactMap(\.self)
    return Term(operands, as: element) {
      try .step(
        DynamicUpdateSlice(), [handle, value.handle.reshaped(to: sizes)] + first(indices))
    }
  }

  subscript(index: Term) -> Term { window([index]) }
  subscript(row: Term, column: Term) -> Term { window([row, column]) }
  func row(_ row: Term) -> Term { window([row, nil]) }
  func column(_ column: Term) -> Term { window([nil, column]) }

  func setting(_ index: Term, to value: Term) -> Term { setting([index], value) }
  func setting(_ row: Term, _ column: Term, to value: Term) -> Term {
    setting([row, column], value)
  }
  func settingRow(_ row: Term, to values: Term) -> Term { setting([row, nil], values) }
  func settingColumn(_ column: Term, to values: Term) -> Term { setting([nil, column], values) }
}

/// Views.
extension Term {
  func reshaped(to shape: [Int]) -> Term {
    Term([self], as: element) { try handle.reshaped(to: shape) }
  }

  func repeated(to shape: [Int]) -> Term {
    Term([self], as: element) { try handle.broadcast(to: shape) }
  }

  /// The matrix with rows and columns exchanged.
  var transposed: Term { Term([self], as: element) { try handle.transposed([1, 0]) } }

  func reversed(_ dimensions: [Int]) -> Term {
    Term([self], as: element) { try .step(Reverse(dimensions: dimensions), handle) }
  }

  /// The first elements along a dimension.
  func prefix(_ count: Int, along dimension: Int) -> Term {
    if sizes[dimension] == count { return self }
    return Term([self], as: element) { try handle.sliced(0, count, along: dimension) }
  }

  /// The elements along a dimension from an index on.
  func suffix(from start: Int, along dimension: Int) -> Term {
    Term([self], as: element) {
      try handle.sliced(start, sizes[dimension], along: dimension)
    }
  }

  /// A matrix with another one below it.
  func above(_ other: Term) -> Term {
    Term([self, other], as: element) {
      try .step(Concatenate(dimension: 0), handle, other.handle)
    }
  }

  /// A vector with zeros after it.
  func padded(to count: Int) -> Term {
    Term([self], as: element) {
      try .step(
        Pad(low: [0], high: [count - sizes[0]], interior: [0]), handle, constant(0).handle)
    }
  }

  /// The elements of the main diagonal.
  var diagonal: Term {
    let (rows, columns) = (sizes[0], sizes[1])
    let isDiagonal = Term.indices(sizes, along: 0) .== Term.indices(sizes, along: 1)
    let count = Swift.min(rows, columns)
    let other = rows > columns ? 0 : 1
    return Term.select(isDiagonal, self, constant(0)).sum(along: other).prefix(count, along: 0)
  }

  func sum(along dimension: Int) -> Term { reduced(.sum, along: [dimension]) }
  var sum: Term { reduced(.sum, along: Array(sizes.indices)) }
  var product: Term { reduced(.product, along: Array(sizes.indices)) }
  var maximum: Term { reduced(.maximum, along: Array(sizes.indices)) }

  private func reduced(_ kind: Reduce.Kind, along dimensions: [Int]) -> Term {
    Term([self], as: element) { try .step(Reduce(kind: kind, dimensions: dimensions), handle) }
  }

  /// The product of matrices.
  static func product(_ a: Term, _ b: Term) -> Term {
    Term([a, b], as: a.element) {
      try .contraction("matmul", a.handle, b.handle, over: ([1], [0]))
    }
  }

  /// Elements along a dimension.
  func taking(_ indices: Term, along dimension: Int) -> Term {
    Term([self, indices], as: element) {
      try .step(Take(dimension: dimension), handle, indices.handle)
    }
  }
}

/// Orders.
extension Term {
  /// The positions of a vector's elements in ascending or descending order.
  func argsort(isDescending: Bool) -> Term {
    Term([self], as: .int32) {
      let positions = Term.indices(sizes, along: 0)
      let operands = [self, positions].map { AnyTensor(handle: $0.handle) }
      return try AnyTensor.sorted(operands, along: 0) { elements in
        [try .applying(isDescending ? "gt" : "lt", to: Array(elements[..<2]))]
      }[1].handle
    }
  }
}

/// Loops. The counters of loops whose bounds do not vary are the same in all examples.
extension Term {
  /// Replaces a state while a condition on it holds.
  static func whileLoop(
    _ initial: [Term], while condition: @escaping ([Term]) -> Term,
    do body: @escaping ([Term]) -> [Term]
  ) -> [Term] {
    let loop = LoopDescription(
      name: "LinearAlgebra", paths: initial.indices.map { "state \($0)" },
      condition: { condition($0.map(Term.init)).handle },
      body: { body($0.map(Term.init)).map(\.handle) })
    return runLoop(loop, from: initial.map(\.handle)).map(Term.init)
  }

  /// Replaces a state once for each index of a range.
  static func loop(
    _ lower: Term, _ upper: Term, _ initial: [Term],
    do body: @escaping (_ index: Term, _ state: [Term]) -> [Term]
  ) -> [Term] {
    let results = whileLoop([lower] + initial) { state in
      state[0] .< upper
    } do: { state in
      [state[0] + .index(1)] + body(state[0], Array(state.dropFirst()))
    }
    return Array(results.dropFirst())
  }

  /// What a function gives where a condition holds, which elsewhere is not run.
  static func when(
    _ condition: Term, else other: [Term], do body: @escaping () -> [Term]
  ) -> [Term] {
    let results = whileLoop([condition] + other) {
      $0[0]
    } do: { _ in
      [Term(false.constant)] + body()
    }
    return Array(results.dropFirst())
  }

  /// A number with products added for a range of indices, one after another.
  func adding(
    from lower: Term, to upper: Term, _ factors: @escaping (_ index: Term) -> (Term, Term)
  ) -> Term {
    Term.loop(lower, upper, [self]) { index, sum in
      let (a, b) = factors(index)
      return [.multiplyAdd(a, b, sum[0])]
    }[0]
  }

  /// A number with products subtracted, likewise.
  func subtracting(
    from lower: Term, to upper: Term, _ factors: @escaping (_ index: Term) -> (Term, Term)
  ) -> Term {
    adding(from: lower, to: upper) { index in
      let (a, b) = factors(index)
      return (-a, b)
    }
  }

  /// A function of each column of a matrix: columns are a map axis of their own.
  func mappingColumns(_ body: (_ column: Term) -> Term) -> Term {
    Term([self], as: element) {
      guard let trace = Trace.current ?? handle.trace else {
        throw VMapError(.internalInconsistency, "columns are mapped outside of a trace")
      }
      let axis = trace.makeAxis(name: nil, extent: .constant(sizes[1]))
      let bind = BindAxis(axis: axis, dimension: 1)
      let result = body(Term(trace.emit(bind, [handle])[0])).handle
      defer { trace.closeAxes([axis]) }
      return trace.emit(UnbindAxis(axis: axis, dimension: 1), [result])[0]
    }
  }
}
