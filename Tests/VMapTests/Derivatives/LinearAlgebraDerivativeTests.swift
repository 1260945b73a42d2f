import Testing

@testable import VMap
@testable import VMapTestSupport

/// The derivatives of decompositions, solutions and Fourier transforms.
///
/// Their loops take long to compile: they run in the interpreter, on the device one of them.
@Suite struct LinearAlgebraDerivativeTests {
  typealias Reals = Tensor<Double>

  /// A function of a matrix whose eigenvalues and pivots are far apart, and of other tensors.
  private static func check(
    _ name: String, _ shapes: [Int]..., function: @escaping ([Reals]) -> [Reals]
  ) -> DerivativeCheck {
    let inputs = shapes.enumerated().map { number, shape in
      BatchCheck.Input(.float64, shape) { example, offset in
        let value = Samples.number(
          .float64, example * 613 + offset + number * 7919, in: -0.5, 0.5)
        guard shape.count == 2, offset / shape[1] == offset % shape[1] else { return value }
        return ReferenceScalar(
          bits: ElementType.float64.bits(Double(2 + 3 * (offset % shape[1]) + example % 3)))
      }
    }
    return DerivativeCheck(name, inputs) { _, x in function(x.map(Reals.init)).map(\.handle) }
  }

  private static func symmetric(_ a: Reals) -> Reals { (a + a.transposed()) / 2 }

  static var solutions: [DerivativeCheck] {
    [
      check("solve", [3, 3], [3]) { [LinearAlgebra.solve($0[0], $0[1])] },
      check("inverse", [2, 2]) { [LinearAlgebra.inverse($0[0])] },
      check("determinant", [3, 3]) { [LinearAlgebra.determinant($0[0])] },
      check("slogdet", [3, 3]) { [LinearAlgebra.slogdet($0[0]).logarithm] },
      check("triangularSolve", [3, 3], [3, 2]) {
        [LinearAlgebra.triangularSolve($0[0], $0[1], leftSide: true)]
      },
      check("lstsq", [3, 2], [3]) { [LinearAlgebra.lstsq($0[0], $0[1]).x] },
      check("pinv", [3, 2]) { [LinearAlgebra.pinv($0[0])] },
      check("expm", [2, 2]) { [LinearAlgebra.expm($0[0] / 8)] },
    ]
  }

  static var decompositions: [DerivativeCheck] {
    [
      check("cholesky", [3, 3]) { [LinearAlgebra.cholesky(symmetric($0[0]))] },
      check("lu", [3, 3]) { [LinearAlgebra.lu($0[0]).lu] },
      check("qr", [3, 2]) { x in
        let (q, r) = LinearAlgebra.qr(x[0])
        return [q, r]
      },
      // Signs of vectors are not determined.
      check("eigh", [3, 3]) { x in
        let (values, vectors) = LinearAlgebra.eigh(symmetric(x[0]))
        return [values, square(vectors)]
      },
      check("svd", [3, 2]) { x in
        let (u, values, vt) = LinearAlgebra.svd(x[0], fullMatrices: false)
        return [square(u), values, square(vt)]
      },
    ]
  }

  static var transforms: [DerivativeCheck] {
    func parts(_ z: Tensor<Complex<Double>>) -> [Reals] { [real(z), imag(z)] }
    return [
      check("fft", [4], [4]) { parts(fft(complex(square($0[0]), $0[1]))) },
      check("fft of 6", [6], [6]) { parts(fft(complex($0[0], $0[0] * $0[1]))) },
      check("ifft", [5], [5]) { parts(ifft(complex(square($0[0]), $0[1]))) },
      check("rfft", [6]) { parts(rfft(square($0[0]))) },
      check("irfft", [3], [3]) { [irfft(complex(square($0[0]), $0[1]))] },
    ]
  }

  @Test func interpretedSolutions() throws {
    expectNone(try Self.solutions.interpretedMismatches())
  }

  @Test func interpretedDecompositions() throws {
    expectNone(try Self.decompositions.interpretedMismatches())
  }

  @Test func fourierTransforms() throws {
    expectNone(try Self.transforms.interpretedMismatches())
    expectNone(try Array(Self.transforms.prefix(1)).mismatches())
  }
}
