import Foundation

/// The kinds of discrete Fourier transforms, by their names in StableHLO.
package enum FourierTransform: String, Sendable {
  case forward = "FFT"
  case inverse = "IFFT"
  case ofReals = "RFFT"
  case toReals = "IRFFT"
}

/// Discrete Fourier transforms, made of contractions with small constant matrices: those of lengths up
/// to 32, and of primes, are one; others are split into those of two factors, with a multiplication
/// by roots of unity in between.
///
/// The roots are rounded to the element type from double precision. A contraction of length m adds an
/// error of at most (m + 4) units of rounding of the norm of its input, usually of √m, and the norms of
/// the stages are all that of the input.
extension TensorHandle {
  /// Lengths up to here are transformed directly.
  private static let directLength = 32
  /// A matrix for each larger prime factor would take too much memory.
  private static let greatestFactor = 4096

  /// Transforms the last dimensions, as many as lengths are given.
  func transformed(_ kind: FourierTransform, _ lengths: [Int]) throws(VMapError) -> TensorHandle {
    let shape = sizes
    let first = shape.count - lengths.count
    guard let last = lengths.last, first >= 0, lengths.allSatisfy({ $0 > 0 }) else {
      throw VMapError(
        .invalidArgument,
        "fft: takes a positive length for each of the last dimensions of shape "
          + "\(shape.shapeText), got \(lengths.shapeText)")
    }
    var expected = lengths
    if kind == .toReals { expected[expected.count - 1] = last / 2 + 1 }
    guard Array(shape[first...]) == expected else {
      throw VMapError(
        .shapeMismatch,
        "fft: the last dimensions should be \(expected.shapeText), the shape is "
          + "\(shape.shapeText)")
    }
    let takesReals = kind == .ofReals
    guard takesReals ? element.complex != nil : element.isComplex else {
      throw VMapError(
        .typeMismatch,
        "fft: \(kind.rawValue) takes \(takesReals ? "floating-point" : "complex") numbers, "
          + "got \(element.rawValue)")
    }
    var result = self
    if takesReals, let complex = element.complex { result = try converted(to: complex) }
    let isInverse = kind == .inverse || kind == .toReals
    let outer = first..<shape.count - 1
    if kind == .toReals {
      for dimension in outer { result = try result.transform(dimension, isInverse) }
      return try result.mirrored(to: last).transform(shape.count - 1, isInverse)
        .elementwise("real")
    }
    result = try result.transform(shape.count - 1, isInverse)
    if takesReals { result = try result.sliced(0, last / 2 + 1, along: shape.count - 1) }
    for dimension in outer { result = try result.transform(dimension, isInverse) }
    return result
  }

  private func elementwise(_ name: String) throws(VMapError) -> TensorHandle {
    try .elementwise(name, self)
  }

  /// The last dimension completed by the conjugates of what is there, from its end.
  private func mirrored(to length: Int) throws(VMapError) -> TensorHandle {
    let last = sizes.count - 1
    let missing = length - sizes[last]
    guard missing > 0 else { return self }
    let rest = try sliced(1, missing + 1, along: last)
    let mirrored = try TensorHandle.step(Reverse(dimensions: [last]), rest).elementwise("conj")
    return try .step(Concatenate(dimension: last), self, mirrored)
  }

  /// The transform along one dimension; the inverse one is divided by the length.
  private func transform(_ dimension: Int, _ isInverse: Bool) throws(VMapError) -> TensorHandle {
    var order = Array(sizes.indices)
    order.remove(at: dimension)
    order.append(dimension)
    let length = sizes[dimension]
    var result = try transposed(order).transformLast(isInverse)
    if isInverse, length > 1 {
      result = try .elementwise("mul", result, .constant(1 / Double(length), element))
    }
    var back = Array(sizes.indices.dropLast())
    back.insert(sizes.count - 1, at: dimension)
    return try result.transposed(back)
  }

