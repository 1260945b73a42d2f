import Foundation
import Testing
import VMap

/// Complex numbers as users have them.
@Suite struct ComplexTests {
  typealias C = Complex<Float>

  @Test func arithmetic() {
    let (a, b) = (Complex<Double>(1, 2), Complex<Double>(3, -1))
    #expect(a + b == Complex(4, 1))
    #expect(a - b == Complex(-2, 3))
    #expect(a * b == Complex(5, 5))
    #expect(Complex<Double>(6, 2) / Complex(2, -2) == a)
    #expect(Complex<Double>(5, 5) / Complex(1, -2) == Complex(-1, 3))
    #expect(-a == Complex(-1, -2))
    #expect(a.conjugate == Complex(1, -2))
    #expect(Complex<Double>.i * .i == -1)
    #expect(Complex<Float>(3e30, 4e30).magnitude == 5e30)
    let least = Float.leastNonzeroMagnitude
    #expect(Complex<Float>(3 * least, 4 * least).magnitude == 5 * least)
    #expect(Complex<Float>(0, 0).magnitude == 0)
    #expect(Complex<Float>(-.infinity, .nan).magnitude == .infinity)
    #expect(Complex<Float>(exactly: 1 << 25 + 1) == nil)
  }

  @Test func printing() {
    #expect("\(C(1, 2))" == "(1+2j)")
    #expect("\(C(0, -2.5))" == "-2.5j")
    #expect("\(C(-0.0, 1))" == "(-0+1j)")
    #expect("\(Tensor<C>([C(1, 2), C(3, -0.5)]))" == "[1.+2.j  3.-0.5j]")
    #expect("\(Tensor<C>([C(1, .nan), C(-.infinity, 0)]))" == "[  1.+nanj -inf +0.j]")
    #expect("\(Tensor<C>([C(1e10, 0.25), C(0, 1)]))" == "[1.e+10+0.25j 0.e+00+1.j  ]")
    #expect("\(Tensor<C>(C(1.5, -2)))" == "(1.5-2j)")
    #expect("\(Tensor<Complex<Double>>(.i))" == "1j")
  }

  @Test func parts() throws {
    let x = Tensor<C>([C(3, 4), C(-1, 0)])
    #expect(try real(x).scalars() == [3, -1])
    #expect(try imag(x).scalars() == [4, 0])
    #expect(try conj(x).scalars() == [C(3, -4), C(-1, -0.0)])
    #expect(try abs(x).scalars() == [5, 1])
    #expect(try abs(angle(x).scalars()[1] - .pi) < 1e-6)
    #expect(try complex(real(x), imag(x)).scalars() == x.scalars())
    #expect(try (x .== x).scalars() == [true, true])
    #expect(try vdot(x, x).scalars() == [C(26)])
    #expect(try (x * x + 1).scalars() == [C(-6, 24), C(2)])
    #expect(try (x ** 2).sum().scalars() == [C(-6, 24)])
    #expect(try isfinite(Tensor<C>([C(1, .infinity), .i])).scalars() == [false, true])
  }

  @Test func whatHasNoOrderIsAnError() {
    let x = Tensor<C>([.i])
    #expect(throws: VMapError.self) { try (x .< x).scalars() }
    #expect(throws: VMapError.self) { try maximum(x, x).scalars() }
    #expect(throws: VMapError.self) { try x.argmax().scalars() }
  }

