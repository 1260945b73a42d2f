import Testing

@testable import VMap
@testable import VMapTestSupport

/// Which tree a reduction has: it follows from the program, whatever the device.
@Suite struct ReductionTreeShapeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let shapes: [[Int]]
    let inAxes: [Int?]
    /// How many partial results there are, and how many iterations a block has.
    let partials: Int
    let block: Int?
    let function: @Sendable ([Tensor<Float>]) -> Tensor<Float>
    var testDescription: String { name }

    init(
      _ name: String, _ shapes: [[Int]], at inAxes: [Int?], partials: Int, block: Int? = nil,
      _ function: @escaping @Sendable ([Tensor<Float>]) -> Tensor<Float>
    ) {
      self.name = name
      self.shapes = shapes
      self.inAxes = inAxes
      self.partials = partials
      self.block = block
      self.function = function
    }
  }

  static let cases = [
    Case("short row", [[63]], at: [0], partials: 1) { $0[0].sum() },
    Case("row", [[64]], at: [0], partials: 64) { $0[0].sum() },
    Case("row in the middle of the batch", [[64]], at: [1], partials: 1) { $0[0].sum() },
    Case("rows of 40", [[3, 40]], at: [0], partials: 32) { $0[0].sum() },
    Case("rows of 2", [[70, 2]], at: [0], partials: 64) { $0[0].sum() },
    Case("columns", [[100, 20]], at: [0], partials: 1) { $0[0].sum(axis: 0) },
    Case("columns of a transposed matrix", [[20, 100]], at: [0], partials: 64) {
      $0[0].transposed().sum(axis: 0)
    },
    Case("row made of another", [[100]], at: [0], partials: 64) { exp($0[0] * 2 - 1).sum() },
    Case("column made of another", [[100]], at: [1], partials: 1) { exp($0[0] * 2 - 1).sum() },
    Case("long row", [[20_000]], at: [0], partials: 64, block: 4096) { $0[0].sum() },
    Case("long column", [[20_000]], at: [1], partials: 1, block: 4096) { $0[0].sum() },
    Case("vectors", [[100], [100]], at: [0, 0], partials: 64) { dot($0[0], $0[1]) },
    Case("vector and shared vector", [[100], [100]], at: [0, nil], partials: 64) {
      dot($0[0], $0[1])
    },
    Case("row and column", [[100], [100]], at: [0, 1], partials: 1) { dot($0[0], $0[1]) },
    Case("shared matrix", [[20, 100], [100]], at: [nil, 0], partials: 1) { matmul($0[0], $0[1]) },
    Case("narrow shared matrix", [[5, 100], [100]], at: [nil, 0], partials: 16) {
      matmul($0[0], $0[1])
    },
    Case("matrix of each example", [[20, 100], [100]], at: [0, 0], partials: 64) {
      matmul($0[0], $0[1])
    },
    Case("products", [[20, 100], [100, 20]], at: [0, 0], partials: 1) { matmul($0[0], $0[1]) },
    Case("differences", [[20, 1, 100], [1, 20, 100]], at: [0, 0], partials: 1) {
      abs($0[0] - $0[1]).sum(axis: 2)
    },
  ]

  @Test(arguments: cases)
  func followsFromTheProgram(_ subject: Case) throws {
    let check = BatchCheck(subject.name, subject.shapes.map { .moderate(.float32, $0) }) { _, x in
      [subject.function(x.map { Tensor<Float>(handle: $0) }).handle]
    }
    let program = try check.program(Placement(inAxes: subject.inAxes, outAxis: 0))
    for target in DeviceRun.targets {
      let trees = try DeviceRun.plan(program, on: target).kernels.flatMap { kernel in
        kernel.graph.reductions.filter { !$0.isFold }.map(\.tree)
      }
      let tree = try #require(trees.first)
      #expect(tree.partials == subject.partials, "\(target)")
      #expect(tree.block == subject.block, "\(target)")
    }
  }

  /// Exact sums have no tree that matters.
  @Test func integersAreExact() throws {
    let check = BatchCheck(Reduce(kind: .sum, dimensions: [0]), [.moderate(.int32, [100])])
    let program = try check.program(Placement(inAxes: [0], outAxis: 0))
    let kernels = try DeviceRun.plan(program, on: DeviceRun.targets[0]).kernels
    let areExact = kernels[0].graph.reductions.map(\.isExact)
    #expect(areExact == [true])
  }
}
