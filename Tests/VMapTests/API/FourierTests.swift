import Foundation
import Testing
import VMap

/// Discrete Fourier transforms against their definition, in double precision.
@Suite struct FourierTests {
  typealias C = Complex<Double>

  private func sample(_ count: Int) -> [C] {
    (0..<count).map { (number: Int) -> C in
      let (a, b) = (Double(number * number + 1), Double(3 * number))
      return C(sin(a), cos(b))
    }
  }

  private func definition(_ x: [C]) -> [C] {
    x.indices.map { (row: Int) -> C in
      var sum = C(0)
      for column in x.indices {
        let part = Double(row * column % x.count) / Double(x.count)
        let angle: Double = -2 * Double.pi * part
        sum = sum + x[column] * C(cos(angle), sin(angle))
      }
      return sum
    }
  }

  /// The largest difference: rounding is relative to the norm, which is about the square root of the
  /// length times as large as an element.
  private func difference(_ a: [C], _ b: [C]) -> Double {
    zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0
  }

  /// Direct ones, primes, and products of small and of large factors.
  @Test(arguments: [1, 2, 3, 8, 31, 37, 48, 74, 96, 128])
  func lengths(count: Int) throws {
    let x = sample(count)
    let transform = fft(Tensor(x))
    let bound = 1e-15 * Double(count) * 4
    #expect(try difference(transform.scalars(), definition(x)) <= bound)
    #expect(try difference(ifft(transform).scalars(), x) <= bound)
    let reals = Tensor<Double>(x.map(\.real))
    let half = rfft(reals)
    #expect(half.shape == [count / 2 + 1])
    let whole = definition(x.map { C($0.real) })
    #expect(try difference(half.scalars(), Array(whole.prefix(count / 2 + 1))) <= bound)
    let back = try irfft(half, count: count).scalars()
    #expect(zip(back, x).allSatisfy { abs($0 - $1.real) <= bound })
  }

  @Test func axesAndBatches() throws {
    let x = sample(24)
    let matrices = try Tensor(shape: [2, 3, 4], scalars: x)
    let columns = try vmap({ fft($0, axis: 0) }, inAxes: 0)(matrices)
    let whole = fft(matrices, axis: 1)
    #expect(columns.shape == [2, 3, 4])
    #expect(try columns.scalars() == whole.scalars())
    let first = definition([x[0], x[4], x[8]])
    #expect(try difference([0, 4, 8].map { try whole.scalars()[$0] }, first) <= 1e-14)
  }

  @Test func wrongArguments() {
    #expect(throws: VMapError.self) { try fft(Tensor<C>(1)).scalars() }
    #expect(throws: VMapError.self) { try fft(Tensor<C>([1, 2]), axis: 1).scalars() }
    #expect(throws: VMapError.self) { try irfft(Tensor<C>([1, 2]), count: 7).scalars() }
    #expect(throws: VMapError.self) { try fft(Tensor<C>.zeros([0])).scalars() }
    #expect(throws: VMapError.self) { try fft(Tensor<C>.zeros([4099])).scalars() }
  }
}
