import Foundation
import Testing
import VMap

/// Functions whose arguments are known at run time.
@Suite struct AnyFunctionTests {
  private let row = TensorType(element: .float32, shape: [3])
  private let scalar = TensorType(element: .float32, shape: [])

  /// The sum of the products, and the second argument.
  private var dot: AnyFunction {
    AnyFunction(name: "f", parameters: [row, row], results: [scalar, row]) { arguments in
      let x = try Tensor<Float>(arguments[0])
      let y = try Tensor<Float>(arguments[1])
      return [AnyTensor((x * y).sum()), AnyTensor(y)]
    }
  }

  private func counting(_ shape: Int...) throws -> AnyTensor {
    AnyTensor(
      try Tensor<Float>(
        shape: shape, scalars: (0..<shape.reduce(1, *)).map(Float.init)))
  }

  @Test func mapsAsAClosureDoes() throws {
    let x = try counting(2, 3)
    let y = try counting(3)
    let results = try vmap(dot, inAxes: [0, nil], outAxes: [0, nil])([x, y])
    #expect(results.map(\.type) == [TensorType(element: .float32, shape: [2]), row])
    #expect(try Tensor<Float>(results[0]).scalars() == [5, 14])
    let single = try jit(dot)([y, y])
    #expect(try Tensor<Float>(single[0]).scalar() == 5)
    let nested = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
    let product = try nested([x, counting(3, 2)])
    #expect(product[0].shape == [2, 2])
    #expect(try Tensor<Float>(product[0]).scalars() == [10, 13, 28, 40])
    #expect(try nested.lowered([x, counting(3, 2)]).kernelCount >= 1)
    let chunked = try vmap(dot, inAxes: [0, nil], chunk: 1)([x, y])
    #expect(try Tensor<Float>(chunked[0]).scalars() == [5, 14])
    let empty = try vmap(dot, inAxes: [0, nil])([counting(0, 3), y])
    #expect(empty.map(\.shape) == [[0], [0, 3]])
  }

  /// Inside of another map, on its traced values.
  @Test func mapsInsideOfAnotherMap() throws {
    let inner = vmap(dot, inAxes: [0, nil], outAxes: [0, nil])
    let outer = vmap { (x: Tensor<Float>, y: Tensor<Float>) in
      try Tensor<Float>(inner([AnyTensor(x), AnyTensor(y)])[0]).sum()
    }
    let x = try Tensor<Float>(counting(2, 2, 3))
    let y = try Tensor<Float>(counting(2, 3))
    #expect(try outer(x, y).scalars() == [19, 208])
  }

  @Test func errorsNameTheArgument() throws {
    let x = try counting(2, 3)
    let y = try counting(3)
    expectError(.arityMismatch, naming: "takes 2 arguments, got 1") { try jit(dot)([y]) }
    expectError(.arityMismatch, naming: "1 entry", "2 arguments") {
      try vmap(dot, inAxes: [0])([x, x])
    }
    expectError(.arityMismatch, naming: "3 entries", "2 results") {
      try vmap(dot, outAxes: [0, 0, 0])([x, x])
    }
    expectError(.shapeMismatch, naming: "argument 1 of f", "f32[3]", "f32[2]") {
      try vmap(dot)([x, counting(2, 2)])
    }
    expectError(.typeMismatch, naming: "argument 1 of f", "f32[3]", "i32[3]") {
      try vmap(dot)([x, AnyTensor(Tensor<Int32>([[1, 2, 3], [4, 5, 6]]))])
    }
    expectError(.axisOutOfRange, naming: "axis 2 of argument 1") {
      try vmap(dot, inAxes: [0, 2])([x, x])
    }
    expectError(.axisSizeMismatch, naming: "argument 0", "argument 1", "2", "4") {
      try vmap(dot)([x, counting(4, 3)])
    }
    expectError(.outAxisNilForMappedResult, naming: "result 0") {
      try vmap(dot, outAxes: [nil, 0])([x, x])
    }
    expectError(.inAxesStructure, naming: "container", "argument 0") {
      try vmap(dot, inAxes: [[0, 1], 0])([x, x])
    }
    let wrong = AnyFunction(name: "g", parameters: [row], results: [row]) { _ in [] }
    expectError(.arityMismatch, naming: "g gives 1 result, there are 0") { try jit(wrong)([y]) }
  }

  @Test func bytesAndTypes() throws {
    let type = TensorType(element: .int16, shape: [2])
    let bytes: [UInt8] = [1, 0, 0xff, 0xff]
    let tensor = try bytes.withUnsafeBytes { try AnyTensor(type, bytes: $0) }
    #expect(tensor.type == type)
    #expect(try Tensor<Int16>(tensor).scalars() == [1, -1])
    #expect(try tensor.withBytes { Array($0) } == bytes)
    #expect("\(tensor)" == "[ 1 -1]")
    expectError(.typeMismatch, naming: "i16", "f32") { try Tensor<Float>(tensor) }
    expectError(.countMismatch, naming: "i16[2]", "4 bytes", "got 3") {
      try bytes.dropLast().withUnsafeBytes { try AnyTensor(type, bytes: $0) }
    }
    expectError(.invalidArgument, naming: "negative") {
      try [UInt8]().withUnsafeBytes {
        try AnyTensor(TensorType(element: .int8, shape: [-1]), bytes: $0)
      }
    }
  }
}