  @Test func files() throws {
    let x = Tensor<Complex<Double>>([Complex(1, 2), Complex(-0.5, 1e300)])
    let bytes = try x.npyBytes()
    #expect(String(decoding: bytes, as: UTF8.self).contains("'<c16'"))
    #expect(try Tensor<Complex<Double>>(npy: bytes).scalars() == x.scalars())
    #expect(throws: VMapError.self) { try Tensor<C>(npy: bytes) }
    // The parts of big-endian numbers are turned around one by one.
    var big = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 62, 0]
    let header = "{'descr': '>c8', 'fortran_order': False, 'shape': (1,), }"
    big += Array(header.utf8) + [UInt8](repeating: 0x20, count: 61 - header.utf8.count) + [0x0a]
    big += [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]
    #expect(try Tensor<C>(npy: big).scalars() == [C(1, -2)])
  }

  /// What JAX gives on cuts, at poles and for infinities.
  @Test func specialValues() throws {
    func value(_ f: (Tensor<C>) -> Tensor<C>, _ x: C) throws -> C { try f(Tensor(x)).scalars()[0] }
    let infinity = Float.infinity
    #expect(try value({ sqrt($0) }, C(-1, -0.0)) == C(0, 1))
    #expect(try value({ sqrt($0) }, C(-infinity, 2)) == C(0, infinity))
    #expect(try value({ sqrt($0) }, C(.nan, infinity)) == C(infinity, infinity))
    #expect(try value({ sqrt($0) }, C(3e38, 3e38)).isFinite)
    #expect(try value({ rsqrt($0) }, C(0)).real == infinity)
    #expect(try value({ rsqrt($0) }, C(0)).imaginary.isNaN)
    #expect(try value({ rsqrt($0) }, C(infinity, -infinity)) == C(0))
    #expect(try value({ exp($0) }, C(infinity, 0)) == C(infinity, 0))
    #expect(try value({ exp($0) }, C(-infinity, 3)) == C(-0.0, 0))
    #expect(try value({ exp($0) }, C(88.9, 0.785)).isFinite)
    #expect(try value({ log($0) }, C(0)) == C(-infinity))
    #expect(try value({ log($0) }, C(-infinity, infinity)).real == infinity)
    #expect(try value({ log($0) }, C(-1, -0.0)).imaginary < -3)
    #expect(try value({ tanh($0) }, C(100, 1)) == C(1, 0))
    #expect(try value({ acos($0) }, C(-2, -0.0)).imaginary < 0)
    #expect(try value({ asin($0) }, C(2, -0.0)).imaginary > 0)
    #expect(try value({ asin($0) }, C(0, infinity)) == C(0, infinity))
    #expect(try value({ atanh($0) }, C(1, 0)).real == infinity)
    #expect(try value({ $0 / C(infinity, 1) }, C(1, 1)) == C(0))
    #expect(try value({ $0 / C(1, 1) }, C(infinity, 0)) == C(infinity, -infinity))
    #expect(try value({ $0 ** C(0) }, C(0)) == C(1))
    #expect(try value({ $0 ** C(2) }, C(0)) == C(0))
  }

  /// Near the unit circle the logarithm's real part is small, and must not be noise.
  @Test func logarithmNearTheUnitCircle() throws {
    for k in 1..<40 {
      let angle = 0.15 * Float(k)
      let z = C(cosf(angle), sinf(angle))
      let exact =
        log1p(
          (Double(z.real) - 1) * (Double(z.real) + 1) + Double(z.imaginary) * Double(z.imaginary))
        / 2
      let computed = try Double(log(Tensor(z)).scalars()[0].real)
      #expect(abs(computed - exact) <= 4e-7 * abs(exact) + 1e-16)
    }
  }

  @Test func batches() throws {
    let w = try Tensor<C>(shape: [2, 3], scalars: (0..<6).map { C(Float($0), Float(5 - $0)) })
    let xs = try Tensor<C>(shape: [4, 3], scalars: (0..<12).map { C(Float($0), 1) })
    let model: @Sendable (Tensor<C>, Tensor<C>) -> Tensor<C> = { w, x in matmul(w, x) * C(0, 2) }
    let batched = try vmap(model, inAxes: [nil, 0])(w, xs)
    #expect(batched.shape == [4, 2])
    let (ws, x) = (try w.scalars(), try xs.scalars())
    for example in 0..<4 {
      for row in 0..<2 {
        let sum = (0..<3).reduce(C(0)) { $0 + ws[row * 3 + $1] * x[example * 3 + $1] }
        #expect(try batched.scalars()[example * 2 + row] == sum * C(0, 2))
      }
    }
  }
}
