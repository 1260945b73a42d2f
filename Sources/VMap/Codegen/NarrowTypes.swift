/// Floating-point numbers of 16 bits, which registers hold as `float`: read, written and rounded by
/// functions of the kernel library, without `cl_khr_fp16`.
extension VectorType {
  /// The type that registers hold, as an element type of its own.
  var inRegisters: VectorType { VectorType(element: element.computeType, width: width) }

  /// The type of the bits in memory.
  var inMemory: VectorType { VectorType(element: element.storageType, width: width) }

  /// What memory holds, as registers hold it.
  func decoded(_ text: String) -> String {
    guard element.isNarrow else { return text }
    let bits = isVector ? "convert_uint\(suffix)(\(text))" : "(uint)(\(text))"
    return "\(inRegisters.libraryName("from_\(element.rawValue)"))(\(bits))"
  }

  /// What registers hold, as memory holds it.
  func encoded(_ text: String) -> String {
    guard element.isNarrow else { return text }
    let bits = "\(inRegisters.libraryName("bits_\(element.rawValue)"))(\(text))"
    return isVector ? "convert_ushort\(suffix)(\(bits))" : "(ushort)\(bits)"
  }

  /// A number of a wider type, rounded to this one.
  func rounded(_ text: String, from wide: VectorType) -> String {
    let number = "\(wide.libraryName("round_\(element.rawValue)"))(\(text))"
    return wide.element == .float64 ? "convert_\(name)(\(number))" : number
  }
}

extension KernelEmitter {
  /// A function applied: what it computes for numbers that are narrower than registers is rounded.
  func applied(
    _ function: ScalarFunction, _ operands: [String], from: VectorType, to: VectorType
  ) -> String {
    if from.element == .float64 { helpers.usesDouble = true }
    if let library = function.library, from.element.isFloating {
      helpers.use(function: library, from)
    }
    switch function.narrowing {
    case .bits:
      helpers.use(storageOf: from)
      helpers.use(storageOf: to)
      let bits = function.spelling(operands.map(from.encoded), from.inBits, to.inBits)
      return to.decoded(bits)
    case .rounded where to.element.isNarrow:
      let wide = VectorType(
        element: from.element == .float64 ? .float64 : .float32, width: to.width)
      helpers.use(function: "round_\(to.element.rawValue)", wide)
      return to.rounded(function.spelling(operands, from.inRegisters, wide), from: wide)
    case .rounded, .exact:
      return function.spelling(operands, from.inRegisters, to.inRegisters)
    }
  }
}

extension KernelEmitter {
  /// A number of the registers' type, rounded to one that may be narrower.
  func rounded(_ text: String, to type: VectorType) -> String {
    guard type.element.isNarrow else { return text }
    helpers.use(function: "round_\(type.element.rawValue)", type.inRegisters)
    return type.rounded(text, from: type.inRegisters)
  }
}

extension VectorType {
  /// The type of which ``ScalarFunction/Narrowing/bits`` are given.
  fileprivate var inBits: VectorType { element.isNarrow ? inMemory : self }
}

extension MemoryHelpers {
  /// Makes the functions that read and write numbers of a type part of the program, if it needs any.
  mutating func use(storageOf type: VectorType) {
    guard type.element.isNarrow else { return }
    use(function: "from_\(type.element.rawValue)", type.inRegisters)
    use(function: "bits_\(type.element.rawValue)", type.inRegisters)
  }
}
