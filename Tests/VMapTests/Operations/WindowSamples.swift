@testable import VMap
@testable import VMapTestSupport

/// Gathers and scatters of all kinds, and the shapes they take.
enum WindowSamples {
  struct Sample: Sendable {
    let name: String
    let operand: [Int]
    let indices: [Int]
    let dimensions: WindowDimensions
    /// The size of a window along each dimension of the operand.
    let sizes: [Int]

    init(
      _ name: String, _ operand: [Int], _ indices: [Int], sizes: [Int], window: [Int] = [],
      collapsed: [Int] = [], batching: [(operand: Int, indices: Int)] = [], indexed: [Int],
      vector: Int
    ) {
      self.name = name
      self.operand = operand
      self.indices = indices
      self.sizes = sizes
      dimensions = WindowDimensions(
        window: window, collapsed: collapsed, operandBatching: batching.map(\.operand),
        indexBatching: batching.map(\.indices), indexed: indexed, vector: vector)
    }

    var windows: [Int] { dimensions.windowsShape(indices: indices, sizes: sizes) }

    func scatter(
      _ type: ElementType, index: ElementType = .int32, count: Int = 1,
      _ combine: @escaping ([TensorHandle]) throws -> [TensorHandle]
    ) -> BatchCheck {
      let tensors = (0..<count).map { BatchCheck.Input.moderate(type, operand, seed: $0) }
      let updates = (0..<count).map { BatchCheck.Input.moderate(type, windows, seed: 5 + $0) }
      let inputs = tensors + [TakeTests.indices(index, indices)] + updates
      var check = BatchCheck("scatter \(name)", inputs) { trace, handles in
        try trace.emit(
          Scatter(dimensions: dimensions), handles, elementRegions: [combine])
      }
      check.sizes = [0, 1, 5, 17]
      return check
    }
  }

  static let all: [Sample] = [
    Sample(
      "elements", [5], [4, 1], sizes: [1], collapsed: [0], indexed: [0], vector: 1),
    Sample(
      "scalar index", [3, 2], [1], sizes: [1, 2], window: [0], collapsed: [0], indexed: [0],
      vector: 0),
    Sample(
      "numbers", [4], [3], sizes: [1], collapsed: [0], indexed: [0], vector: 1),
    Sample(
      "rows", [4, 3], [5, 1], sizes: [1, 3], window: [1], collapsed: [0], indexed: [0],
      vector: 1),
    Sample(
      "windows", [4, 5], [3, 2], sizes: [2, 3], window: [0, 2], indexed: [1, 0], vector: 1),
    Sample(
      "vectors in front", [3, 4], [2, 3], sizes: [1, 2], window: [0], collapsed: [0],
      indexed: [0, 1], vector: 0),
    Sample(
      "part of a dimension", [4, 3], [2, 1], sizes: [2, 2], window: [1, 2], indexed: [1],
      vector: 1),
    Sample(
      "batching", [3, 4], [3, 2, 1], sizes: [1, 1], collapsed: [1],
      batching: [(0, 0)], indexed: [1], vector: 2),
    Sample(
      "batching in the middle", [2, 3, 4], [2, 1, 3, 2], sizes: [1, 1, 2], window: [1],
      batching: [(0, 3), (1, 2)], indexed: [2], vector: 1),
    Sample(
      "no indices", [3], [0, 1], sizes: [1], collapsed: [0], indexed: [0], vector: 1),
    Sample(
      "empty windows", [3, 2], [2, 1], sizes: [1, 0], window: [1], collapsed: [0],
      indexed: [0], vector: 1),
    Sample(
      "nothing indexed", [3], [2, 0], sizes: [2], window: [1], indexed: [], vector: 1),
  ]

  /// So many windows that elements are replaced in place over a batch.
  static let many: [Sample] = [
    Sample("many elements", [40], [60, 1], sizes: [1], collapsed: [0], indexed: [0], vector: 1),
    Sample(
      "many rows", [30, 3], [50, 1], sizes: [1, 3], window: [1], collapsed: [0], indexed: [0],
      vector: 1),
    Sample(
      "many windows", [9, 10], [50, 2], sizes: [2, 3], window: [0, 2], indexed: [1, 0], vector: 1),
    Sample(
      "many parts of columns", [33, 4], [40, 1], sizes: [1, 2], window: [1], collapsed: [0],
      indexed: [0], vector: 1),
    Sample(
      "many batches", [3, 40], [3, 60, 1], sizes: [1, 1], collapsed: [1], batching: [(0, 0)],
      indexed: [1], vector: 2),
  ]

  static func combine(_ name: String) -> ([TensorHandle]) throws -> [TensorHandle] {
    if name == "set" { return { [$0[1]] } }
    return { [try .elementwise(name, $0[0], $0[1])] }
  }
}