  private func transformLast(_ isInverse: Bool) throws(VMapError) -> TensorHandle {
    let (outer, length) = (Array(sizes.dropLast()), sizes[sizes.count - 1])
    if length == 1 { return self }
    let factor = TensorHandle.factor(of: length)
    guard factor <= TensorHandle.greatestFactor else {
      throw VMapError(
        .invalidArgument,
        "fft: the length \(length) has the prime factor \(factor), which is above "
          + "\(TensorHandle.greatestFactor)")
    }
    let rank = outer.count
    func roots(_ rows: Int, _ columns: Int, _ length: Int) throws(VMapError) -> TensorHandle {
      try TensorHandle.roots(of: length, rows, columns, element, isInverse)
    }
    guard factor < length else {
      return try .contraction(
        "fft", self, roots(length, length, length), over: ([rank], [0]))
    }
    // Index a·rest + b of the input, and c + factor·d of the result.
    let rest = length / factor
    let columns = try TensorHandle.contraction(
      "fft", reshaped(to: outer + [factor, rest]), roots(factor, factor, factor),
      over: ([rank], [0]))
    let turned = try TensorHandle.elementwise(
      "mul", columns, roots(rest, factor, length).broadcast(to: outer + [rest, factor]))
    let swap = Array(0..<rank) + [rank + 1, rank]
    return try turned.transposed(swap).transformLast(isInverse).transposed(swap)
      .reshaped(to: outer + [length])
  }

  /// The factor to split from a length: the greatest one of a direct transform, or the least prime.
  private static func factor(of length: Int) -> Int {
    if length <= directLength { return length }
    if let factor = (2...directLength).last(where: { length % $0 == 0 }) { return factor }
    var prime = directLength + 1
    while prime * prime <= length {
      if length % prime == 0 { return prime }
      prime += 1
    }
    return length
  }

  /// The matrix of the roots of unity to the powers `-row · column`, or their inverses.
  private static func roots(
    of length: Int, _ rows: Int, _ columns: Int, _ element: ElementType, _ isInverse: Bool
  ) throws(VMapError) -> TensorHandle {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows * columns * element.byteCount)
    for row in 0..<rows {
      for column in 0..<columns {
        let root = root(row * column % length, of: length)
        for part in [root.real, isInverse ? root.imaginary : -root.imaginary] {
          let literal = ScalarLiteral(part, as: element.part)
          withUnsafeBytes(of: literal.bits.littleEndian) {
            bytes += $0.prefix(element.part.byteCount)
          }
        }
      }
    }
    let type = TensorType(element: element, shape: [rows, columns])
    return try bytes.withUnsafeBytesTyped { bytes throws(VMapError) in
      try AnyTensor(type, bytes: bytes).handle
    }
  }

  /// e^(2πi·power/length), from an angle of at most π/4, so that symmetric roots are so to the last bit.
  private static func root(_ power: Int, of length: Int) -> (real: Double, imaginary: Double) {
    // Eighths of the circle, and what is left, in units of an eighth of the length.
    let (eighths, rest) = (8 * power).quotientAndRemainder(dividingBy: length)
    let isOdd = eighths % 2 == 1
    let angle = Double(isOdd ? length - rest : rest) / Double(length) * (.pi / 4)
    var (real, imaginary) = (cos(angle), sin(angle))
    if isOdd { (real, imaginary) = (imaginary, real) }
    switch eighths / 2 {
    case 0: return (real, imaginary)
    case 1: return (-imaginary, real)
    case 2: return (-real, -imaginary)
    default: return (imaginary, -real)
    }
  }
}

extension AnyTensor {
  /// A discrete Fourier transform of the last dimensions.
  package func fourierTransformed(
    _ kind: FourierTransform, _ lengths: [Int]
  ) throws(VMapError) -> AnyTensor {
    AnyTensor(handle: try handle.transformed(kind, lengths))
  }
}
