import Testing

@testable import VMap
@testable import VMapTestSupport

/// Kernels that hold several kinds of loops at once.
@Suite struct FusedKernelTests {
  private func check(
    _ name: String, _ inputs: [BatchCheck.Input],
    _ function: @escaping ([Tensor<Float>]) -> Tensor<Float>
  ) throws {
    var check = BatchCheck(name, inputs) { _, handles in
      [function(handles.map(Tensor.init(handle:))).handle]
    }
    check.widths = .every
    check.sizes = [0, 1, 17]
    expectNone(try check.mismatches())
  }

  /// Columns that share a row's sum are summed up side by side, each in an accumulator of its own.
  @Test func scanBesideColumns() throws {
    try check("scan", [.moderate(.float32, [4, 3])]) { x in
      let rest = x[0] - x[0].max(axis: 1).expandedDimension(at: 1)
      return (x[0] - rest.sum(axis: 1).expandedDimension(at: 1)).cumsum(axis: 0)
    }
  }

  /// What a condition compares is made before the loop, of a sum that only the condition uses: the sum
  /// becomes a buffer, the comparison in the loop does not.
  @Test func conditionOnSum() throws {
    let shared = BatchCheck.Input.numbers(.float32, [3, 3], in: 0, 1)
    try check("condition", [shared, .numbers(.float32, [3], in: 1, 2)]) { inputs in
      let (a, b) = (inputs[0], inputs[1])
      let limit = dot(b, b) * 1e-3
      let zeros = Tensor<Float>.zeros([3])
      let rest = b - matmul(a, zeros)
      let end = whileLoop(zeros, rest, dot(rest, rest)) { _, _, square in
        square .> limit
      } do: { sum, rest, square in
        (sum + rest, rest * 0.5, square * 0.25)
      }
      return end.0
    }
  }

  /// One is added at indices that a loop finds: the elements differ from example to example, though
  /// what is added does not.
  @Test func constantsAtFoundIndices() throws {
    try check("counts", [.numbers(.float32, [6], in: 0, 4)]) { x in
      let found = fori(0, 3, Tensor<Int32>.zeros([6])) { step, indices in
        select(x[0] .> indices.asType(Float.self), indices + 1, indices)
      }
      return Tensor<Float>.zeros([40]).at(found).add(1)
    }
  }
}
