import Testing

@testable import VMap
@testable import VMapTestSupport

@Suite struct ScanTests {
  typealias F = Tensor<Float>

  /// Every position of the batch axis, in the rows and in the carry, against the interpreter.
  @Test(arguments: [false, true]) func axes(isReversed: Bool) throws {
    var check = BatchCheck(
      "scan", [.moderate(.int32, [3]), .moderate(.int32, [4, 2], seed: 1)]
    ) { _, handles in
      let (carry, xs) = (Tensor<Int32>(handle: handles[0]), Tensor<Int32>(handle: handles[1]))
      let (last, outputs) = scan(carry, xs, reverse: isReversed) {
        (c: Tensor<Int32>, x: Tensor<Int32>) -> (Tensor<Int32>, Tensor<Int32>) in
        (c * 3 + x[0], c[0..<2] - x)
      }
      return [last.handle, outputs.handle]
    }
    check.widths = .every
    check.sizes = [0, 1, 17]
    expectNone(try check.mismatches())
  }

  /// Steps that each example stops by itself, inside of one that all make.
  @Test func loopsInside() throws {
    var check = BatchCheck(
      "scan of loops", [WhileTests.limits(.int32), .moderate(.float32, [3])]
    ) { _, handles in
      let (limit, xs) = (Tensor<Int32>(handle: handles[0]), F(handle: handles[1]))
      let (last, outputs) = scan(F(1), xs) { (c: F, x: F) -> (F, F) in
        let next = fori(Tensor<Int32>(0), limit, c) { (_: Tensor<Int32>, c: F) -> F in c * x + 1 }
        return (next, c)
      }
      return [last.handle, outputs.handle]
    }
    check.widths = .every
    check.sizes = [0, 1, 17]
    expectNone(try check.mismatches())
  }
}
