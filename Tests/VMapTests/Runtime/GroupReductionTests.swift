import Device
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Reductions that the work-items of a group share out, with the profile of a GPU.
@Suite struct GroupReductionTests {
  /// A function of one row, and what it needs to be checked.
  struct Subject: Sendable, CustomTestStringConvertible {
    let name: String
    let function: @Sendable (Tensor<Float>) throws -> [TensorHandle]
    var testDescription: String { name }
  }

  static let subjects: [Subject] = [
    Subject(name: "sum") { [$0.sum().handle] },
    Subject(name: "extremes") { [$0.max().handle, $0.min().handle, ($0 .> 3).any().handle] },
    Subject(name: "softmax") { [$0.softmax().handle] },
    Subject(name: "argmax") { [$0.argmax().handle, ($0 * $0).argmin().handle] },
    Subject(name: "mean and variance") { [$0.mean().handle, $0.variance().handle] },
    Subject(name: "layer norm") { x in
      let centred = x - x.mean(keepDims: true)
      return [(centred / sqrt((centred * centred).mean(keepDims: true) + 1e-5)).handle]
    },
    Subject(name: "sum of loops") { x in
      let halved = vmap { (x: Tensor<Float>) in
        whileLoop(x) {
          $0 .> 0.1
        } do: {
          $0 * 0.5
        }
      }
      return [try halved(x).sum().handle]
    },
    Subject(name: "loop of a sum") { x in
      let total = whileLoop(x.sum()) {
        abs($0) .> 1
      } do: {
        $0 * 0.5
      }
      return [(x * total + (x - total).max()).handle]
    },
    Subject(name: "sum of sums") { x in
      let products = x.reshaped(to: [-1, 1]) * x[0..<min(7, x.shape[0])]
      return [tanh(products).sum(axis: 1).sum().handle]
    },
  ]

  /// Those without loops inside their reductions.
  static let flat = Array(subjects.prefix(6))

  static let rows = Placement(inAxes: [0], outAxis: 0)
  static let lengths = [1, 31, 32, 33, 100, 1000]

  /// A device with a profile of its own.
  static func target(
    _ name: String, _ change: @escaping @Sendable (inout Profile) -> Void = { _ in }
  )
    throws -> DeviceRun.Target
  {
    var configuration = Context.Configuration()
    configuration.changeProfile = change
    let context = try Context(device: nil, profile: name, configuration: configuration)
    return DeviceRun.Target(description: name, context: context)
  }

  static func check(_ subject: Subject, _ length: Int) -> BatchCheck {
    var check = BatchCheck(
      "\(subject.name) of \(length)", [.numbers(.float32, [length], in: -2, 2)]
    ) { _, x in try subject.function(Tensor<Float>(handle: x[0])) }
    check.sizes = [0, 1, 3, 17]
    return check
  }

  /// What the lanes of the kernels are.
  private func lanes(_ check: BatchCheck, _ target: DeviceRun.Target) throws -> [VMap.Kernel.Lanes]
  {
    let program = try check.program(Self.rows)
    return try DeviceRun.plan(program, on: target).kernels.map(\.lanes)
  }

  @Test(arguments: subjects)
  func againstTheInterpreter(_ subject: Subject) throws {
    let target = try Self.target("nvidia")
    let checks = Self.lengths.map { length in
      var check = Self.check(subject, length)
      check.targets = [target]
      return check
    }
    expectNone(try checks.deviceMismatches(at: [Self.rows]))
    // Elements of an example lie side by side; for one length, those of the batch do, too.
    let both = checks.filter { $0.inputs[0].type.shape == [33] }
    #expect(both.count == 1)
    expectNone(try both.deviceMismatches())
  }

  @Test(arguments: subjects)
  func longRowsAreSharedOut(_ subject: Subject) throws {
    let target = try Self.target("nvidia")
    #expect(try lanes(Self.check(subject, 1000), target) == [.group])
    #expect(try lanes(Self.check(subject, 1), target) != [.group])
  }

