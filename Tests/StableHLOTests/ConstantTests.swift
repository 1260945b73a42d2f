import StableHLO
import Testing
import VMap

/// Every spelling of a constant.
@Suite struct ConstantTests {
  private func constant<Scalar: TensorScalar>(
    _ literal: String, _ type: String, as _: Scalar.Type
  ) throws -> [Scalar] {
    let f = try StableHLO.function(
      Modules.main(
        "() -> \(type)", "%0 = stablehlo.constant dense<\(literal)> : \(type)\nreturn %0 : \(type)")
    )
    return try jit(f)([])[0].scalars()
  }

  @Test func floats() throws {
    #expect(try constant("1.5", "tensor<f32>", as: Float.self) == [1.5])
    #expect(try constant("-1.500000e+00", "tensor<2xf32>", as: Float.self) == [-1.5, -1.5])
    #expect(try constant("[1.0, -2.5E-1]", "tensor<2xf32>", as: Float.self) == [1, -0.25])
    #expect(
      try constant("[[1.0], [2.0]]", "tensor<2x1xf64>", as: Double.self) == [1, 2])
    #expect(try constant("0xFF800000", "tensor<f32>", as: Float.self) == [-.infinity])
    #expect(try constant("[0x7FC00000]", "tensor<1xf32>", as: Float.self)[0].isNaN)
    #expect(
      try constant("0x7FF0000000000000", "tensor<f64>", as: Double.self) == [.infinity])
    #expect(
      try constant("\"0x0000803F000000C0\"", "tensor<2xf32>", as: Float.self) == [1, -2])
    #expect(try constant("\"0x0000803F\"", "tensor<3xf32>", as: Float.self) == [1, 1, 1])
    // As near as a float comes: a decimal is not rounded twice.
    #expect(
      try constant("8.589973e+09", "tensor<f32>", as: Float.self) == [Float("8.589973e+09")])
    #expect(try constant("-0.0", "tensor<f32>", as: Float.self)[0].sign == .minus)
  }

  @Test func narrowFloats() throws {
    #expect(try constant("1.5", "tensor<2xf16>", as: Float16.self) == [1.5, 1.5])
    #expect(try constant("[0x7C00, -1.0]", "tensor<2xf16>", as: Float16.self) == [.infinity, -1])
    #expect(try constant("\"0x003C00C0\"", "tensor<2xf16>", as: Float16.self) == [1, -2])
    #expect(try constant("\"0x003C\"", "tensor<3xf16>", as: Float16.self) == [1, 1, 1])
    #expect(try constant("65520.0", "tensor<f16>", as: Float16.self) == [.infinity])
    #expect(try constant("3.140630e+00", "tensor<bf16>", as: BFloat16.self) == [.pi])
    #expect(
      try constant("[0xFF80, 0.1]", "tensor<2xbf16>", as: BFloat16.self) == [-.infinity, 0.1])
    #expect(try constant("\"0x803F00C0\"", "tensor<2xbf16>", as: BFloat16.self) == [1, -2])
    #expect(try constant("0x7FC0", "tensor<bf16>", as: BFloat16.self)[0].isNaN)
    #expect(try constant("-0.0", "tensor<bf16>", as: BFloat16.self)[0].sign == .minus)
  }

  @Test func complexNumbers() throws {
    #expect(
      try constant("(1.0,-2.5)", "tensor<complex<f32>>", as: Complex<Float>.self)
        == [Complex(1, -2.5)])
    #expect(
      try constant("(0.0,1.0)", "tensor<2xcomplex<f64>>", as: Complex<Double>.self) == [.i, .i])
    #expect(
      try constant(
        "[(1.0,2.0), (0x7F800000,-3.0)]", "tensor<2xcomplex<f32>>", as: Complex<Float>.self)
        == [Complex(1, 2), Complex(.infinity, -3)])
    #expect(
      try constant("\"0x0000803F000000C0\"", "tensor<2xcomplex<f32>>", as: Complex<Float>.self)
        == [Complex(1, -2), Complex(1, -2)])
  }

  @Test func integers() throws {
    #expect(try constant("[-128, 127]", "tensor<2xi8>", as: Int8.self) == [-128, 127])
    #expect(try constant("[0, 255]", "tensor<2xui8>", as: UInt8.self) == [0, 255])
    #expect(
      try constant("18446744073709551615", "tensor<ui64>", as: UInt64.self) == [.max])
    #expect(
      try constant("-9223372036854775808", "tensor<1xi64>", as: Int64.self) == [.min])
    #expect(try constant("0xFF", "tensor<i32>", as: Int32.self) == [255])
    #expect(try constant("\"0x0100FFFF\"", "tensor<2xi16>", as: Int16.self) == [1, -1])
  }

  @Test func truthValues() throws {
    #expect(try constant("true", "tensor<2xi1>", as: Bool.self) == [true, true])
    #expect(try constant("[true, false]", "tensor<2xi1>", as: Bool.self) == [true, false])
    #expect(try constant("\"0x010001\"", "tensor<3xi1>", as: Bool.self) == [true, false, true])
    // One bit each, as MLIR packs them.
    #expect(
      try constant("\"0x0501\"", "tensor<9xi1>", as: Bool.self)
        == [true, false, true, false, false, false, false, false, true])
  }

  @Test func nothing() throws {
    #expect(try constant("", "tensor<0xf32>", as: Float.self) == [])
    #expect(try constant("[]", "tensor<0xf32>", as: Float.self) == [])
    #expect(try constant("1.0", "tensor<2x0xf32>", as: Float.self) == [])
  }

  @Test func whatDoesNotFit() {
    func refuse(
      _ literal: String, _ type: String, _ words: String, _ kind: StableHLOError.Kind = .syntax
    ) {
      expectError(
        kind, naming: words,
        in: Modules.main("() -> \(type)", "%0 = stablehlo.constant dense<\(literal)> : \(type)"))
    }
    refuse("[1.0, 2.0]", "tensor<3xf32>", "tensor<3xf32>", .invalid)
    refuse("[[1.0, 2.0], [3.0]]", "tensor<2x2xf32>", "1 item beside one of 2")
    refuse("[[1.0, 2.0], 3.0]", "tensor<2x2xf32>", "expected a list")
    refuse("256", "tensor<ui8>", "\"256\" is no ui8", .invalid)
    refuse("-129", "tensor<i8>", "\"129\" is no i8", .invalid)
    refuse("1.5", "tensor<i32>", "\"1.5\" is no i32", .invalid)
    refuse("2", "tensor<i1>", "\"2\" is no i1", .invalid)
    refuse("true", "tensor<f32>", "\"true\" is no f32", .invalid)
    refuse("\"0x00\"", "tensor<2xf32>", "1 byte cannot fill", .invalid)
    refuse("\"0x0\"", "tensor<f32>", "two digits a byte")
    refuse("\"00\"", "tensor<f32>", "0x")
    refuse("(1.0, 2.0, 3.0)", "tensor<complex<f32>>", "two parts")
    refuse("1.0", "f32", "should be a tensor")
  }
}
