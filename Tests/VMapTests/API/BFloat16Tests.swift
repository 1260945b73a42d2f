import Testing
import VMap

@Suite struct BFloat16Tests {
  @Test func rounding() {
    #expect(Float(BFloat16(Float(3.14159))) == 3.140625)
    // Half way: to the even one.
    #expect(Float(BFloat16(Float(1 + 0x1p-8))) == 1)
    #expect(Float(BFloat16(Float(1 + 0x1.8p-7))) == 1 + 0x1p-6)
    #expect(Float(BFloat16(Float(-0x1.ff0p127))) == -.infinity)
    #expect(Float(BFloat16(Float(0x1.feffp127))) == 0x1.fep127)
    #expect(Float(BFloat16(Float(0x1p-134))) == 0)
    #expect(Float(BFloat16(Float(0x1.8p-134))) == 0x1p-133)
    #expect(BFloat16(Float(bitPattern: 0x7f80_0001)).isNaN)
    #expect(BFloat16(Float(-0.0)).sign == .minus)
  }

  /// A float between would make a tie of these.
  @Test func doublesAreRoundedOnce() {
    #expect(BFloat16(1 + 0x1p-8 + 0x1p-40) == BFloat16(Float(1 + 0x1p-7)))
    #expect(BFloat16(1 + 0x1.8p-7 - 0x1p-40) == BFloat16(Float(1 + 0x1p-7)))
    #expect(BFloat16(-1 - 0x1p-8 - 0x1p-40) == BFloat16(Float(-1 - 0x1p-7)))
    #expect(BFloat16(1 + 0x1p-8) == 1)
  }

  /// Every number is printed shortest and read back.
  @Test func textOfAllNumbers() {
    var wrong: [BFloat16] = []
    for bits in UInt16.min...UInt16.max {
      let number = BFloat16(bitPattern: bits)
      guard !number.isNaN else { continue }
      let text = number.description
      // Four digits tell all numbers apart; zeros around them only say where the point is.
      let digits = text.split(separator: "e")[0].filter(\.isNumber).trimming(while: { $0 == "0" })
      let isShort = digits.count <= 4
      if BFloat16(text)?.bitPattern != bits || !isShort { wrong.append(number) }
    }
    #expect(wrong == [])
    #expect(BFloat16(3.14159).description == "3.14")
    #expect(BFloat16(0.1).description == "0.1")
    #expect(BFloat16(1).description == "1.0")
    #expect(BFloat16(3e38).description == "3e+38")
    #expect(BFloat16.nan.description == "nan")
    #expect(BFloat16("-inf") == -.infinity)
    #expect(BFloat16("x") == nil)
  }

  /// What the protocols promise, beside what `Float` says.
  @Test func floatingPoint() {
    let numbers: [BFloat16] = [
      0, 1, -1, 1.5, 255, -0.1, 3e38, 1e-38, .leastNonzeroMagnitude, .infinity, .pi,
      .greatestFiniteMagnitude, .leastNormalMagnitude,
    ]
    for a in numbers {
      #expect(
        BFloat16(
          sign: a.sign, exponentBitPattern: a.exponentBitPattern,
          significandBitPattern: a.significandBitPattern) == a)
      #expect(BFloat16(exactly: Float(a)) == a)
      #expect(a.nextUp.nextDown == a || a == .infinity)
      #expect(a == .infinity || a.nextUp > a)
      if a.isFinite, a != 0 {
        #expect(BFloat16(sign: a.sign, exponent: Int(a.exponent), significand: a.significand) == a)
        #expect(a.magnitude == .greatestFiniteMagnitude || a.magnitude + a.ulp > a.magnitude)
      }
      for b in numbers {
        #expect((a < b) == (Float(a) < Float(b)))
        let sum = a + b
        #expect(sum.isNaN ? (Float(a) + Float(b)).isNaN : sum == BFloat16(Float(a) + Float(b)))
      }
    }
    #expect(BFloat16(1).nextUp == BFloat16(1 + 0x1p-7))
    #expect(BFloat16(2).squareRoot() == BFloat16(Float(2).squareRoot()))
    #expect(BFloat16(exactly: Float(1 + 0x1p-8)) == nil)
    #expect(BFloat16(exactly: 257) == nil)
    #expect(BFloat16(7) / 2 == 3.5)
    #expect(BFloat16(2.5).rounded() == 3)
    #expect(Set([BFloat16(0), -0.0, 1]).count == 2)
    #expect(Double(BFloat16(0.5)) == 0.5)
    #expect(Int(BFloat16(-3.5)) == -3)
  }

  @Test func tensors() throws {
    let x = Tensor<BFloat16>([1, 2, 0.1])
    #expect("\(x)" == "[1.  2.  0.1]")
    #expect("\(Tensor<Float16>([1, 0.1]))" == "[1.  0.1]")
    #expect("\(Tensor<BFloat16>(0.1))" == "0.1")
    #expect(try (x * 3).scalars() == [3, 6, 0.3])
    #expect(try exp(x).scalars().map(Float.init) == [2.71875, 7.375, 1.1015625])
    // Of many numbers the sum is exact until it is rounded, and the mean does not overflow.
    let ones = Tensor<BFloat16>(try BFloat16.ones(4096))
    #expect(try ones.sum().scalar() == 4096)
    let large = Tensor<Float16>(try Float16.ones(4096)) * 60000
    #expect(try large.mean().scalar() == 60000)
    #expect(try large.variance().scalar() == 0)
    #expect(try large.sum().scalar() == .infinity)
    let batched = vmap { (x: Tensor<Float16>) in dot(x, x) }
    #expect(try batched(Tensor<Float16>([[1, 2], [3, 4]])).scalars() == [5, 25])
    let rounded = Tensor<Float>([1 + 0x1p-12, 1e5]).reducePrecision(
      exponentBits: 5, mantissaBits: 10)
    #expect(try rounded.scalars() == [1, .infinity])
  }

  @Test func npyFiles() throws {
    let x = Tensor<BFloat16>([1, -2.5]), half = Tensor<Float16>([1, -2.5])
    let bytes = try x.npyBytes()
    // As NumPy writes what JAX gives it.
    #expect(String(decoding: bytes[10..<30], as: UTF8.self) == "{'descr': '<V2', 'fo")
    #expect(bytes.suffix(4) == [0x80, 0x3f, 0x20, 0xc0])
    #expect(try Tensor<BFloat16>(npy: bytes).scalars() == [1, -2.5])
    #expect(try Tensor<Float16>(npy: half.npyBytes()).scalars() == [1, -2.5])
    #expect(
      String(decoding: try half.npyBytes()[10..<30], as: UTF8.self) == "{'descr': '<f2', 'fo")
    for read in [{ _ = try Tensor<Float16>(npy: bytes) }, { _ = try Tensor<Int8>(npy: bytes) }] {
      let error = try #require(#expect(throws: VMapError.self) { try read() })
      #expect(error.kind == .typeMismatch)
      #expect("\(error)".contains("bfloat16"))
    }
  }
}

extension BinaryFloatingPoint {
  fileprivate static func ones(_ count: Int) throws -> [Self] { [Self](repeating: 1, count: count) }
}

extension String {
  fileprivate func trimming(while test: (Character) -> Bool) -> Substring {
    var rest = self[...].drop(while: test)
    while let last = rest.last, test(last) { rest.removeLast() }
    return rest
  }
}
