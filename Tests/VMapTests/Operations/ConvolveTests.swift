import Testing

@testable import VMap

/// The functions that users call, against numbers from NumPy and JAX.
@Suite struct ConvolveTests {
  static let line = Tensor<Float>([1, 2, 3, 4])

  @Test func modes() throws {
    let kernel = Tensor<Float>([1, 10, 100])
    #expect(try convolve(Self.line, kernel).scalars() == [1, 12, 123, 234, 340, 400])
    #expect(try convolve(kernel, Self.line, mode: .same).scalars() == [12, 123, 234, 340])
    #expect(try convolve(Self.line, kernel, mode: .valid).scalars() == [123, 234])
  }

  @Test func samePadding() throws {
    let x = Self.line.reshaped(to: [1, 1, 4])
    let kernel = Tensor<Float>([10, 1]).reshaped(to: [1, 1, 2])
    func result(_ padding: ConvolutionPadding, _ stride: Int = 1) throws -> [Float] {
      try conv(x, kernel, windowStrides: [stride], padding: padding).scalars()
    }
    #expect(try result(.same) == [12, 23, 34, 40])
    #expect(try result(.sameLower) == [1, 12, 23, 34])
    #expect(try result(.valid, 2) == [12, 34])
    #expect(try result(.explicit([[-1, 1]])) == [23, 34, 40])
  }

  @Test func letters() throws {
    let x = Tensor<Float>([1, 2, 3, 4]).reshaped(to: [1, 2, 2])
    let kernel = Tensor<Float>([10, 1]).reshaped(to: [1, 2, 1])
    let result = convGeneralDilated(
      x, kernel, windowStrides: [1], padding: .valid, dimensionNumbers: ("NWC", "WIO", "NWC"))
    #expect(result.shape == [1, 2, 1])
    #expect(try result.scalars() == [12, 34])
  }

  @Test func errors() {
    func expect(_ kind: VMapError.Kind, _ make: () -> Tensor<Float>) {
      let error = #expect(throws: VMapError.self) { try make().scalars() }
      #expect(error?.kind == kind)
    }
    expect(.shapeMismatch) { convolve(Self.line, Tensor(1)) }
    expect(.shapeMismatch) { conv(Self.line, Self.line, windowStrides: [], padding: .same) }
    let x = Self.line.reshaped(to: [1, 1, 4])
    expect(.invalidArgument) { conv(x, x, windowStrides: [], padding: .same) }
    expect(.invalidArgument) { conv(x, x, windowStrides: [1], padding: .explicit([[1, 2, 3]])) }
    expect(.invalidArgument) {
      convGeneralDilated(
        x, x, windowStrides: [1], padding: .valid, dimensionNumbers: ("NWC", "WIO", "NWW"))
    }
  }
}
