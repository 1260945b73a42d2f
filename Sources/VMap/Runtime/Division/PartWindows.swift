/// Where what a part of the examples makes belongs in a result.
struct PartPlace: Sendable {
  let window: AxisWindow
  /// The dimension of the buffer, in which axes that the value varies over come first.
  let dimension: Int
  /// How many examples each element along the window's dimension is made of.
  let unit: Int

  /// The elements along that dimension that a part makes.
  func rows(of part: Range<Int>) -> Range<Int> {
    part.lowerBound / unit..<part.upperBound.dividedUp(by: unit)
  }
}

/// The symbols that say which part of the examples a program computes.
struct PartWindows: Sendable {
  private let count: Symbol
  private let start: Symbol
  /// The parameters that are windows, by their positions.
  let parameters: [Int: ResultWindow]
  /// The results that are windows, by their positions; of several that are one value, the first.
  let results: [Int: PartPlace]

  /// - Parameter compiled: The program as it was compiled, in which results may have become one value.
  init(_ windowed: WindowedProgram, as compiled: Program) {
    count = windowed.count
    start = windowed.start
    parameters = windowed.parameters
    let program = windowed.program
    var results: [Int: PartPlace] = [:]
    for (position, window) in program.resultWindows.enumerated() {
      let values = compiled.body.results
      guard let window, values.firstIndex(of: values[position]) == position else { continue }
      let type = program.types[program.body.results[position]]
      var unit = 1
      if case .blocks(_, let size) = type.shape[window.dimension] { unit = size }
      results[position] = PartPlace(
        window: window.window, dimension: type.axes.ids.count + window.dimension, unit: unit)
    }
    self.results = results
  }

  /// Parts begin at multiples of so many examples.
  var unit: Int { results.values.map(\.unit).max() ?? 1 }

  /// The sizes for a part of the examples, where all arguments and results are those of all examples.
  func sizes(_ sizes: [Symbol: Int], _ part: Range<Int>, of whole: Int) -> [Symbol: Int] {
    var sizes = sizes
    sizes[count] = part.count
    sizes[start] = part.lowerBound
    let all =
      parameters.values.map { ($0.window, 1) } + results.values.map { ($0.window, $0.unit) }
    for (window, unit) in all {
      window.place(
        part.lowerBound / unit, of: whole.dividedUp(by: unit), in: &sizes)
    }
    return sizes
  }
}

extension AxisWindow {
  /// Says where the window begins, and how long the dimension is.
  func place(_ start: Int, of whole: Int, in sizes: inout [Symbol: Int]) {
    if case .symbol(let symbol) = self.whole { sizes[symbol] = whole }
    sizes[self.start] = start
  }
}
