@testable import VMap

/// Where a result is not what it should be.
struct Mismatch: CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension ReferenceTensor {
  /// The first element of a device's result that a correct device could not have computed.
  func mismatch(with actual: ReferenceTensor) -> String? {
    guard type == actual.type else { return "expected \(type), got \(actual.type)" }
    for (offset, (wanted, got)) in zip(values, actual.values).enumerated()
    where !accepts(wanted, got) {
      return "element \(offset) of \(type): expected \(element.text(wanted)) "
        + "± \(wanted.bound), got \(element.text(got))"
    }
    return nil
  }

  /// The first element that differs in any bit; one NaN is as good as another.
  func difference(from other: ReferenceTensor) -> String? {
    guard type == other.type else { return "\(type) and \(other.type)" }
    for (offset, (a, b)) in zip(values, other.values).enumerated()
    where !isSame(a.bits, b.bits) || !isSame(a.imaginary, b.imaginary) {
      return "element \(offset) of \(type): \(element.text(a)) and \(element.text(b))"
    }
    return nil
  }

  private func isSame(_ a: UInt64, _ b: UInt64) -> Bool {
    let type = element.part
    return a == b || type.isFloating && type.number(a).isNaN && type.number(b).isNaN
  }

  private func accepts(_ wanted: ReferenceScalar, _ actual: ReferenceScalar) -> Bool {
    if !wanted.isCertain { return true }
    guard element.part.isFloating else { return wanted.bits == actual.bits }
    return accepts(wanted.bits, actual.bits, within: wanted.bound)
      && accepts(wanted.imaginary, actual.imaginary, within: wanted.bound)
  }

  private func accepts(_ wanted: UInt64, _ actual: UInt64, within bound: Double) -> Bool {
    let (expected, actual) = (element.part.number(wanted), element.part.number(actual))
    if expected.isNaN || actual.isNaN { return expected.isNaN && actual.isNaN }
    return expected == actual || (expected - actual).magnitude <= bound
  }
}
