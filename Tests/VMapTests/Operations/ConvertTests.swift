import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ConvertTests {
  /// Special values, and what lies at the ends of other types' ranges.
  static func pool(_ type: ElementType) -> [ReferenceScalar] {
    guard type.isFloating else { return Samples.special(type) }
    let ends: [Double] = [
      127, 127.5, 128, -128, -128.9, -129, 255, 255.9, 256, -0.9, 0.9, 32767, 32768, 65535.5, 65536,
      2_147_483_647, 2_147_483_648, -2_147_483_648, -2_147_483_904, 4_294_967_295, 4_294_967_296,
      0x1p62, 0x1p63, -0x1p63, 0x1p64, 1e30, -1e30, 16_777_217,
      // Ends of 16-bit types, and what lies beside half way between two of their numbers.
      65519.9, 65520, -65536, 3.39e38, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-133, 0x1.8p-134, 0x1p-134,
      1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-8 - 0x1p-40, 1 + 0x1p-8 + 0x1p-40, 1 + 0x1.8p-10,
      1 + 0x1.8p-7,
      0x1.fefp127, 0x1.ff0p127, 0x1.00000001p-25, 0x1.00000001p-134, 0x1p-126, 0x1p-127,
    ]
    return Samples.special(type) + ends.map { ReferenceScalar(bits: type.bits($0)) }
  }

  @Test(arguments: ElementType.allCases)
  func everyPlacement(from: ElementType) throws {
    let check = BatchCheck("convert from \(from)", [.moderate(from, [2, 3])]) { trace, x in
      ElementType.allCases.map { trace.emit(Convert(target: $0, keepsBits: false), x)[0] }
    }
    expectNone(try check.interpreterMismatches())
  }

  @Test(arguments: ElementType.allCases)
  func specialValuesOnDevice(from: ElementType) throws {
    let pool = Self.pool(from)
    var check = BatchCheck(
      "convert from \(from)", [BatchCheck.Input(from, [3]) { pool[($0 * 3 + $1) % pool.count] }]
    ) { trace, x in
      ElementType.allCases.map { trace.emit(Convert(target: $0, keepsBits: false), x)[0] }
    }
    check.sizes = [3, 17]
    check.widths = ElementwiseTests.widths(from)
    expectNone(try check.deviceMismatches())
  }

  @Test func bitcast() throws {
    let checks = ElementType.allCases.map { from in
      let targets = ElementType.allCases.filter {
        $0.byteCount == from.byteCount && ($0 == .bool) == (from == .bool)
          && $0.isComplex == from.isComplex
      }
      // The bits of a NaN may change on the way.
      let pool = Samples.special(from).filter { !from.isFloating || !from.number($0.bits).isNaN }
      var check = BatchCheck(
        "bitcast from \(from)", [BatchCheck.Input(from, [3]) { pool[($0 * 3 + $1) % pool.count] }]
      ) { trace, x in
        targets.map { trace.emit(Convert(target: $0, keepsBits: true), x)[0] }
      }
      check.widths = from == .float32 ? .every : .own
      return check
    }
    expectNone(try checks.mismatches())
  }
}
