import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ConcatenateTests {
  static func checks(_ type: ElementType) -> [BatchCheck] {
    [
      BatchCheck(Concatenate(dimension: 0), [.moderate(type, [2]), .moderate(type, [3], seed: 1)]),
      BatchCheck(
        Concatenate(dimension: 1), [.moderate(type, [2, 1]), .moderate(type, [2, 3], seed: 1)]),
      BatchCheck(
        Concatenate(dimension: 0),
        [.moderate(type, [1, 3]), .moderate(type, [0, 3]), .moderate(type, [2, 3], seed: 2)]),
      BatchCheck(Concatenate(dimension: 0), [.moderate(type, [0]), .moderate(type, [0])]),
      BatchCheck(Concatenate(dimension: 0), [.moderate(type, [4])]),
    ]
  }

  @Test(arguments: ElementType.allCases)
  func concatenate(type: ElementType) throws {
    let checks = Self.checks(type)
    expectNone(try checks.flatMap { try $0.interpreterMismatches() })
    if ViewTests.types.contains(type) { expectNone(try checks.deviceMismatches()) }
  }

  static let pads: [(pad: Pad, shape: [Int])] = [
    (Pad(low: [1], high: [2], interior: [0]), [3]),
    (Pad(low: [1, 2], high: [1, 2], interior: [1, 1]), [2, 2]),
    (Pad(low: [0, -1], high: [0, 1], interior: [0, 0]), [2, 3]),
    (Pad(low: [-2], high: [-1], interior: [2]), [4]),
    (Pad(low: [-3], high: [3], interior: [1]), [3]),
    (Pad(low: [2], high: [1], interior: [3]), [0]),
    (Pad(low: [-1], high: [-2], interior: [0]), [3]),
    (Pad(low: [], high: [], interior: []), []),
    (Pad(low: [0], high: [0], interior: [2]), [1]),
  ]

  /// With a padding value that varies, too.
  @Test(arguments: ElementType.allCases)
  func pad(type: ElementType) throws {
    let checks = Self.pads.map { entry in
      BatchCheck(entry.pad, [.moderate(type, entry.shape), .moderate(type, [], seed: 1)])
    }
    expectNone(try checks.flatMap { try $0.interpreterMismatches() })
    if type == .int32 { expectNone(try checks.deviceMismatches()) }
    if ViewTests.types.contains(type) { expectNone(try Array(checks[..<2]).deviceMismatches()) }
  }
}
