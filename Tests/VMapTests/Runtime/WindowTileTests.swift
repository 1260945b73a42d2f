import Testing

@testable import VMap
@testable import VMapTestSupport

/// Convolutions in tiles, whose windows reach into the padding at the edges and nowhere else.
@Suite struct WindowTileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var height = 9
    let width: Int
    var stride = 1
    var dilation = 1
    var isChannelsLast = true
    var testDescription: String {
      "\(height)x\(width), stride \(stride), dilation \(dilation), last \(isChannelsLast)"
    }
  }

  static let cases = [
    Case(width: 32), Case(width: 19), Case(height: 2, width: 8), Case(width: 3),
    Case(width: 24, stride: 2), Case(width: 24, dilation: 3),
    Case(width: 16, isChannelsLast: false),
  ]

  static let (channels, features) = (3, 16)

  private func function(_ c: Case) -> @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> {
    let numbers = c.isChannelsLast ? ("NHWC", "HWIO", "NHWC") : ("NCHW", "OIHW", "NCHW")
    return { kernel, x in
      convGeneralDilated(
        x[.newAxis], kernel, windowStrides: [c.stride, c.stride],
        padding: .explicit([[c.dilation, c.dilation], [c.dilation, c.dilation]]),
        rhsDilation: [c.dilation, c.dilation], dimensionNumbers: numbers)[0]
    }
  }

  /// The sums element by element, channels last.
  private func expected(_ c: Case, _ x: [Float], _ kernel: [Float], count: Int) -> [Float] {
    let (channels, features) = (WindowTileTests.channels, WindowTileTests.features)
    let rows = (c.height - 1) / c.stride + 1
    let columns = (c.width - 1) / c.stride + 1
    var result: [Float] = []
    for example in 0..<count {
      for place in 0..<rows * columns {
        for feature in 0..<features {
          var sum: Float = 0
          for tap in 0..<9 {
            let y = place / columns * c.stride + (tap / 3 - 1) * c.dilation
            let x0 = place % columns * c.stride + (tap % 3 - 1) * c.dilation
            guard (0..<c.height).contains(y), (0..<c.width).contains(x0) else { continue }
            for channel in 0..<channels {
              sum +=
                x[((example * c.height + y) * c.width + x0) * channels + channel]
                * kernel[(tap * channels + channel) * features + feature]
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  /// Whole numbers, of which sums are exact in any order.
  @Test(arguments: cases) func values(_ c: Case) throws {
    let count = 3
    let x = try TileTests.whole([count, c.height, c.width, 3], seed: 1) { Float($0) }
    let kernel = try TileTests.whole([3, 3, 3, 16], seed: 2) { Float($0) }
    let f = vmap(function(c), inAxes: [nil, 0])
    let expected = expected(c, try x.scalars(), try kernel.scalars(), count: count)
    if c.isChannelsLast {
      #expect(try f(kernel, x).scalars() == expected)
    } else {
      let result = try f(kernel.transposed(3, 2, 0, 1), x.transposed(0, 3, 1, 2))
      #expect(try result.transposed(0, 2, 3, 1).scalars() == expected)
    }
  }

  /// Lanes along the features, several places at once, and a loop that tests nothing.
  @Test func schedule() throws {
    let c = Case(height: 32, width: 32)
    let lowered = try DeviceRun.withSixteenLanes {
      let x = Tensor<Float>.ones([5, 32, 32, 3])
      return try vmap(function(c), inAxes: [nil, 0]).lowered(.ones([3, 3, 3, 16]), x)
    }
    #expect(lowered.kernelCount == 1)
    #expect(lowered.plan.contains("lanes along loop 3, 8 at once along loop 2;"))
    #expect(lowered.source.contains("if (!m"))
  }

  /// What lies in the padding is multiplied, too: an infinite weight shows.
  @Test func paddingIsZero() throws {
    let c = Case(height: 3, width: 32)
    let kernel = Tensor<Float>.full([3, 3, 3, 16], .infinity)
    let y = try vmap(function(c), inAxes: [nil, 0])(kernel, .ones([2, 3, 32, 3])).scalars()
    for example in 0..<2 {
      for (place, value) in y[(example * 1536)..<((example + 1) * 1536)].enumerated() {
        let (row, column) = (place / 512, place / 16 % 32)
        let isEdge = row != 1 || column == 0 || column == 31
        #expect(value.isNaN == isEdge)
      }
    }
  }
}
