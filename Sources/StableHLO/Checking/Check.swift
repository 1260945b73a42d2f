import VMap

/// How two tensors are compared by a module that checks itself.
enum CheckKind: Sendable, Hashable {
  /// Equal numbers; NaN equals NaN.
  case equal
  /// Distances of at most so many units in the last place.
  case close(minimum: UInt64, maximum: UInt64)
  /// Differences of at most an absolute tolerance and a share of the expected value.
  case within(relative: Double, absolute: Double)

  /// The comparison that an operation asks for, `check.expect_eq` or a custom call of that name; nil
  /// for other operations.
  init?(_ operation: Operation) throws(LoweringError) {
    var name = operation.name
    if name == "stablehlo.custom_call" { name = try operation.symbol("call_target_name") }
    switch name {
    case "check.expect_eq": self = .equal
    case "check.expect_close":
      // Defaults of StableHLO's interpreter.
      let minimum = operation.attributes["min_ulp_difference"]?.unsigned ?? 0
      let maximum = operation.attributes["max_ulp_difference"]?.unsigned ?? 3
      guard minimum <= maximum else {
        throw LoweringError.invalid(
          "min_ulp_difference, \(minimum), should be at most max_ulp_difference, \(maximum)")
      }
      self = .close(minimum: minimum, maximum: maximum)
    case "check.expect_almost_eq":
      var tolerance = 1e-4
      if case .float(let given)? = operation.attributes["tolerance"] { tolerance = given }
      guard tolerance >= 0 else {
        throw LoweringError.invalid("tolerance should not be negative, got \(tolerance)")
      }
      self = .within(relative: 0, absolute: tolerance)
    default: return nil
    }
  }
}

extension AttributeSyntax {
  fileprivate var unsigned: UInt64? {
    if case .integer(let value) = self { UInt64(bitPattern: Int64(value)) } else { nil }
  }
}

/// Two tensors that a module wants to be compared, and where it says so.
struct Check<Tensor: Sendable>: Sendable {
  let kind: CheckKind
  let actual: Tensor
  let expected: Tensor
  let position: TextPosition
}