  /// Where barriers cost more than they save, or there is no memory of a group's own.
  @Test(arguments: subjects)
  func otherDevicesShareNothingOut(_ subject: Subject) throws {
    let check = Self.check(subject, 1000)
    for target in DeviceRun.targets where target.context.profile.kind == .cpu {
      #expect(try !lanes(check, target).contains(.group))
    }
    let withoutMemory = try Self.target("nvidia") { $0.usesLocalMemory = false }
    let withLittle = try Self.target("nvidia") { $0.localMemoryBytes = 256 }
    let alone = try Self.target("nvidia") { $0.workGroupSize = 1 }
    for target in [withoutMemory, withLittle, alone] {
      #expect(try !lanes(check, target).contains(.group))
    }
  }

  /// A group adds up in the order of vectors.
  @Test(arguments: flat)
  func groupsAddUpAsVectorsDo(_ subject: Subject) throws {
    let group = try Self.target("nvidia") {
      $0.workGroupSize = 16
      $0.computeUnits = 1 << 20
    }
    let targets = [group, try Self.target("lanes16")]
    let checks = try [64, 100, 1000].map { length in
      var check = Self.check(subject, length)
      check.targets = targets
      let found = try targets.map { try lanes(check, $0) }
      #expect(found == [[.group], [.inner]])
      return check
    }
    expectNone(try checks.deviceMismatches(at: [Self.rows]))
  }

  /// Lanes along the loop that keeps most of them busy, not always along the innermost.
  @Test(arguments: [[70, 2], [3, 40], [1, 1, 90]])
  func severalDimensions(shape: [Int]) throws {
    let dimensions = Array(shape.indices)
    var check = BatchCheck(Reduce(kind: .sum, dimensions: dimensions), [.moderate(.float32, shape)])
    check.sizes = [1, 3]
    check.targets = [try Self.target("nvidia")]
    #expect(try lanes(check, Self.target("nvidia")) == [.group])
    expectNone(try check.deviceMismatches())
  }

  /// Blocks of a long reduction are a group's each, and their merging is one group's.
  @Test func longReductions() throws {
    let target = try Self.target("nvidia")
    let values = ScheduleTests.samples(300_003)
    try Context.$override.withValue(target.context) {
      let x = Tensor<Float>(values)
      let f = jit { (x: Tensor<Float>) in (x.sum(), x.max(), x.argmax()) }
      let plan = try f.lowered(x).plan
      #expect(!plan.contains("one work-item"), "\(plan)")
      let (sum, greatest, position) = try f(x)
      let expected = values.reduce(0.0) { $0 + Double($1) }
      #expect(try abs(Double(sum.scalar()) - expected) < 1e-6 * expected)
      #expect(try greatest.scalar() == values.max())
      #expect(try position.scalar() == values.firstIndex(of: values.max() ?? 0).map(Int32.init))
    }
  }

  /// The batch, its order, its chunks and the width of indices change no bit.
  @Test(arguments: flat)
  func sameBits(_ subject: Subject) throws {
    let target = try Self.target("nvidia")
    let (count, length) = (60, 150)
    func bits(_ rows: [Float], chunk: Int? = nil) throws -> [UInt32] {
      let x = try Tensor<Float>(shape: [rows.count / length, length], scalars: rows)
      let f = vmap({ Tensor<Float>(handle: try subject.function($0)[0]) }, chunk: chunk)
      return try f(x).scalars().map(\.bitPattern)
    }
    try Context.$override.withValue(target.context) {
      let rows = BitIdentityTests.samples(count, length)
      let whole = try bits(rows)
      let width = whole.count / count
      for chunk in [1, 7, 59] { #expect(try bits(rows, chunk: chunk) == whole) }
      #expect(try RunOptions(usesWideIndices: true).forcing { try bits(rows) } == whole)
      let last = try bits([Float](repeating: .nan, count: 5 * length) + rows.suffix(3 * length))
      #expect(last.suffix(3 * width) == whole.suffix(3 * width))
    }
  }
}
