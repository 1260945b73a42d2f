import Testing
import VMap

/// Every vmap call of five public tutorials gives JAX's answer.
@Suite struct TutorialTests {
  typealias Binary<Scalar: TensorScalar> =
    @Sendable (Tensor<Scalar>, Tensor<Scalar>) throws -> Tensor<Scalar>

  /// A function of the tutorials that integers and numbers with a point take.
  static func function<Scalar: TensorNumber>(
    _ text: String, of _: Scalar.Type
  ) throws -> Binary<Scalar> {
    switch text {
    case "x + y": { $0 + $1 }
    case "dot(x, y)": { dot($0, $1) }
    case "dot(x, y) ** 2": { dot($0, $1) ** 2 }
    case "outer(x, y)": { outer($0, $1) }
    case "W @ x", "X @ y": { matmul($0, $1) }
    case "x[newaxis] + y": { $0[.newAxis] + $1 }
    default: throw UnknownFunction(text: text)
    }
  }

  struct UnknownFunction: Error {
    let text: String
  }

  static func calls(_ type: String) throws -> [TutorialFile.Call] {
    try TutorialFile.shared.get().calls.filter { $0.args.first?.type == type }
  }

  /// Applies the vmaps of a call, the innermost first, and calls the result.
  private func result<Scalar: TensorScalar>(
    of call: TutorialFile.Call, _ function: @escaping Binary<Scalar>
  ) throws -> Tensor<Scalar> {
    let first = try #require(call.vmaps.first)
    var batched = vmap(function, inAxes: first.inAxes, outAxes: first.outAxes)
    for map in call.vmaps.dropFirst() {
      batched = vmap(batched, inAxes: map.inAxes, outAxes: map.outAxes)
    }
    try #require(call.args.count == 2)
    return try batched(call.args[0].tensor(), call.args[1].tensor())
  }

  @Test func theFileIsWhole() throws {
    let file = try TutorialFile.shared.get()
    #expect(file.calls.count == 64)
    #expect(file.shapes.count == 28)
    #expect(file.errors.count == 4)
    #expect(try Self.calls("i32").count + Self.calls("f32").count == 64)
  }

  @Test(arguments: try calls("i32"))
  func integersAreEqual(_ call: TutorialFile.Call) throws {
    let expected = try #require(call.results.first)
    let result = try result(of: call, Self.function(call.function, of: Int32.self))
    #expect(result.shape == expected.shape)
    #expect(try result.scalars() == expected.scalars())
  }

  /// Sums of up to 1000 products, whose order is open: to 1e-5 of the value plus 1e-5.
  @Test(arguments: try calls("f32"))
  func numbersAreClose(_ call: TutorialFile.Call) throws {
    let expected = try #require(call.results.first)
    let model: Binary<Float> = { tanh(matmul($0, $1) + 1).sum() }
    let isModel = call.function == "tanh(W @ v + 1).sum()"
    let result = try result(
      of: call, isModel ? model : Self.function(call.function, of: Float.self))
    #expect(result.shape == expected.shape)
    let pairs = zip(try result.scalars(), expected.scalars(Float.self))
    for (index, (actual, wanted)) in pairs.enumerated() {
      #expect(abs(actual - wanted) <= 1e-5 + 1e-5 * abs(wanted), "element \(index)")
    }
  }

  @Test(arguments: try TutorialFile.shared.get().shapes)
  func shapesAreEqual(_ call: TutorialFile.ShapeCall) throws {
    let shapes = call.argumentShapes ?? [[2, 3, 5, 7, 9], [2, 3, 5, 7, 9]]
    try #require(shapes.count == 2)
    let function = try Self.function(call.function ?? "x + y", of: Int32.self)
    let batched = vmap(function, inAxes: call.map.inAxes, outAxes: call.map.outAxes)
    let result = try batched(.ones(shapes[0]), .zeros(shapes[1]))
    #expect(result.shape == call.shape)
    #expect(try result.scalars() == [Int32](repeating: 1, count: call.shape.reduce(1, *)))
  }

  @Test func theFourMistakesFail() throws {
    let errors = try TutorialFile.shared.get().errors
    let layer = try Self.function("W @ x", of: Float.self)
    let add = try Self.function("x + y", of: Float.self)
    let (w, batch) = (Tensor<Float>.ones([64, 100]), Tensor<Float>.ones([16, 100]))
    let large = Tensor<Float>.ones([2, 3, 5, 7, 9])
    let kinds = ["shape mismatch", "axis size mismatch", "axis size mismatch", "nothing mapped"]
    #expect(zip(errors, kinds).allSatisfy { $0.error.hasPrefix($1) })
    expectError(.shapeMismatch, naming: "[64,100]", "[16,100]") { try layer(w, batch).scalars() }
    expectError(.axisSizeMismatch, naming: "64", "16") { try vmap(layer)(w, batch) }
    expectError(.axisSizeMismatch, naming: "2", "3") {
      try vmap(add, inAxes: [0, 1])(large, large)
    }
    expectError(.nothingMapped, naming: "[nil, nil]") {
      try vmap(add, inAxes: [nil, nil])(large, large)
    }
  }
}
