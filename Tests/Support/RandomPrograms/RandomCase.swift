@testable import VMap

/// A program with what it is run on.
struct RandomCase {
  var program: Program
  /// The content of each parameter.
  var inputs: [Input]
  /// The sizes of the open map axes of each run.
  var sizes: [[Int]]
  /// Whether the program's derivatives are checked, and not it itself.
  var isDifferentiated = false

  /// What a parameter holds: the same elements for an example, however many there are.
  struct Input: Hashable {
    let seed: UInt64

    private enum Kind: Int { case small, indices, wide, few, fine }

    private var kind: Kind { Kind(rawValue: [0, 0, 0, 1, 1, 2, 3, 4][Int(seed % 8)]) ?? .small }

    func magnitude(of type: ElementType) -> Double {
      if type.isInexact { return type.isComplex ? 6 : 4 }
      switch kind {
      case .wide: return type.greatestMagnitude
      case .indices: return 5
      case .few: return 2
      default: return min(9, type.greatestMagnitude)
      }
    }

    /// How many binary digits after the point numbers have.
    func digits(of type: ElementType) -> Int {
      type.isInexact ? kind == .fine && !type.isNarrow ? 10 : 3 : 0
    }

    /// An element of some random bits.
    func element(_ type: ElementType, _ bits: UInt64) -> ReferenceScalar {
      if type.isComplex {
        let imaginary = element(type.part, Samples.hash(Int(truncatingIfNeeded: bits))).bits
        return ReferenceScalar(bits: element(type.part, bits).bits, imaginary: imaginary)
      }
      if type.isFloating {
        let scale = 1 << digits(of: type)
        let number = Double(Int(bits % UInt64(8 * scale + 1)) - 4 * scale) / Double(scale)
        return ReferenceScalar(bits: type.bits(number))
      }
      let integer: Int128 =
        switch kind {
        case .wide: Int128(bits)
        case .indices: Int128(bits % 6)
        case .few: Int128(bits % 5) - 2
        default: Int128(bits % 19) - 9
        }
      let isNegative = integer < 0 && !type.isSignedInteger && type != .bool
      return ReferenceScalar(bits: type.bits(isNegative ? -integer : integer))
    }
  }

  /// The sizes of the axes' symbols in a run.
  func symbols(_ run: Int) -> [Symbol: Int] {
    Dictionary(uniqueKeysWithValues: sizes[run].enumerated().map { (Symbol(id: $0), $1) })
  }

  /// The arguments of a run.
  func arguments(_ run: Int) -> [ReferenceTensor] {
    let symbols = symbols(run)
    return zip(program.body.parameters, inputs).map { parameter, input in
      let type = program.types[parameter]
      return ReferenceTensor(type.element, type.shape.map { $0.value(symbols) }) { index in
        // Each position by itself, so that a longer batch begins as a shorter one.
        var bits = Samples.hash(Int(input.seed) &+ 0x51ed)
        for position in index {
          bits = Samples.hash(Int(truncatingIfNeeded: bits &+ UInt64(position)))
        }
        return input.element(type.element, bits)
      }
    }
  }
}

// MARK: Text

extension RandomCase {
  /// The seeds of the inputs, the sizes of the runs, and the program.
  var text: String {
    let seeds = inputs.map { "\($0.seed)" }.joined(separator: " ")
    let runs = sizes.map { $0.map(String.init).joined(separator: " ") }.joined(separator: ", ")
    let kind = isDifferentiated ? "derivatives of\n" : ""
    return "\(kind)inputs \(seeds)\nsizes \(runs)\n\(program.text)\n"
  }

  /// Reads what ``text`` has printed.
  init(parsing text: String) throws {
    let start = "derivatives of\n"
    isDifferentiated = text.hasPrefix(start)
    let text = isDifferentiated ? String(text.dropFirst(start.count)) : text
    let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3, lines[0].hasPrefix("inputs"), lines[1].hasPrefix("sizes") else {
      throw InterpreterError("a case begins with inputs and sizes")
    }
    func numbers(_ text: Substring) -> [Int] { text.split(separator: " ").compactMap { Int($0) } }
    program = try Program(parsing: String(lines[2]))
    inputs = numbers(lines[0].dropFirst(6)).map { Input(seed: UInt64($0)) }
    sizes = lines[1].dropFirst(5).split(separator: ",").map(numbers)
    guard inputs.count == program.body.parameters.count else {
      throw InterpreterError(
        "\(inputs.count) inputs for \(program.body.parameters.count) parameters")
    }
  }
}
