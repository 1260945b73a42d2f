import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// State of loops of which an iteration replaces a part.
@Suite struct StateUpdateTests {
  /// Indices, some of them outside.
  static func indices(_ shape: [Int], in range: ClosedRange<Int>, seed: Int = 0)
    -> BatchCheck.Input
  {
    BatchCheck.Input(.int32, shape) { example, offset in
      let number =
        range.lowerBound
        + Int(Samples.hash(example * 31 + offset + seed * 977) % UInt64(range.count))
      return ReferenceScalar(bits: ElementType.int32.bits(Int128(number)))
    }
  }

  private func check(
    _ name: String, _ inputs: [BatchCheck.Input],
    _ function: @escaping (_ x: Tensor<Float>, _ i: Tensor<Int32>) -> Tensor<Float>
  ) throws {
    var check = BatchCheck(name, inputs) { _, handles in
      [function(Tensor(handle: handles[0]), Tensor(handle: handles[1])).handle]
    }
    check.widths = .every
    check.sizes = [0, 1, 17]
    expectNone(try check.mismatches())
  }

  /// Elements at indices that may differ from example to example; those outside are left out.
  @Test func elements() throws {
    try check(
      "add at", [.moderate(.float32, [5]), Self.indices([7], in: -2...6)]
    ) { x, indices in
      fori(0, 7, x) { step, x in
        x.at(indices[step]).add(Tensor<Float>(1) + x[0])
      }
    }
  }

  /// Rows, columns, and two windows of an iteration, of which the second reads what was before.
  @Test func windows() throws {
    try check("windows", [.moderate(.float32, [4, 3]), Self.indices([2], in: 0...3)]) { x, i in
      fori(0, 5, x) { step, x in
        let row = (i[0] + step) % 4
        let swapped = x.at(row).set(x[i[1]]).at(i[1]).set(x[row])
        return swapped.at(.all, step % 3).multiply(x[0, 0] - x[.all, 1])
      }
    }
  }

  /// Windows that would reach beyond an edge are moved inside.
  @Test func dynamicUpdateSlice() throws {
    try check("slices", [.moderate(.float32, [4, 5]), Self.indices([2], in: -3...6)]) { x, i in
      fori(0, 3, x) { step, x in
        let window = x.dynamicSlice([step, i[1]], sizes: [2, 3])
        return x.dynamicUpdateSlice(window + 1, [i[0] + step, i[1]])
      }
    }
  }

  /// Each example stops for itself.
  @Test func varyingEnd() throws {
    try check("varying end", [.moderate(.float32, [6]), Self.indices([], in: -1...9)]) { x, n in
      fori(Tensor(0), n, x) { step, x in
        x.at(step % 6).set(x[(step + 1) % 6] * Tensor<Float>(0.5)).at(0).add(1)
      }
    }
  }

  /// Several tensors, each computed from all of them as they were.
  @Test func severalTensors() throws {
    try check("several", [.moderate(.float32, [6]), Self.indices([6], in: 0...5)]) { x, i in
      let (y, _, count) = fori(0, 8, x, i, Tensor<Float>(0)) {
        (step, x, order, count) -> (Tensor<Float>, Tensor<Int32>, Tensor<Float>) in
        let (now, next) = (step % 6, (step + 1) % 6)
        return (
          x.at(order[now]).add(count), order.at(now).set(order[next]), count + x[order[0]]
        )
      }
      return y + count
    }
  }

  /// Complex numbers, truth values and 16 bits.
  @Test func otherTypes() throws {
    var check = BatchCheck(
      "types",
      [.moderate(.complex64, [3]), .moderate(.bfloat16, [3]), Self.indices([5], in: -1...3)]
    ) { _, handles in
      let index = Tensor<Int32>(handle: handles[2])
      let seen = index[0..<3] .< -9
      let (z, h, s) = fori(
        0, 5, Tensor<Complex<Float>>(handle: handles[0]), Tensor<BFloat16>(handle: handles[1]),
        seen
      ) { step, z, h, seen in
        let i = index[step]
        return (z.at(i).multiply(z[0]), h.at(i).add(h[i]), seen.at(i).set(true))
      }
      return [z.handle, h.handle, s.handle]
    }
    check.widths = .every
    check.sizes = [0, 1, 17]
    expectNone(try check.mismatches())
  }

