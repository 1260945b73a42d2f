import Synchronization

@testable import VMap

/// Makes well-typed programs of all operations at random, the same for a seed in every run.
///
/// Values stay tame: inputs are multiples of 1/8 in a small range, what grows is scaled down, and what
/// is decided by comparisons is decided by exact numbers. So most results must be the interpreter's to
/// the last bit.
final class ProgramGenerator {
  /// What is made at one go: values for the pool, or nil where it does not apply.
  typealias Production = @Sendable (ProgramGenerator) throws -> [RandomValue]?

  var choices: Choices
  let options: Options
  let trace: Trace
  /// The values that may be used here.
  var pool: [RandomValue] = []
  /// How many regions are open.
  var depth = 0
  let productions: [(weight: Int, element: Production)]
  /// The number of operations that are still wanted.
  var budget: Int
  /// The map axes, outermost first, and those that have been made in the middle of the program.
  var axes: [Axis] = []
  var innerAxes: [Int] = []
  var inputs: [RandomCase.Input] = []
  var usesOtherExamples = false

  struct Options: Sendable {
    /// Kinds of productions that are left out.
    var excluded: Set<String> = []
    /// Kinds that are chosen far more often in every program; in most programs a few others are.
    var favored: Set<String> = []
    /// The most elements that a value has for one example.
    var greatestCount = 512
  }

  struct Axis {
    let id: Int
    let symbol: Symbol?
    let extent: Int
  }

  /// Shapes are traced as if the batch had this size.
  private static let tracedSize = 2

  init(seed: UInt64, options: Options = Options()) {
    var choices = Choices(seed: seed)
    productions = ProgramGenerator.productions(&choices, options)
    self.choices = choices
    self.options = options
    let sizes = (0..<3).map { (Symbol(id: $0), ProgramGenerator.tracedSize) }
    trace = Trace(sizes: Dictionary(uniqueKeysWithValues: sizes))
    budget = 0
  }

  /// The program of a seed, with inputs and sizes to run it with.
  static func make(seed: UInt64, options: Options = Options()) throws -> RandomCase {
    try ProgramGenerator(seed: seed, options: options).make()
  }

  private func make() throws -> RandomCase {
    defer { trace.abandon() }
    makeAxes()
    budget = choices.weighted([(2, 2), (8, 3), (8, 4), (8, 5), (6, 6), (6, 8), (3, 12), (1, 25)])
    try trace.beingCurrent {
      for _ in 0..<choices.number(in: 1...3) { pool.append(input(choices.type(), randomShape())) }
      try grow()
    }
    if let error = trace.error { throw error }
    let results = try chooseResults()
    let program = try trace.finish(results: results)
    return try RandomCase(program: program, inputs: inputs, sizes: sizes(of: program)).cleaned()
  }

  /// Adds values until there are as many operations as are wanted.
  func grow() throws {
    var failures = 0
    while budget > 0, failures < 60 {
      let production = choices.weighted(productions)
      let before = pool.count
      if let made = try production(self) {
        pool += made
        budget -= 1
      } else {
        pool.removeSubrange(before...)
        failures += 1
      }
    }
  }

  private func makeAxes() {
    let count = choices.weighted([(2, 0), (12, 1), (4, 2), (2, 3)])
    for number in 0..<count {
      let isOpen = choices.chance(85)
      let symbol = Symbol(id: number)
      let extent = choices.number(in: 1...4)
      let name = choices.chance(20) ? "axis\(number)" : nil
      let id = trace.makeAxis(name: name, extent: isOpen ? .symbol(symbol) : .constant(extent))
      axes.append(Axis(id: id, symbol: isOpen ? symbol : nil, extent: extent))
    }
  }

  /// The last values and some that nothing uses, with their axes as dimensions.
  private func chooseResults() throws -> [TensorHandle] {
    let used = trace.state.withLock { state in
      Set(
        state.builder.open[0].instructions.flatMap {
          $0.operands + $0.regions.flatMap { $0.captures() }
        }
      )
    }
    var candidates: [RandomValue] = []
    for value in pool.reversed() {
      let id = try trace.value(for: value.handle)
      if !used.contains(id) || choices.chance(8) { candidates.append(value) }
    }
    if candidates.isEmpty { candidates = Array(pool.suffix(1)) }
    let count = choices.weighted([(4, 1), (3, 2), (3, 3), (2, 5)])
    return try candidates.prefix(count).map { value in
      var handle = value.handle
      for axis in choices.chance(70) ? axes.reversed() : axes {
        let id = try trace.value(for: handle)
        if !trace.type(of: id).axes.contains(axis.id), choices.chance(90) { continue }
        let dimension = choices.chance(60) ? 0 : choices.below(handle.shape.count + 1)
        handle = trace.emit(UnbindAxis(axis: axis.id, dimension: dimension), [handle])[0]
      }
      return handle
    }
  }

  /// Sizes to run the program with: two batches, of which one may be empty.
  private func sizes(of program: Program) -> [[Int]] {
    let open = axes.filter { axis in program.axes[axis.id].extent.constant == nil }
    if open.isEmpty { return [[0, 0, 0]] }
    let first = choices.weighted([(1, 0), (5, 1), (8, 3), (4, 5)])
    let second = choices.weighted([(6, 17), (1, 64), (1, 0), (3, 2)])
    let others = [choices.number(in: 1...4), choices.element(of: [1, 2, 3, 5, 9])]
    return [first, second].map { [open.count > 1 ? min($0, 9) : $0] + others }
  }
}
