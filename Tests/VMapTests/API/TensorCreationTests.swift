import Testing
import VMap

/// Tensors from elements, from shapes and from ranges.
@Suite struct TensorCreationTests {
  @Test func elements() throws {
    try expect(Tensor<Float>([1, 2.5]), [2], [1, 2.5])
    try expect(Tensor<Int64>([[1, 2, 3], [4, 5, 6]]), [2, 3], [1, 2, 3, 4, 5, 6])
    try expect(Tensor<UInt8>([[[1], [2]], [[3], [4]]]), [2, 2, 1], [1, 2, 3, 4])
    try expect(Tensor<Bool>([true, false]), [2], [true, false])
    try expect(Tensor<Double>(shape: [0, 4], scalars: []), [0, 4], [])
    try expect(Tensor<Float>([Float]()), [0], [])
    try expect(Tensor<Float>([[Float]]()), [0, 0], [])
    let scalar = Tensor<Int16>(-3)
    try expect(scalar, [], [-3])
    #expect(try scalar.scalar() == -3)
    #expect(scalar.rank == 0 && scalar.count == 1)
    #expect(Tensor<Float>([[1, 2, 3]]).rank == 2)
  }

  @Test func elementsThatDoNotFit() {
    expectError(.countMismatch, naming: "[2,2]", "4 scalars", "3") {
      try Tensor<Float>(shape: [2, 2], scalars: [1, 2, 3])
    }
    expectError(.invalidArgument, naming: "[-1]") { try Tensor<Float>(shape: [-1], scalars: []) }
    expectError(.sizeOverflow) { try Tensor<Float>(shape: [.max, 2], scalars: []) }
    expectError(.countMismatch, naming: "[2,1]") { try Tensor<Float>([[1, 2], [3]]).scalars() }
    expectError(.countMismatch) { try Tensor<Float>([[[1], [2]], [[3]]]).scalars() }
    expectError(.shapeMismatch, naming: "[2]") { try Tensor<Float>([1, 2]).scalar() }
  }

  @Test func shapes() throws {
    try expectAll(
      [
        (.zeros([2, 2]), [2, 2], [0, 0, 0, 0]), (.ones([3]), [3], [1, 1, 1]),
        (.full([2], -7), [2], [-7, -7]), (.full([], 5), [], [5]), (.zeros([0, 2]), [0, 2], []),
        (.eye(2), [2, 2], [1, 0, 0, 1]), (.eye(2, 3, offset: 1), [2, 3], [0, 1, 0, 0, 0, 1]),
        (.eye(3, 2, offset: -1), [3, 2], [0, 0, 1, 0, 0, 1]),
        (.iota([2, 3]), [2, 3], [0, 0, 0, 1, 1, 1]),
        (.iota([2, 3], dimension: -1), [2, 3], [0, 1, 2, 0, 1, 2]),
        (zerosLike(Tensor<Int32>([1, 2])), [2], [0, 0]),
        (onesLike(Tensor<Int32>([[1], [2]])), [2, 1], [1, 1]),
        (fullLike(Tensor<Int32>(1), 9), [], [9]),
      ] as [Expected<Int32>])
    try expect(Tensor<Bool>.full([2], true), [2], [true, true])
    expectError(.invalidArgument, naming: "[2,-1]") { try Tensor<Float>.zeros([2, -1]).scalars() }
    expectError(.invalidArgument, naming: "iota", "axis 1", "[2]") {
      try Tensor<Float>.iota([2], dimension: 1).scalars()
    }
  }

  @Test func ranges() throws {
    try expectAll(
      [
        (.arange(4), [4], [0, 1, 2, 3]), (.arange(1, 10, step: 3), [3], [1, 4, 7]),
        (.arange(5, 0, step: -2), [3], [5, 3, 1]), (.arange(3, 1), [0], []),
        (.arange(-100, 100, step: 100), [2], [-100, 0]),
      ] as [Expected<Int32>])
    try expect(Tensor<Int8>.arange(-128, 127, step: 85), [3], [-128, -43, 42])
    try expect(Tensor<UInt8>.arange(250, 255), [5], [250, 251, 252, 253, 254])
    try expectAllClose([
      (.arange(2.5), [3], [0, 1, 2]), (.arange(0, 1, step: 0.25), [4], [0, 0.25, 0.5, 0.75]),
      (.arange(1, 0, step: -0.4), [3], [1, 0.6, 0.2]),
      (.linspace(0, 1, count: 5), [5], [0, 0.25, 0.5, 0.75, 1]),
      (.linspace(1, -1, count: 3), [3], [1, 0, -1]), (.linspace(2, 3, count: 1), [1], [2]),
      (.linspace(2, 3, count: 0), [0], []),
    ])
    #expect(try Tensor<Float>.linspace(0, 0.7, count: 12).scalars().last == 0.7)
    #expect(Tensor<Double>.linspace(0, 1).shape == [50])
    expectError(.invalidArgument, naming: "step") {
      try Tensor<Int32>.arange(0, 1, step: 0).scalars()
    }
    expectError(.invalidArgument, naming: "0.0") {
      try Tensor<Float>.arange(0, 1, step: 0).scalars()
    }
    expectError(.invalidArgument) { try Tensor<Float>.arange(0, .nan).scalars() }
    expectError(.invalidArgument) { try Tensor<Float>.linspace(0, 1, count: -1).scalars() }
  }

  @Test func npyFiles() throws {
    let matrix = Tensor<Int16>([[1, -2, 3], [4, 5, -6]])
    try expect(Tensor<Int16>(npy: matrix.npyBytes()), [2, 3], [1, -2, 3, 4, 5, -6])
    try expect(Tensor<Bool>(npy: Tensor([true, false]).npyBytes()), [2], [true, false])
    try expect(Tensor<Double>(npy: Tensor<Double>(0.5).npyBytes()), [], [0.5])
    let header = String(decoding: try matrix.npyBytes()[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }"))
    #expect(try matrix.npyBytes().count == 128 + 12)
    // A column-major file of big-endian numbers, as `numpy.save` writes it.
    let dictionary = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }"
    let text = dictionary + String(repeating: " ", count: 117 - dictionary.count) + "\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8)
    try expect(
      Tensor<Int16>(npy: bytes + [0, 1, 0, 2, 0, 3, 0xff, 0xff]), [2, 2], [1, 3, 2, -1])
    expectError(.parse, naming: "truncated", "[2,2]") { try Tensor<Int16>(npy: bytes + [0, 1]) }
    expectError(.typeMismatch, naming: "i16", "f32") { try Tensor<Float>(npy: matrix.npyBytes()) }
    expectError(.parse, naming: "NUMPY") { try Tensor<Float>(npy: [1, 2, 3]) }
    expectError(.parse) { try Tensor<Int16>(npy: Array(bytes.prefix(20))) }
  }
}