  /// State too large for a work-item to keep lies in memory.
  @Test func largeState() throws {
    try check("large", [.moderate(.float32, [3000]), Self.indices([9], in: 0...2999)]) { x, i in
      fori(0, 9, x) { step, x in x.at(i[step]).set(x[i[(step + 1) % 9]] + 1) }
    }
  }

  /// A loop around another one, both on the same tensor.
  @Test func nested() throws {
    try check("nested", [.moderate(.float32, [4, 4]), Self.indices([], in: 0...4)]) { x, n in
      fori(0, 4, x) { i, x in
        fori(Tensor(0), n, x) { j, x in x.at(i, j).set(x[j, i] + x[i, j]) }
      }
    }
  }

  /// Elimination: the outer loop reads what the loop inside of it then changes.
  @Test func elimination() throws {
    try check("elimination", [.moderate(.float32, [4, 4]), Self.indices([], in: 0...4)]) { x, n in
      fori(0, 4, x) { k, x in
        fori(k + 1, Tensor(4), x) { i, next in
          let factor = next[i, k] * x[k, k]
          return next.at(i).subtract(next[k] * factor).at(i, k).set(factor)
        }
      }
    }
  }

  /// The table of the edit distance of two words.
  @Test func editDistance() throws {
    var check = BatchCheck(
      "edit distance", [Self.indices([4], in: 0...2), Self.indices([5], in: 0...2, seed: 1)]
    ) { trace, handles in
      func count(_ shape: [Int], along dimension: Int) -> Tensor<Int32> {
        let type = TensorType(element: .int32, shape: shape)
        return Tensor(handle: trace.emit(Iota(type: type, dimension: dimension), [])[0])
      }
      let (a, b) = (Tensor<Int32>(handle: handles[0]), Tensor<Int32>(handle: handles[1]))
      let edges = count([5, 6], along: 0) + count([5, 6], along: 1)
      let table = fori(1, 5, edges) { i, table in
        fori(1, 6, table) { j, table in
          let differs = (a[i - 1] .!= b[j - 1]).asType(Int32.self)
          let change = table[i - 1, j - 1] + differs
          let gap = minimum(table[i - 1, j], table[i, j - 1]) + 1
          return table.at(i, j).set(minimum(change, gap))
        }
      }
      return [table.handle]
    }
    check.widths = .every
    check.sizes = [0, 1, 17]
    expectNone(try check.mismatches())
  }

  /// Loops one after another on one tensor, and what was there before and in between.
  @Test func loopsInARow() throws {
    try check("in a row", [.moderate(.float32, [5]), Self.indices([], in: 0...5)]) { x, n in
      let (y, first, between) = fori(0, 3, x, Tensor<Float>(0), Tensor<Float>(0)) {
        (k, x, first, between) -> (Tensor<Float>, Tensor<Float>, Tensor<Float>) in
        let up = fori(Tensor(0), n, x) { j, x in x.at(j).add(x[(j + k) % 5]) }
        let down = fori(0, 4, up) { j, x in x.at(j).set(x[j + 1] * 0.5) }
        return (down.at(k).add(1), first + x[k], between + up[n % 5])
      }
      return y + first * between
    }
  }

  /// A branch replaces elements, another one others, and a third nothing.
  @Test func branches() throws {
    try check("branches", [.moderate(.float32, [5]), Self.indices([4], in: 0...4)]) { x, n in
      fori(0, 4, x) { k, x in
        switchCase(
          n[k] % 3, { x.at(k).add(x[n[k]]) },
          { x.at(n[k]).set(x[k] * 0.5).at(4).subtract(x[1]) }, { x })
      }
    }
  }

