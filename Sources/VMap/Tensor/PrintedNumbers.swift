import Glibc

/// A floating-point number and its shortest decimal that reads back as the same.
struct PrintedNumber {
  let value: Double
  let shortest: String

  init(_ value: Double, shortest: String) {
    self.value = value
    self.shortest = shortest
  }

  /// The number alone; a NaN has neither a sign nor bits of its own there.
  var text: String { value.isNaN ? "nan" : shortest }

  /// The digits of the shortest decimal and its power of ten: 0.d₁d₂d₃… × 10^exponent.
  private var decimal: (digits: [Character], exponent: Int) {
    let parts = shortest.drop { $0 == "-" }.split(separator: "e")
    let mantissa = parts.first ?? "0"
    let point = mantissa.firstIndex(of: ".") ?? mantissa.endIndex
    var exponent = mantissa[..<point].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    var digits = mantissa.filter { $0 != "." }.map { $0 }
    while digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.last == "0" { digits.removeLast() }
    return digits.isEmpty ? ([], 1) : (digits, exponent)
  }

  private var sign: String { value.sign == .minus ? "-" : "" }

  /// The parts before and after the point, with at most so many digits after it.
  func positional(_ precision: Int) -> (whole: String, fraction: String) {
    let (digits, exponent) = decimal
    if digits.count - exponent > precision {
      let text = rounded("%.*f", precision)
      return (text.whole, text.fraction)
    }
    let zeros = [Character](repeating: "0", count: Swift.max(0, -exponent))
    let padding = [Character](repeating: "0", count: Swift.max(0, exponent - digits.count))
    let whole = exponent > 0 ? String(digits.prefix(exponent) + padding) : "0"
    return (sign + whole, String(zeros + digits.dropFirst(Swift.max(0, exponent))))
  }

  /// The digit before the point, those after it, and the power of ten.
  func scientific(_ precision: Int) -> (whole: String, fraction: String, exponent: Int) {
    let (digits, exponent) = decimal
    if digits.count - 1 > precision {
      return rounded("%.*e", precision)
    }
    return (
      sign + String(digits.prefix(1).isEmpty ? ["0"] : digits.prefix(1)),
      String(digits.dropFirst()), digits.isEmpty ? 0 : exponent - 1
    )
  }

  private func rounded(
    _ format: String, _ precision: Int
  ) -> (whole: String, fraction: String, exponent: Int) {
    // The C library rounds the exact value, which the shortest decimal only stands for.
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(precision), value]) {
      vsnprintf(&buffer, buffer.count, format, $0)
    }
    let bytes = buffer.prefix(Swift.max(0, Int(count))).map { UInt8(bitPattern: $0) }
    let text = String(decoding: bytes, as: UTF8.self)
    let parts = text.split(separator: "e")
    let halves = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    var fraction = halves.count > 1 ? String(halves[1]) : ""
    while fraction.last == "0" { fraction.removeLast() }
    return (
      String(halves.first ?? "0"), fraction, parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    )
  }
}

/// Floating-point numbers as words of one width, as NumPy formats an array.
struct PrintedNumbers {
  private static let precision = 8

  let words: [String]

  init(_ numbers: [PrintedNumber]) {
    let finite = numbers.filter(\.value.isFinite)
    let magnitudes = finite.map(\.value.magnitude).filter { $0 != 0 }
    var isScientific = false
    if let greatest = magnitudes.max(), let least = magnitudes.min() {
      isScientific = greatest >= 1e8 || least < 0.0001 || greatest / least > 1000
    }
    let parts: [(whole: String, rest: String)?] =
      isScientific
      ? PrintedNumbers.scientific(numbers) : PrintedNumbers.positional(numbers)
    let texts = numbers.map { $0.value.isNaN ? "nan" : $0.value < 0 ? "-inf" : "inf" }
    var left = parts.compactMap { $0?.whole.count }.max() ?? 0
    let right = parts.compactMap { $0?.rest.count }.max() ?? 0
    for (part, text) in zip(parts, texts) where part == nil {
      left = Swift.max(left, text.count - right)
    }
    words = zip(parts, texts).map { part, text in
      guard let part else { return text.leftPadded(to: left + right) }
      return part.whole.leftPadded(to: left) + part.rest.rightPadded(to: right)
    }
  }

  private static func positional(
    _ numbers: [PrintedNumber]
  ) -> [(whole: String, rest: String)?] {
    numbers.map { number in
      guard number.value.isFinite else { return nil }
      let parts = number.positional(precision)
      return (parts.whole, "." + parts.fraction)
    }
  }

  private static func scientific(
    _ numbers: [PrintedNumber]
  ) -> [(whole: String, rest: String)?] {
    let parts = numbers.map { $0.value.isFinite ? $0.scientific(precision) : nil }
    let digits = parts.compactMap { $0?.fraction.count }.max() ?? 0
    let exponents = parts.compactMap { $0.map { "\($0.exponent.magnitude)".count } }
    let width = Swift.max(2, exponents.max() ?? 2)
    return parts.map { part in
      guard let part else { return nil }
      let zeros = String(repeating: "0", count: digits - part.fraction.count)
      let power = "\(part.exponent.magnitude)"
      let padding = String(repeating: "0", count: width - power.count)
      let sign = part.exponent < 0 ? "-" : "+"
      return (part.whole, "." + part.fraction + zeros + "e" + sign + padding + power)
    }
  }
}
