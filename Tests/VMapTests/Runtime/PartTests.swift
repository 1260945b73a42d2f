import Device
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Batches that are computed in parts, against the same batches at once: the same bits.
@Suite struct PartTests {
  typealias Floats = Tensor<Float>

  /// Programs of one argument, and what they have in common with other examples.
  struct Subject: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let run: @Sendable (_ x: Floats, _ chunk: Int?, _ devices: Devices?) throws -> [Floats]

    init(
      _ name: String, outAxes: Axes = 0,
      _ f: @escaping @Sendable (Floats) throws -> Floats
    ) {
      testDescription = name
      run = { x, chunk, devices in
        [try vmap(f, outAxes: outAxes, axisName: "batch", chunk: chunk, devices: devices)(x)]
      }
    }

    init(
      _ name: String, _ outAxes: Axes,
      _ f: @escaping @Sendable (Floats) throws -> (Floats, Floats)
    ) {
      testDescription = name
      run = { x, chunk, devices in
        let (a, b) = try vmap(
          f, outAxes: outAxes, axisName: "batch", chunk: chunk, devices: devices)(x)
        return [a, b]
      }
    }
  }

  static let subjects = [
    Subject("elements") { x in tanh(x) * 2 },
    Subject("row sums") { x in x.sum() },
    Subject("index") { x in x + axisIndex("batch").asType(Float.self) },
    Subject("behind", outAxes: -1) { x in x * x },
    Subject("sum over the batch") { x in x - x.sum(over: "batch") },
    Subject("softmax over the batch") { x in
      let e = exp(x - x.max(over: "batch"))
      return e / e.sum(over: "batch")
    },
    Subject("variance in two passes", [nil, 0]) { x in
      let centered = x - x.mean(over: "batch")
      let variance = (centered * centered).mean(over: "batch")
      return (variance, centered / sqrt(variance))
    },
    Subject("summed result", outAxes: .sum) { x in outer(x, x) },
    Subject("loop") { x in
      whileLoop(x, while: { ($0 * $0).sum() .< 40 }) { $0 * 1.5 + 0.25 }
    },
  ]

  @Test(arguments: subjects)
  func partsGiveTheSameBits(_ subject: Subject) throws {
    let count = 9001
    let x = try Floats(shape: [count, 3], scalars: BitIdentityTests.samples(count, 3))
    let whole = try subject.run(x, nil, nil)
    for chunk in [4096, 5000, 9000] {
      for (a, b) in zip(whole, try subject.run(x, chunk, nil)) {
        #expect(a.shape == b.shape)
        #expect(try a.scalars().map(\.bitPattern) == b.scalars().map(\.bitPattern), "\(chunk)")
      }
    }
  }

  /// Neighbours that are read in the middle of a function, and the gradient of what examples share.
  @Test func gatheredAndDifferentiated() throws {
    let count = 4099
    let x = try Floats(shape: [count, 2], scalars: BitIdentityTests.samples(count, 2))
    let shifted: @Sendable (Floats) -> Floats = { x in
      x - x.permute(over: "i", pairs: (0..<count).map { ($0, ($0 + 1) % count) })
    }
    let weights = Floats([0.5, -1])
    let loss: @Sendable (Floats, Floats) -> Floats = { w, x in tanh((w * x).sum()) }
    func results(_ chunk: Int?) throws -> [Floats] {
      [
        try vmap(shifted, axisName: "i", chunk: chunk)(x),
        try vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum, chunk: chunk)(weights, x),
      ]
    }
    for (a, b) in zip(try results(nil), try results(1000)) {
      #expect(try a.scalars().map(\.bitPattern) == b.scalars().map(\.bitPattern))
    }
  }

  /// Results that are one value, others that every part makes, integers, complex numbers and totals.
  @Test func resultsOfEveryKind() throws {
    let count = 9000
    let samples = BitIdentityTests.samples(count, 2)
    let x = try Floats(shape: [count, 2], scalars: samples)
    let whole = Tensor<Int32>(Array(repeating: 3, count: count))
    func results(_ chunk: Int?) throws -> [[UInt32]] {
      let twice = vmap({ (x: Floats) in (x * 2, x * 2) }, chunk: chunk)
      let gathered = vmap(
        { (x: Floats) in (x, x.allGather(over: "i"), x.sum(over: "i")) },
        outAxes: [0, nil, 0], axisName: "i", chunk: chunk)
      let counted = vmap(
        { (n: Tensor<Int32>) in (n.sum(over: "i"), n.max(over: "i") + n) }, axisName: "i",
        chunk: chunk)
      let rotated = vmap(
        { (x: Floats) -> Floats in
          let z = complex(x[0], x[1])
          return abs(z * z.sum(over: "i"))
        }, axisName: "i", chunk: chunk)
      let total = vmap(
        { (x: Floats) in x * x }, outAxes: .sum, chunk: chunk
      ).accumulating()
      let (a, b) = try twice(x)
      let (c, d, e) = try gathered(x)
      let (f, g) = try counted(whole)
      let floats = try [a, b, c, d, e, rotated(x), total(Floats([1, 2]), x)]
        .map { try $0.scalars().map(\.bitPattern) }
      return try floats + [f, g].map { try $0.scalars().map { UInt32(bitPattern: $0) } }
    }
    let expected = try results(nil)
    let parts = try results(4096)
    for (number, (a, b)) in zip(expected, parts).enumerated() { #expect(a == b, "\(number)") }
  }

  @Test func aProgramInParts() throws {
    let f = vmap({ (x: Floats) in x - x.sum(over: "i") }, axisName: "i")
    let executable = try f.entry(.zeros([3])).executable
    let phases = try Phases(executable.traced.program.simplified(), along: 0).phases
    #expect(phases.map(\.isDivided) == [true, false, true])
    let windowed = try WindowedProgram(phases[2].program, along: 0).program
    #expect(
      windowed.text == """
        { axes a0:n1 window(n0,n2) window(n3,n4) "i" ; lambda a:f32[] ; b:f32[n3]. let
            c:f32[]{a0} = bind_axis[axis=0 dimension=0] b
            d:f32[]{a0} = sub c a
            e:f32[n1] = unbind_axis[axis=0 dimension=0] d
          in (e window(n5,n6) 0,) }
        """)
    #expect(try Program(parsing: windowed.text).text == windowed.text)
    #expect(try Program(parsing: phases[0].program.text).text == phases[0].program.text)
  }
}
