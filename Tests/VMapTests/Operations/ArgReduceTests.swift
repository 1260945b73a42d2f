import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ArgReduceTests {
  static func check(_ dimension: Int, _ input: BatchCheck.Input) -> BatchCheck {
    var check = BatchCheck("argmax and argmin", [input]) { trace, x in
      [true, false].map {
        trace.emit(ArgReduce(isMaximum: $0, dimension: dimension), x)[0]
      }
    }
    check.widths = input.type.element == .float32 ? .scalar : .own
    return check
  }

  /// Small integers, so that there are many ties.
  @Test(arguments: ElementType.allCases.filter { !$0.isComplex })
  func ties(type: ElementType) throws {
    var onDevice: [BatchCheck] = []
    for (shape, dimension) in [([7], 0), ([3, 4], 0), ([3, 4], 1), ([1], 0), ([0, 3], 1)] {
      let input = BatchCheck.Input(type, shape) { example, offset in
        let number = Int(Samples.hash(example * 31 + offset) % 3)
        return ReferenceScalar(
          bits: type.isFloating ? type.bits(Double(number)) : type.bits(Int128(number)))
      }
      let check = Self.check(dimension, input)
      expectNone(try check.interpreterMismatches())
      if type == .float32 || (ViewTests.types.contains(type) && dimension == 0) {
        onDevice.append(check)
      }
    }
    expectNone(try onDevice.deviceMismatches())
  }

  /// NaN, infinities, both zeros, and the ends of the ranges of integers.
  @Test func specialValues() throws {
    let checks = ElementwiseTests.onDevice.filter { !$0.isComplex }.map { type in
      let pool = Samples.special(type)
      return Self.check(
        0,
        BatchCheck.Input(type, [4]) { example, offset in
          pool[Int(Samples.hash(example * 4 + offset) % UInt64(pool.count))]
        })
    }
    expectNone(try checks.deviceMismatches())
  }

  /// Nothing but the identity of the reduction: the first index all the same.
  @Test func nothingButTheWorst() throws {
    let checks = [
      (ElementType.float32.bits(-Double.infinity), ElementType.float32),
      (ElementType.float32.bits(Double.nan), .float32), (0, .uint8), (0x80, .int8),
      (255, .uint8), (0, .bool), (1, .bool),
    ].map { bits, type in
      Self.check(0, BatchCheck.Input(type, [3]) { _, _ in ReferenceScalar(bits: bits) })
    }
    expectNone(try checks.deviceMismatches())
  }
}
