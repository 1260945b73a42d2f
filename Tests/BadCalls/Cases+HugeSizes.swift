import Device
import VMap

// Sizes near the largest an `Int` counts, and the sizes beside a 0, which may be anything.

extension CaseList {
  mutating func addHugeSizes() {
    failsOnDevice("huge.batch-of-bytes", .sizeOverflow, "bytes") {
      _ = try vmap({ Tensor<UInt8>(1) }, axisSize: .max)().scalars()
    }
    failsOnDevice("huge.reduced-batch", .allocationFailed, "bytes") {
      let f = vmap(
        { (x: F) in (x + axisIndex("i").asType(Float.self)).max(over: "i") },
        inAxes: nil, outAxes: nil, axisName: "i", axisSize: .max)
      _ = try f(F(1)).scalars()
    }
    works("huge.empty-sums") {
      let x = try F(shape: [1 << 62, 0], scalars: [])
      try expect(x + 1, [])
      try expect(x.sum(), [0])
      try expect(vmap { (x: F) in x + 1 }(x), [])
      try expect(vmap({ (x: F) in x.sum() + 1 }, inAxes: 1, axisSize: 0)(x), [])
      try expect(x.sum(axis: 1)[(1 << 62) - 1], [0])
      try expect(x.transposed().sum(), [0])
      let y = try Tensor<Double>(shape: [0, 1 << 62], scalars: [])
      guard try y.sum(axis: 0)[3].scalars() == [0], try y.sum().scalars() == [0],
        try y.asType(Complex<Double>.self).scalars().isEmpty
      else { throw WrongResult(text: "a sum of nothing") }
      let z = try Tensor<Complex<Float>>(shape: [1 << 62, 0], scalars: [])
      guard try (z.sum() + 1).scalars() == [Complex(1, 0)] else {
        throw WrongResult(text: "a complex sum of nothing")
      }
    }
    works("huge.empty-state") {
      let x = try F(shape: [1 << 62, 0], scalars: [])
      let f = jit { (x: F, n: F) in
        whileLoop(n, x) { n, _ in
          n .< 3
        } do: { n, x in
          (n + 1, x + n)
        }
      }
      let (n, y) = try f(x, F(1))
      try expect(n, [3])
      try expect(y, [])
    }
    works("huge.empty-bytes") {
      let x = try F(shape: [1 << 62, 0], scalars: [])
      guard try AnyTensor(x).withBytes({ $0.count }) == 0 else {
        throw WrongResult(text: "bytes of nothing")
      }
      try x.write(toNPY: "/dev/null")
    }
  }
}
