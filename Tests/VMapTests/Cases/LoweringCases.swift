import Testing
import VMap

/// What a batched function is lowered to, as it is printed.
@Suite struct LoweringCases {
  typealias Floats = Tensor<Float>

  /// The operations of a printed program in order.
  static func operations(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.split(separator: "= ", maxSplits: 1).dropFirst().first
        .map { String($0.prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }
    }
  }

  static let dots: @Sendable (Floats, Floats) -> Floats = { dot($0, $1) }

  @Test func twoMapsOfDotAreOneContraction() throws {
    let matrices = vmap(vmap(Self.dots, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
    let lowered = try matrices.lowered(.ones([4, 3]), .ones([3, 2]))
    #expect(Self.operations(in: lowered.batched) == ["dot_general"], "\(lowered.batched)")
    #expect(lowered.kernelCount == 1)
  }

  @Test(arguments: [[0, 0], [0, nil], [nil, 1], [1, 0]] as [Axes])
  func aMappedContractionIsStillJustOne(inAxes: Axes) throws {
    let product: @Sendable (Floats, Floats) -> Floats = { matmul($0, $1) }
    let outAxes: Axes = inAxes == [nil, 1] ? 1 : 0
    let lowered = try vmap(product, inAxes: inAxes, outAxes: outAxes).lowered(
      .ones(inAxes == [nil, 1] ? [4, 4] : [4, 4, 4]),
      .ones(inAxes == [0, nil] ? [4, 4] : [4, 4, 4]))
    let operations = Self.operations(in: lowered.batched)
    #expect(operations.filter { $0 == "dot_general" }.count == 1, "\(lowered.batched)")
    #expect(!operations.contains("broadcast_in_dim"), "\(lowered.batched)")
  }

  @Test func aLoopThatEndsForAllAtOnceHasNoSelect() throws {
    let together = vmap(
      { (x: Floats, limit: Tensor<Int32>) in
        fori(Tensor<Int32>(0), limit, x) { (_: Tensor<Int32>, x: Floats) -> Floats in x + 1 }
      }, inAxes: [0, nil])
    let lowered = try together.lowered(.ones([4]), Tensor(3)).batched
    #expect(lowered.contains("while"))
    #expect(!lowered.contains("select"), "\(lowered)")
    let alone = vmap { (x: Floats, limit: Tensor<Int32>) in
      fori(Tensor<Int32>(0), limit, x) { (_: Tensor<Int32>, x: Floats) -> Floats in x + 1 }
    }
    #expect(try alone.lowered(.ones([4]), Tensor([1, 2, 3, 4])).batched.contains("select"))
  }

  @Test func aLoopCounterStaysAScalar() throws {
    let f = vmap { (x: Tensor<Int32>) in
      let (a, b) = fori(0, 10, x, Tensor<Int32>(0)) { _, x, y in (x + 1, y + 2) }
      return Tuple(a, b)
    }
    let lowered = try f.lowered(Tensor([0, 1]))
    let loop = try #require(lowered.batched.split(separator: "\n").first { $0.contains("while") })
    #expect(loop.contains("i32[2]") && loop.contains("i32[] "), "\(lowered.batched)")
    #expect(!lowered.batched.contains("select"), "\(lowered.batched)")
  }

  @Test func whatDoesNotVaryIsNotBatched() throws {
    let f = vmap({ (w: Floats, x: Floats) in exp(w) * x }, inAxes: [nil, 0])
    let lowered = try f.lowered(.ones([3]), .ones([4]))
    let line = try #require(lowered.batched.split(separator: "\n").first { $0.contains("= exp") })
    #expect(line.contains("f32[3]"), "\(lowered.batched)")
  }

  @Test func printingIsDeterministic() throws {
    func text(_ size: Int) throws -> Lowered {
      let f = vmap(
        { (tree: [String: Floats], x: Floats) throws -> [String: Floats] in
          let sum = tree.sorted { $0.key < $1.key }.map(\.value).reduce(x, +)
          return ["sum": sum, "tanh": tanh(sum), "norm": sum.norm()]
        }, inAxes: [["c": nil, "a": 0, "b": 1], 0])
      return try f.lowered(
        ["a": .ones([size, 3]), "b": .ones([3, size]), "c": .ones([3])], .ones([size, 3]))
    }
    let first = try text(4)
    for _ in 0..<3 { #expect(try text(4).description == first.description) }
    // Nothing but the printed sizes depends on the size of the batch.
    let other = try text(5)
    #expect(other.program == first.program)
    #expect(other.source == first.source)
    #expect(other.plan == first.plan)
    #expect(
      other.batched
        == first.batched.replacing("f32[4", with: "f32[5")
        .replacing(",4]", with: ",5]").replacing("=(4,", with: "=(5,"))
  }

  @Test func loweringRunsNothing() throws {
    let counter = CallCounter()
    let f = vmap { (x: Floats) in
      counter.add()
      return x + 1
    }
    let lowered = try f.lowered(.ones([4]))
    #expect(lowered.source.contains("kernel"))
    #expect(try f(.ones([4])).scalars() == [2, 2, 2, 2])
    #expect(counter.count == 1)
  }
}
