import Device
import Testing

@testable import VMap

/// Numbers that no `int` holds: of elements, of iterations, and in the text of kernels.
@Suite struct WideIndexTests {
  private static let huge = 2_200_000_000

  /// The elements that the first work-items of a huge batch store.
  @Test func theFirstOfAHugeBatch() throws {
    let x = Tensor<UInt8>.full([4096], 3)
    let executable = try vmap({ (x: Tensor<UInt8>) in x + x }).entry(x).executable
    let kernel = try #require(executable.plan.plan.kernels.first)
    let arguments = executable.source.arguments[0]
    try #require(executable.plan.plan.kernels.count == 1 && arguments.constants.isEmpty)
    let input = try x.handle.storage()
    let result = try Storage(element: .uint8, shape: x.shape, in: executable.context)
    let zeros = [UInt8](repeating: 0, count: x.count)
    try zeros.withUnsafeBytes { try result.buffer.write(from: $0) }
    let workspace = Workspace(executable.context, bufferCount: executable.program.types.count)
    for value in arguments.inputs { workspace.keep(input.buffer, at: value) }
    for value in arguments.outputs { workspace.keep(result.buffer, at: value) }
    let numbers = [WideIndexTests.huge] + arguments.extents.map { _ in WideIndexTests.huge }
    let bound = try BoundKernel(
      executable.kernel(0, .int64), in: executable.context, workspace,
      (arguments.inputs + arguments.outputs).map { .buffer($0) }
        + numbers.map { .value(.int64(Int64($0))) },
      global: [kernel.localSize], local: [kernel.localSize], placement: .immediate)
    try bound.launch()
    try executable.context.finish()
    let step = kernel.parallel.reduce(1) { $0 * kernel.schedule.step(along: $1) }
    var bytes = zeros
    try bytes.withUnsafeMutableBytes { try result.buffer.read(into: $0) }
    let count = min(kernel.localSize * step, x.count)
    #expect(bytes.prefix(count).allSatisfy { $0 == 6 })
    #expect(bytes.dropFirst(count).allSatisfy { $0 == 0 })
  }

  /// What is left of a loop is brought into bounds before it is made an `int`.
  @Test func restsAreCutBeforeTheyAreNarrowed() throws {
    let columns = vmap(
      { (x: Tensor<Float>, y: Tensor<Float>) in dot(x, y) }, inAxes: [1, 1])
    let x = Tensor<Float>.ones([90, 100])
    let product = vmap(vmap({ dot($0, $1) }, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
    let sources = try [
      vmap({ (x: Tensor<Float>) in x * x + x }).lowered(x).source,
      columns.lowered(x, x).source, product.lowered(x, x.transposed()).source,
    ]
    for source in sources {
      let wide = source.split(separator: "\nkernel ").filter { $0.contains("const long items") }
      try #require(!wide.isEmpty)
      for kernel in wide { #expect(!kernel.contains("clamp((int)("), "\(kernel)") }
    }
  }

  /// A number of examples that no `int` holds is a number all the same.
  @Test func sumsOverHugeAxes() throws {
    for count in [3_000_000_000, 5_000_000_000] {
      let f = vmap(
        { Tensor<Float>(1).sum(over: "i") }, outAxes: nil, axisName: "i", axisSize: count)
      #expect(try f().scalars() == [Float(count)])
    }
  }

  /// Places in what is never stored.
  @Test func elementsOfHugeValues() throws {
    let first = 2_900_000_000
    let numbers = try Tensor<Int64>.arange(0, 3_000_000_000)[first..<(first + 20)].scalars()
    #expect(numbers == (0..<20).map { Int64(first + $0) })
    let x = Tensor<Int64>((0..<70_000).map { Int64($0 % 1009) })
    let sums = (x.reshaped(to: [70_000, 1]) + x.reshaped(to: [1, 70_000])).reshaped(to: [-1])
    let last = 4_899_999_980
    func sum(at place: Int) -> Int64 {
      let (row, column) = (place / 70_000, place % 70_000)
      return Int64(row % 1009 + column % 1009)
    }
    #expect(
      try sums[last..<4_900_000_000].scalars() == (last..<4_900_000_000).map { sum(at: $0) })
    let places = [0, 2_147_483_648, 4_294_967_296, 4_899_999_999]
    let taken = try sums.take(Tensor<Int64>(places.map { Int64($0) } + [-1])).scalars()
    #expect(taken == (places + [4_899_999_999]).map { sum(at: $0) })
  }

  /// The same, where the sizes of a call make them huge.
  @Test func elementsOfHugeBatches() throws {
    let f = vmap(
      { (x: Tensor<Int64>) in
        (axisIndex("i").asType(Int64.self) * 50_000 + x).reshaped(to: [-1])
      }, inAxes: nil, axisName: "i", axisSize: 60_000)
    let g = jit { (x: Tensor<Int64>) in
      ((try? f(x)) ?? x).reshaped(to: [-1])[2_999_999_990..<3_000_000_000]
    }
    let x = Tensor<Int64>.arange(0, 50_000)
    #expect(try g(x).scalars() == (2_999_999_990..<3_000_000_000).map(Int64.init))
  }

  /// Which width is taken: loops that share no index do not count together.
  @Test func ordinarySizesStayNarrow() throws {
    func widths(_ executable: Executable, _ sizes: Int) -> [Bool] {
      zip(executable.plan.plan.kernels, executable.source.arguments).map { kernel, arguments in
        let symbols = Set(arguments.extents.flatMap(\.symbols))
        return arguments.isWide(
          kernel.graph, Dictionary(uniqueKeysWithValues: symbols.map { ($0, sizes) }))
      }
    }
    let product = vmap(vmap({ dot($0, $1) }, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
    let matrix = Tensor<Float>.ones([64, 2048])
    let executable = try product.entry(matrix, matrix.transposed()).executable
    #expect(executable.source.arguments.allSatisfy { !$0.isAlwaysWide })
    #expect(widths(executable, 4096).allSatisfy { !$0 })
    #expect(widths(executable, 1 << 31).contains(true))
    let rows = try vmap({ (x: Tensor<Float>) in x.sum() }).entry(.ones([3, 1 << 12])).executable
    #expect(widths(rows, 1 << 17).allSatisfy { !$0 })
    #expect(widths(rows, 1 << 20).contains(true))
    let huge = try jit { (x: Tensor<Int64>) in x.broadcast(to: [3_000_000_000]).sum() }
      .entry(Tensor<Int64>([1])).executable
    #expect(!huge.source.arguments.allSatisfy { !$0.isAlwaysWide })
  }
}
