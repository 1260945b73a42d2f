import Device
import Testing

@testable import VMap

/// Element i has the same bits whatever the batch size, its position and its neighbours.
@Suite struct BitIdentityTests {
  /// A per-example function with one argument of a given length, and whether it is a loop.
  struct Subject: Sendable, CustomTestStringConvertible {
    let name: String
    let length: Int
    let function: @Sendable (Tensor<Float>) -> Tensor<Float>
    var testDescription: String { name }
  }

  static let sizes = [1, 2, 7, 64, 1000, 30_000]

  static let subjects: [Subject] = [
    Subject(name: "elementwise", length: 3) { tanh($0 * 1.7 + 0.3) * exp($0) - erf($0) },
    Subject(name: "reduction", length: 37) { ($0 * $0).sum() + $0.mean() },
    Subject(name: "contraction", length: 37) { v in
      let w = Tensor<Float>.linspace(-1, 1, count: 8 * 37).reshaped(to: [8, 37])
      return tanh(matmul(w, v))
    },
    Subject(name: "softmax", length: 50) { $0.softmax() },
    Subject(name: "while loop", length: 2) { v in
      let (x, _) = whileLoop(abs(v).sum() + 1, Tensor<Int32>(0)) { x, n in
        (x .< 40) .&& (n .< 200)
      } do: { x, n in
        (x * 1.1 + sin(x), n + 1)
      }
      return x
    },
  ]

  /// Examples that differ, of moderate size.
  static func samples(_ count: Int, _ length: Int) -> [Float] {
    (0..<count * length).map { Float(($0 &* 7919) % 1009) / 250 - 2 }
  }

  private func bits(
    _ subject: Subject, _ rows: [Float], axis: Int
  ) throws -> [UInt32] {
    let count = rows.count / subject.length
    // Nothing but the function runs on the device, as a program for each size would take long.
    let whole =
      axis == 0
      ? try Tensor<Float>(shape: [count, subject.length], scalars: rows)
      : try Tensor<Float>(
        shape: [subject.length, count],
        scalars: (0..<rows.count).map { rows[$0 % count * subject.length + $0 / count] })
    return try vmap(subject.function, inAxes: [.axis(axis)])(whole).scalars().map(\.bitPattern)
  }

  @Test(arguments: subjects, [0, 1])
  func batchSizeChangesNothing(_ subject: Subject, axis: Int) throws {
    // The sizes divide into the largest by repeating the examples.
    let samples = BitIdentityTests.samples(1000, subject.length)
    let all = try bits(subject, Array(repeating: samples, count: 30).flatMap { $0 }, axis: axis)
    let reference = Array(all.prefix(all.count / 30))
    #expect(all == Array(repeating: reference, count: 30).flatMap { $0 })
    for size in BitIdentityTests.sizes where size <= 1000 {
      let result = try bits(subject, Array(samples.prefix(size * subject.length)), axis: axis)
      #expect(result == Array(reference.prefix(reference.count * size / 1000)), "size \(size)")
    }
  }

  @Test(arguments: subjects, [0, 1])
  func positionAndNeighboursChangeNothing(_ subject: Subject, axis: Int) throws {
    let length = subject.length
    let samples = BitIdentityTests.samples(40, length)
    let reference = try bits(subject, samples, axis: axis)
    let width = reference.count / 40
    for shift in 1...17 {
      // Before and between the examples: NaN.
      var rows = [Float](repeating: .nan, count: shift * length)
      for i in 0..<40 {
        rows += samples[i * length..<(i + 1) * length]
        if i % 3 == 0 { rows += [Float](repeating: .nan, count: length) }
      }
      let result = try bits(subject, rows, axis: axis)
      var position = shift
      for i in 0..<40 {
        let own = result[position * width..<(position + 1) * width]
        #expect(own == reference[i * width..<(i + 1) * width], "example \(i), by \(shift)")
        position += i % 3 == 0 ? 2 : 1
      }
    }
  }

  @Test(arguments: subjects)
  func queueChangesNothing(_ subject: Subject) throws {
    let samples = BitIdentityTests.samples(1000, subject.length)
    let immediate = try RunOptions(placement: .immediate).forcing {
      try bits(subject, samples, axis: 0)
    }
    let wide = try RunOptions(placement: .wide).forcing { try bits(subject, samples, axis: 0) }
    #expect(immediate == wide)
  }

  @Test(arguments: subjects, [0, 1])
  func indexWidthChangesNothing(_ subject: Subject, axis: Int) throws {
    let samples = BitIdentityTests.samples(37, subject.length)
    let narrow = try bits(subject, samples, axis: axis)
    let wide = try RunOptions(usesWideIndices: true).forcing {
      try bits(subject, samples, axis: axis)
    }
    #expect(narrow == wide)
  }

  @Test(arguments: subjects)
  func chunkChangesNothing(_ subject: Subject) throws {
    let x = try Tensor<Float>(
      shape: [100, subject.length], scalars: BitIdentityTests.samples(100, subject.length))
    let whole = try vmap(subject.function)(x).scalars().map(\.bitPattern)
    for chunk in [1, 3, 16, 64, 99, 100, 1000] {
      let chunked = try vmap(subject.function, chunk: chunk)(x).scalars().map(\.bitPattern)
      #expect(chunked == whole, "chunk \(chunk)")
    }
  }
}
