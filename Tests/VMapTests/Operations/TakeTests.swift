import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct TakeTests {
  /// Indices inside and outside of a dimension, on both sides.
  static func indices(_ type: ElementType, _ shape: [Int]) -> BatchCheck.Input {
    let numbers: [Int128] = [0, -1, 9, 2, -9, 1, 3, -3, -4, 100, type.integerRange.upperBound]
    let pool = numbers.filter(type.integerRange.contains)
    return BatchCheck.Input(type, shape) { example, offset in
      ReferenceScalar(bits: type.bits(pool[(example * 3 + offset) % pool.count]))
    }
  }

  static let cases: [(shape: [Int], dimension: Int, indices: [Int])] = [
    ([4], 0, []), ([4], 0, [3]), ([3, 2], 0, [2]), ([2, 3], 1, []), ([2, 3, 2], 1, [2, 2]),
    ([3], 0, [0]), ([0], 0, [0]), ([3, 0], 0, [2]),
  ]

  @Test(arguments: ElementType.allCases)
  func elementTypes(type: ElementType) throws {
    var onDevice: [BatchCheck] = []
    for (number, entry) in Self.cases.enumerated() {
      var check = BatchCheck(
        Take(dimension: entry.dimension),
        [.moderate(type, entry.shape), Self.indices(.int32, entry.indices)])
      expectNone(try check.interpreterMismatches())
      check.widths = type == .float32 ? .scalar : .own
      let isTaken = type == .float32 || number == 2
      if isTaken, ElementwiseTests.onDevice.contains(type) {
        onDevice.append(check)
      }
    }
    expectNone(try onDevice.deviceMismatches())
  }

  @Test func indexTypes() throws {
    let checks = ElementType.allCases.filter(\.isInteger).map { type in
      var check = BatchCheck(
        Take(dimension: 0), [.moderate(.float32, [3, 2]), Self.indices(type, [2])])
      check.widths = .own
      return check
    }
    expectNone(try checks.mismatches())
  }

  /// More elements than an index of a small type can count.
  @Test func smallIndexTypeIntoLongDimension() throws {
    var check = BatchCheck(
      Take(dimension: 0), [.moderate(.int32, [300]), Self.indices(.int8, [5])])
    check.sizes = [3, 17]
    expectNone(try check.deviceMismatches())
  }
}