  /// Two results that begin as one tensor.
  @Test func branchesWithTwoResults() throws {
    try check("two results", [.moderate(.float32, [5]), Self.indices([], in: 0...4)]) { x, n in
      let results = cond(
        x[n] .> 0, then: { [x.at(n).add(1), x.at(0).set(x[n])] },
        else: { [x.at(1).set(x[2]), x] })
      return results[0] - results[1] * 2
    }
  }

  /// What the loop inside begins with is read for each element afterwards.
  @Test func outerStateIsNeeded() throws {
    try check("needed", [.moderate(.float32, [5]), Self.indices([], in: 0...5)]) { x, n in
      let (y, z) = fori(0, 3, x, x) { (k, x, z) -> (Tensor<Float>, Tensor<Float>) in
        let up = fori(Tensor(0), n, x) { j, x in x.at(j).add(x[(j + k) % 5]) }
        return (up, z + x)
      }
      return y * z
    }
  }

  /// A state that varies only after some iterations, and a loop inside that begins with it.
  @Test func stateThatComesToVary() throws {
    try check("comes to vary", [.moderate(.float32, []), Self.indices([], in: 0...5)]) { x, _ in
      let (a, b, c) = fori(0, 4, Tensor<Float>(0), Tensor<Float>(0), x) {
        (_, a, b, c) -> (Tensor<Float>, Tensor<Float>, Tensor<Float>) in
        (fori(0, 2, b) { _, b in b * 2 + 1 }, c, c + 1)
      }
      return a + b + c
    }
  }

  /// What a branch alone needs is computed in it, where it costs those nothing that do not take it; so is
  /// what loops and sums in it make.
  @Test func branchesAreComputedWhereTheyAreTaken() throws {
    try check("sums", [.moderate(.float32, [5]), Self.indices([], in: 0...4)]) { x, n in
      let shared = x * x
      let sum = cond(
        n .> 2,
        then: {
          let steps = fori(0, 3, x[0]) { _, y in y * 0.5 + exp(x[1]) }
          return steps + (shared * x).sum() + exp(x[2] + x[n])
        }, else: { x[n] })
      return shared + sum
    }
    let f = vmap { (x: Tensor<Float>) in
      cond(x .> 0, then: { exp(x) + 1 }, else: { x })
    }
    let lowered = try f.lowered(Tensor<Float>([1, 2]))
    let lines = lowered.source.split(separator: "\n").filter { $0.contains("= vm_exp") }
    #expect(lines.count == 2, "\(lowered.source)")
    #expect(lines.allSatisfy { $0.hasPrefix("    ") }, "\(lowered.source)")
  }

  /// An iteration moves what it replaces, however large the state is.
  @Test func iterationsDoNotMoveTheState() throws {
    func body(of count: Int) throws -> String {
      let f = vmap { (x: Tensor<Float>) in
        fori(0, 10, x) { i, x in
          fori(i, Tensor(10), x) { j, x in
            cond(x[j] .> 0, then: { x.at(j).add(x[i]) }, else: { x })
          }
        }
      }
      // How much a work-item keeps depends on the lanes.
      let lowered = try DeviceRun.withSixteenLanes { try f.lowered(.zeros([2, count])) }
      #expect(lowered.kernelCount == 1, "\(lowered.plan)")
      let text = lowered.source
      let start = try #require(text.range(of: "for (;;)"))
      let end = try #require(text[start.upperBound...].range(of: "\n  }\n"))
      return String(text[start.lowerBound..<end.lowerBound])
        .replacing("\(count)", with: "N").replacing("\(count - 1)", with: "M")
    }
    let small = try body(of: 100)
    #expect(!small.contains("for (int"), "\(small)")
    // The large state lies elsewhere, and is reached the same way.
    #expect(try body(of: 200) == small)
    #expect(!(try body(of: 100_000)).contains("for (int"))
  }
}
