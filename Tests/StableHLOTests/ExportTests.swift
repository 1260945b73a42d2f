import StableHLO
import Testing
import VMap

/// What JAX exports beside the usual: bits in elements of another size, products of truth values.
@Suite struct ExportTests {
  private func run(
    _ signature: String, _ body: String, _ arguments: [AnyTensor]
  ) throws -> AnyTensor {
    try vmap(try StableHLO.function(Modules.main(signature, body)))(arguments)[0]
  }

  @Test func bitsInSmallerElements() throws {
    let bytes = try run(
      "(%a: tensor<f32>) -> tensor<4xui8>",
      """
      %0 = stablehlo.bitcast_convert %a : (tensor<f32>) -> tensor<4xui8>
      return %0 : tensor<4xui8>
      """, [try AnyTensor([2], [1, -2.5] as [Float])])
    #expect(try bytes.scalars() == [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0] as [UInt8])
    let halves = try run(
      "(%a: tensor<1xi64>) -> tensor<1x2xui32>",
      """
      %0 = stablehlo.bitcast_convert %a : (tensor<1xi64>) -> tensor<1x2xui32>
      return %0 : tensor<1x2xui32>
      """, [try AnyTensor([2, 1], [-1, 0x1_0000_0002] as [Int64])])
    #expect(try halves.scalars() == [.max, .max, 2, 1] as [UInt32])
  }

  @Test func bitsInLargerElements() throws {
    let numbers = try run(
      "(%a: tensor<1x2xi16>) -> tensor<1xf32>",
      """
      %0 = stablehlo.bitcast_convert %a : (tensor<1x2xi16>) -> tensor<1xf32>
      return %0 : tensor<1xf32>
      """, [try AnyTensor([2, 1, 2], [0, 0x3F80, 0, -0x3FE0] as [Int16])])
    #expect(try numbers.scalars() == [1, -2.5] as [Float])
    expectError(
      .invalid, naming: "2 elements",
      in: Modules.main(
        "(%a: tensor<3xi16>) -> tensor<f32>",
        """
        %0 = stablehlo.bitcast_convert %a : (tensor<3xi16>) -> tensor<f32>
        return %0 : tensor<f32>
        """))
  }

  /// The sum of truth values is or, their product is and; no dimensions are contracted.
  @Test func productsOfTruthValues() throws {
    let a = try AnyTensor([2, 2, 2], [true, false, false, false, true, true, false, true])
    let product = try run(
      "(%a: tensor<2x2xi1>) -> tensor<2x2xi1>",
      """
      %0 = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0]
        : (tensor<2x2xi1>, tensor<2x2xi1>) -> tensor<2x2xi1>
      return %0 : tensor<2x2xi1>
      """, [a])
    #expect(
      try product.scalars() == [true, false, false, false, true, true, false, true])
    let outer = try run(
      "(%a: tensor<2xf32>) -> tensor<2x2xf32>",
      """
      %0 = "stablehlo.dot_general"(%a, %a) <{dot_dimension_numbers = #stablehlo.dot<>}>
        : (tensor<2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
      return %0 : tensor<2x2xf32>
      """, [try AnyTensor([1, 2], [2, 3] as [Float])])
    #expect(try outer.scalars() == [4, 6, 6, 9] as [Float])
  }
}
