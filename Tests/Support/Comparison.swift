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
    where !accepts(wanted, got.bits) {
      return "element \(offset) of \(type): expected \(element.text(wanted.bits)) "
        + "± \(wanted.bound), got \(element.text(got.bits))"
    }
    return nil
  }

  /// The first element that differs in any bit; one NaN is as good as another.
  func difference(from other: ReferenceTensor) -> String? {
    guard type == other.type else { return "\(type) and \(other.type)" }
    for (offset, (a, b)) in zip(values, other.values).enumerated() where a.bits != b.bits {
      if element.isFloating, element.number(a.bits).isNaN, element.number(b.bits).isNaN { continue }
      return "element \(offset) of \(type): \(element.text(a.bits)) and \(element.text(b.bits))"
    }
    return nil
  }

  private func accepts(_ wanted: ReferenceScalar, _ bits: UInt64) -> Bool {
    if !wanted.isCertain { return true }
    guard element.isFloating else { return wanted.bits == bits }
    let (expected, actual) = (element.number(wanted.bits), element.number(bits))
    if expected.isNaN || actual.isNaN { return expected.isNaN && actual.isNaN }
    return expected == actual || (expected - actual).magnitude <= wanted.bound
  }
}
