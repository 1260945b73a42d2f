import Device
import Testing

@testable import VMap
@testable import VMapTestSupport

/// The tree of a reduction is the same however its kernel is scheduled: every lane width, and a GPU's
/// groups, give the same bits.
@Suite struct ReductionTreeTests {
  typealias Function = @Sendable ([Tensor<Float>]) throws -> Tensor<Float>

  struct Subject: Sendable, CustomTestStringConvertible {
    let name: String
    /// The shape of each argument, with the batch.
    let shapes: [[Int]]
    let function: Function
    var testDescription: String { name }

    init(_ name: String, _ shapes: [Int]..., function: @escaping Function) {
      self.name = name
      self.shapes = shapes
      self.function = function
    }
  }

  static let profiles = ["scalar", "lanes4", "lanes8", "lanes16", "nvidia"]

  static let rows: [Subject] = [1, 15, 40, 63, 64, 65, 100, 130, 257, 1000].map { length in
    Subject("rows of \(length)", [19, length]) { x in
      try vmap { (x: Tensor<Float>) in stack([x.sum(), x.product(), x.max(), x.logSumExp()]) }(x[0])
    }
  }
  static let columns: [Subject] = [7, 70, 300].map { length in
    Subject("columns of \(length)", [length, 41]) { x in
      try vmap({ (x: Tensor<Float>) in stack([x.sum(), x.min(), x.variance()]) }, inAxes: 1)(x[0])
    }
  }

  static let subjects: [Subject] =
    rows + columns + [
      Subject("sum of all", [70, 130]) { x in x[0].sum() },
      Subject("sums of a few", [3, 70, 5]) { x in
        try vmap { (x: Tensor<Float>) in concatenate([x.sum(axis: 0), x.sum(axis: 1)]) }(x[0])
      },
      Subject("long sum", [50_003]) { x in x[0].sum() },
      Subject("long rows", [70, 20_011]) { x in x[0].sum(axis: 1) },
      Subject("long columns", [20_011, 70]) { x in x[0].sum(axis: 0) },
      Subject("long wide columns", [17_000, 600]) { x in x[0].sum(axis: 0) },
      Subject("softmax of 40", [9, 40]) { x in try vmap { (x: Tensor<Float>) in x.softmax() }(x[0])
      },
      Subject("softmax of 500", [9, 500]) { x in
        try vmap { (x: Tensor<Float>) in x.softmax() }(x[0])
      },
      Subject("softmax of 500, columns", [500, 33]) { x in
        try vmap({ (x: Tensor<Float>) in x.softmax() }, inAxes: 1, outAxes: 1)(x[0])
      },
      Subject("layer norm", [9, 333]) { x in
        try vmap { (x: Tensor<Float>) in
          let centred = x - x.mean(keepDims: true)
          return centred / sqrt((centred * centred).mean(keepDims: true) + 1e-5)
        }(x[0])
      },
      Subject("dot", [17, 200], [17, 200]) { x in
        try vmap { (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }(x[0], x[1])
      },
      Subject("dot of columns", [200, 17], [200, 17]) { x in
        try vmap({ (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [1, 1])(x[0], x[1])
      },
      Subject("dot of a row and a column", [17, 200], [200, 17]) { x in
        try vmap({ (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [0, 1])(x[0], x[1])
      },
      Subject("matrix and vectors", [30, 300], [17, 300]) { x in
        try vmap({ (w: Tensor<Float>, x: Tensor<Float>) in matmul(w, x) }, inAxes: [nil, 0])(
          x[0], x[1])
      },
      Subject("matrix and vector", [30, 300], [300]) { x in matmul(x[0], x[1]) },
      Subject("vector and matrix", [300], [300, 30]) { x in matmul(x[0], x[1]) },
      Subject("products", [3, 20, 90], [3, 90, 70]) { x in
        try vmap { (x: Tensor<Float>, y: Tensor<Float>) in matmul(x, y) }(x[0], x[1])
      },
      Subject("long product", [3, 20_000], [20_000, 5]) { x in matmul(x[0], x[1]) },
      Subject("convolution", [2, 2, 3, 20, 20], [8, 3, 3, 3]) { x in
        try vmap(
          { (x: Tensor<Float>, w: Tensor<Float>) in
            conv(x, w, windowStrides: [1, 1], padding: .same)
          }, inAxes: [0, nil])(x[0], x[1])
      },
      Subject("distances", [40, 70], [30, 70]) { x in
        try vmap(
          vmap(
            { (x: Tensor<Float>, y: Tensor<Float>) in
              sqrt(((x - y) * (x - y)).sum())
            }, inAxes: [nil, 0]), inAxes: [0, nil])(x[0], x[1])
      },
      Subject("sum over the batch", [5000]) { x in
        try vmap({ (x: Tensor<Float>) in x.sum(over: "b") }, outAxes: nil, axisName: "b")(x[0])
      },
      Subject("means over the batch", [5000, 37]) { x in
        try vmap({ (x: Tensor<Float>) in x.mean(over: "b") }, outAxes: nil, axisName: "b")(x[0])
      },
      Subject("wide means over the batch", [5000, 600]) { x in
        try vmap({ (x: Tensor<Float>) in x.mean(over: "b") }, outAxes: nil, axisName: "b")(x[0])
      },
      Subject("products over the batch", [5000, 20], [5000, 30]) { x in
        try vmap(
          { (x: Tensor<Float>, y: Tensor<Float>) in
            (x.reshaped(to: [20, 1]) * y.reshaped(to: [1, 30])).sum(over: "b")
          }, inAxes: [0, 0], outAxes: nil, axisName: "b")(x[0], x[1])
      },
      Subject("sum of loops", [5, 150]) { x in
        let halved = vmap { (x: Tensor<Float>) in
          whileLoop(x) {
            $0 .> 0.1
          } do: {
            $0 * 0.5
          }
        }
        return try vmap { (x: Tensor<Float>) in try halved(x).sum() }(x[0])
      },
      Subject("sums in a loop", [33, 150]) { x in
        try vmap { (x: Tensor<Float>) in
          whileLoop(x) {
            $0.sum() .> 1
          } do: {
            $0 * 0.7
          }
        }(x[0])
      },
      Subject("cumulative sums", [5, 300]) { x in
        try vmap { (x: Tensor<Float>) in x.cumsum(axis: 0) + x.cumprod(axis: 0) }(x[0])
      },
    ]

  private static func sample(_ position: Int, _ argument: Int) -> Float {
    let number = (position &* 7919 &+ argument &* 31) % 1009
    return Float(number) / 504 - 0.7 + Float(position % 13) * 0.01
  }

  private func bits(_ subject: Subject, _ profile: String) throws -> [UInt32] {
    let target = try GroupReductionTests.target(profile)
    return try Context.$override.withValue(target.context) {
      let arguments = try subject.shapes.enumerated().map { number, shape in
        let scalars = (0..<shape.reduce(1, *)).map { Self.sample($0, number) }
        return try Tensor<Float>(shape: shape, scalars: scalars)
      }
      return try subject.function(arguments).scalars().map {
        $0.isNaN ? Float.nan.bitPattern : $0.bitPattern
      }
    }
  }

  @Test(arguments: subjects)
  func profilesChangeNothing(_ subject: Subject) throws {
    let reference = try bits(subject, "scalar")
    for profile in Self.profiles.dropFirst() {
      let own = try bits(subject, profile)
      let count = zip(own, reference).filter { $0 != $1 }.count
      #expect(own.count == reference.count && count == 0, "\(profile): \(count) of \(own.count)")
    }
  }
}
