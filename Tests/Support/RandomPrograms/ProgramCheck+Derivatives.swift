@testable import VMap

extension ProgramCheck {
  /// Where the derivative in reverse mode is not the transpose of that in forward mode: the sums of
  /// products at the end of the results differ by more than their errors.
  func transpositionMismatch(_ results: [ReferenceTensor]) -> String? {
    let sums = results.suffix(4).map {
      (number: Double(bitPattern: $0.values[0].bits), bound: $0.values[0].bound)
    }
    guard sums.allSatisfy({ $0.number.isFinite && $0.bound.isFinite }) else { return nil }
    // Each product is rounded several times in its own type; sums cancel.
    var narrowest =
      random.program.types.map(\.element.part).filter(\.isFloating)
      .map(\.roundoff).max() ?? 0
    random.program.body.forEachInstruction { instruction in
      guard let rounding = instruction.operation as? ReducePrecision else { return }
      narrowest = max(
        narrowest, Double(sign: .plus, exponent: -1 - rounding.mantissaBits, significand: 1))
    }
    let allowed =
      4 * (sums[0].bound + sums[1].bound) + 1000 * narrowest * (sums[2].number + sums[3].number)
    let difference = (sums[0].number - sums[1].number).magnitude
    return difference <= allowed
      ? nil : "forward \(sums[0].number), reverse \(sums[1].number), at most \(allowed) apart"
  }
}

extension ElementType {
  /// Half the distance from 1 to the next number of a floating-point type.
  fileprivate var roundoff: Double {
    switch self {
    case .bfloat16: 0x1p-9
    case .float16: 0x1p-12
    case .float64: 0x1p-53
    default: 0x1p-24
    }
  }
}
