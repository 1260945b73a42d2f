extension Tensor: CustomStringConvertible {
  /// The elements as NumPy prints them: nested brackets, aligned, at most 8 digits after the point, and
  /// of more than 1000 elements the first and last three of each dimension.
  ///
  ///     print(Tensor<Float>([[1, 2.5], [3, 4]]))
  ///     // [[1.  2.5]
  ///     //  [3.  4. ]]
  ///
  /// Inside a traced function it is the type, `Tensor<f32[3]>(traced)`; of a tensor that failed it begins
  /// with `ERROR`.
  public var description: String {
    if case .traced = handle.current { return "Tensor<\(handle.type)>(traced)" }
    do throws(VMapError) {
      let scalars = try scalars()
      let shape = handle.shape
      let layout = PrintedLayout(shape: shape)
      let shown = layout.shownOffsets.map { scalars[$0] }
      let words = Scalar.printed(shown, isScalar: shape.isEmpty)
      return layout.text(words)
    } catch {
      return "ERROR: a tensor of \(Scalar.elementType.rawValue) could not be computed: \(error)"
    }
  }
}

extension TensorScalar {
  /// Elements as words of one width.
  fileprivate static func printed(_ values: [Self], isScalar: Bool) -> [String] {
    var words: [String]
    switch elementType {
    case _ where elementType.isComplex:
      let parts = values.map { $0.literal.parts.map(PrintedNumber.init) }
      words =
        isScalar
        ? parts.map { PrintedNumber.text(real: $0[0], imaginary: $0[1]) }
        : PrintedNumbers.complex(parts.map { ($0[0], $0[1]) })
    case _ where elementType.isFloating:
      let numbers = values.map { PrintedNumber($0.literal) }
      return isScalar ? numbers.map(\.text) : PrintedNumbers(numbers).words
    case .bool: words = values.map { $0.literalBits != 0 ? "True" : "False" }
    default: words = values.map(\.literal.text)
    }
    let width = isScalar ? 0 : words.map(\.count).max() ?? 0
    for index in words.indices { words[index] = words[index].leftPadded(to: width) }
    return words
  }
}

extension String {
  /// The text with spaces before it.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// The text with spaces after it.
  func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
