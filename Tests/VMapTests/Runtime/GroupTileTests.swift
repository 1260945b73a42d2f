import Device
import Testing

@testable import VMap
@testable import VMapTestSupport

/// What a group's work-items bring into local memory for each other, with the profile of a GPU.
@Suite struct GroupTileTests {
  typealias F = Tensor<Float>

  /// A function of one example, and how its arguments are mapped.
  struct Subject: Sendable, CustomTestStringConvertible {
    let name: String
    let shapes: [[Int]]
    let inAxes: [Int?]
    /// What the lanes of its largest kernel are, for many examples.
    let lanes: VMap.Kernel.Lanes
    let function: @Sendable ([F]) throws -> TensorHandle
    var testDescription: String { name }

    init(
      _ name: String, _ shapes: [[Int]], _ inAxes: [Int?], _ lanes: VMap.Kernel.Lanes = .tile,
      _ function: @escaping @Sendable ([F]) throws -> TensorHandle
    ) {
      self.name = name
      self.shapes = shapes
      self.inAxes = inAxes
      self.lanes = lanes
      self.function = function
    }

    var check: BatchCheck {
      let function = function
      let inputs = shapes.map { BatchCheck.Input.numbers(.float32, $0, in: -2, 2) }
      var check = BatchCheck(name, inputs) { _, x in [try function(x.map { F(handle: $0) })] }
      check.sizes = [0, 3, 33]
      return check
    }

    var placement: VMapTestSupport.Placement { .init(inAxes: inAxes, outAxis: 0) }
  }

  static let subjects = [
    Subject("a layer", [[70, 19], [19]], [nil, 0]) { matmul($0[0], $0[1]).handle },
    Subject("products", [[64, 20], [20, 64]], [0, 0]) { matmul($0[0], $0[1]).handle },
    Subject("products of a sum", [[64, 18], [18, 128]], [0, nil]) {
      (matmul($0[0], $0[1]) * 0.5 + 1).handle
    },
    Subject("distances", [[12], [60, 12]], [0, nil]) { x in
      let differences = x[0] - x[1]
      return (differences * differences).sum(axis: 1).handle
    },
    Subject("sums of short rows", [[40]], [0]) { $0[0].sum().handle },
    Subject("turned round", [[37], [37]], [0, 1]) { ($0[0] + $0[1]).handle },
    Subject("the nearest", [[16], [20, 16]], [0, nil]) { x in
      let differences = x[0] - x[1]
      return (differences * differences).sum(axis: 1).argmin().handle
    },
    Subject("sorted", [[77]], [0], .group) { $0[0].sorted().handle },
  ]

  /// A GPU, and one that takes other schedules.
  static func targets() throws -> [DeviceRun.Target] {
    try [nil, 5].map { number in
      try GroupReductionTests.target("nvidia") { $0.schedule = number }
    }
  }

  @Test(arguments: subjects)
  func againstTheInterpreter(_ subject: Subject) throws {
    var check = subject.check
    check.targets = try Self.targets()
    expectNone(try [check].deviceMismatches(at: [subject.placement]))
  }

  @Test(arguments: subjects)
  func groupsShareWhatTheyRead(_ subject: Subject) throws {
    let program = try subject.check.program(subject.placement)
    let kernels = try DeviceRun.plan(program, on: Self.targets()[0]).kernels
    #expect(kernels.map(\.lanes).contains(subject.lanes))
  }
}
