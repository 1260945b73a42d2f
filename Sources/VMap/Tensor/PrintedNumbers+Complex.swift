extension PrintedNumber {
  init(_ literal: ScalarLiteral) { self.init(literal.double, shortest: literal.text) }

  /// A complex number alone, as Python prints it: `(1+2j)`, and `2j` without a real part.
  static func text(real: PrintedNumber, imaginary: PrintedNumber) -> String {
    let number = "\(imaginary.withoutFraction)j"
    if real.value == 0, real.value.sign == .plus { return number }
    return "(\(real.withoutFraction)\(number.hasPrefix("-") ? "" : "+")\(number))"
  }

  private var withoutFraction: String {
    text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  fileprivate var magnitude: PrintedNumber {
    PrintedNumber(value.magnitude, shortest: String(shortest.drop { $0 == "-" }))
  }
}

extension PrintedNumbers {
  /// Complex numbers as words of one width: real parts, then signed imaginary ones, each as an array of
  /// its own.
  static func complex(_ numbers: [(real: PrintedNumber, imaginary: PrintedNumber)]) -> [String] {
    let reals = PrintedNumbers(numbers.map(\.real)).words
    let magnitudes = PrintedNumbers(numbers.map(\.imaginary.magnitude)).words
    return numbers.indices.map { index in
      let value = numbers[index].imaginary.value
      let sign = value.sign == .minus && !value.isNaN ? "-" : "+"
      let word = magnitudes[index]
      let spaces = word.prefix { $0 == " " }
      let digits = word.dropFirst(spaces.count).prefix { $0 != " " }
      let rest = word.dropFirst(spaces.count + digits.count)
      return reals[index] + spaces + sign + digits + "j" + rest
    }
  }
}
