import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// The derivatives of control flow, in both modes.
@Suite struct LoopDerivativeTests {
  private static func check(
    _ name: String, _ shapes: [Int]..., in domain: ClosedRange<Double> = 0.2...0.9,
    _ function: @escaping @Sendable ([Tensor<Double>]) throws -> Tensor<Double>
  ) -> DerivativeCheck {
    let inputs = shapes.enumerated().map { number, shape in
      BatchCheck.Input.numbers(
        .float64, shape, in: domain.lowerBound, domain.upperBound, seed: number)
    }
    return DerivativeCheck(name, inputs) { _, x in
      [try function(x.map(Tensor<Double>.init)).handle]
    }
  }

  static var branches: [DerivativeCheck] {
    [
      check("cond", [], in: -2...2) { x in
        let x = x[0]
        return cond(x .> 0) {
          sin(x)
        } else: {
          x * x * x
        }
      },
      check("cond with captured vectors", [3], []) { x in
        let (v, s) = (x[0], x[1])
        return cond(s .> 0.5) {
          v * s
        } else: {
          exp(v)
        }
      },
      check("switchCase", [], in: -2...2) { x in
        let x = x[0]
        let index = floor(abs(x) * 1.5).asType(Int32.self)
        return switchCase(index, { x * x }, { sin(x) }, { exp(x) })
      },
    ]
  }

  static var counted: [DerivativeCheck] {
    [
      check("fori", [2]) { x in fori(0, 4, x[0]) { _, y in sin(y) * 1.5 } },
      check("fori with captured values", [2], [2]) { x in
        let w = x[1]
        return fori(0, 3, x[0]) { i, y in sin(y * w) + y }
      },
      check("fori with indices", [4]) { x in
        let v = x[0]
        return fori(0, 4, Tensor<Double>(1)) { i, y in y * v[i] + v[i] }
      },
      check("fori with varying bounds", [], in: 0.2...2.9) { x in
        let v = x[0]
        let count = ceil(v).asType(Int32.self)
        return fori(Tensor<Int32>(0), count, v) { _, y in sin(y) + v }
      },
      check("scan", [4], []) { x in
        let w = x[1]
        let (last, all) = scan(Tensor<Double>(1), x[0]) { carry, row in
          let next = carry * w + sin(row)
          return (next, next * next)
        }
        return all + last
      },
      check("scan in reverse", [4]) { x in
        scan(Tensor<Double>(0), x[0], reverse: true) { carry, row in
          (carry + row * row, carry * row)
        }
        .1
      },
      check("map", [3, 2]) { x in map(x[0]) { row in exp(row).sum() } },
    ]
  }

  static var open: [DerivativeCheck] {
    [
      check("whileLoop", []) { x in
        whileLoop(x[0]) {
          $0 .< 3
        } do: {
          $0 * 1.7
        }
      },
      check("whileLoop with captured values", [], [2], in: 0.5...0.9) { x in
        let w = x[1]
        return whileLoop(x[0] * w) {
          $0.sum() .< 20
        } do: {
          $0 * (w + 1)
        }
      },
      check("nested loops", [], in: 0.5...0.9) { x in
        let w = x[0]
        return whileLoop(w) {
          $0 .< 10
        } do: { y in
          fori(0, 2, y) { _, z in z * (w + 0.6) } + w
        }
      },
      check("cond in a loop", [], in: 0.5...0.9) { x in
        whileLoop(x[0]) {
          $0 .< 5
        } do: { y in
          cond(y .> 2) {
            y * y
          } else: {
            y * 1.9
          }
        }
      },
    ]
  }

  @Test func branches() throws { expectNone(try Self.branches.mismatches()) }
  @Test func countedLoops() throws { expectNone(try Self.counted.mismatches()) }
  @Test func openLoops() throws { expectNone(try Self.open.mismatches()) }

  /// Loops with more steps than there are snapshots; an error of a rounding for each step.
  @Test func manySteps() throws {
    let f: @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double> = { x, limit in
      whileLoop(x, Tensor<Double>(0)) { _, step in
        step .< limit
      } do: { y, step in
        (y + sin(y) * 1e-4, step + 1)
      }.0
    }
    let limits = Tensor<Double>([0, 1, 10, 31, 32, 33, 1000, 100_000])
    let x = Tensor<Double>([0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3])
    let slopes = try vmap(grad(f))(x, limits).scalars()
    let expected = try limits.scalars().map { limit in
      var (y, slope) = (0.3, 1.0)
      for _ in 0..<Int(limit) {
        (y, slope) = (y + Foundation.sin(y) * 1e-4, slope * (1 + Foundation.cos(y) * 1e-4))
      }
      return slope
    }
    for (slope, wanted) in zip(slopes, expected) { #expect(abs(slope - wanted) <= 1e-10 * wanted) }
  }
}
