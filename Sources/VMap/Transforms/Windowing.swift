/// A program that computes a part of its examples: its arguments and results are those of all, and a
/// number says where the part begins.
struct WindowedProgram {
  let program: Program
  /// How many examples a run computes.
  let count: Symbol
  /// Where they begin among all examples.
  let start: Symbol
  /// The parameters that are windows, by their positions; the others are the same for all parts.
  let parameters: [Int: ResultWindow]

  /// The program along one of its axes.
  ///
  /// - Throws: ``VMapError`` where something in the program needs all examples at once.
  init(_ whole: Program, along axis: Int) throws(VMapError) {
    var program = whole
    var symbols = SymbolSource(program)
    count = symbols.next()
    start = symbols.next()
    var windows = [AxisWindow(whole: program.axes[axis].extent, start: start)]
    var parameters: [Int: ResultWindow] = [:]
    let uses = program.body.uses()
    for (position, parameter) in program.body.parameters.enumerated() {
      // What is used in other ways, too, is all examples there.
      guard let uses = uses[parameter], uses.count == 1,
        let bind = uses[0].operation as? BindAxis, bind.axis == axis
      else { continue }
      let window = AxisWindow(whole: .symbol(symbols.next()), start: symbols.next())
      program.types[parameter].shape[bind.dimension] = window.whole
      windows.append(window)
      parameters[position] = ResultWindow(dimension: bind.dimension, window: window)
    }
    self.parameters = parameters
    let old = program.axes[axis]
    program.axes[axis] = MapAxis(
      id: axis, name: old.name, extent: .symbol(count), windows: windows)
    try program.inferTypes(program.body)
    let part = Extent.symbol(count)
    program.resultWindows = program.body.results.map { result in
      let dimension = program.types[result].shape.firstIndex {
        $0 == part || $0 == .blocks(part, size: ReductionTree.blockLength)
      }
      return dimension.map {
        let window = AxisWindow(whole: .symbol(symbols.next()), start: symbols.next())
        return ResultWindow(dimension: $0, window: window)
      }
    }
    self.program = program
  }
}

/// Symbols that a program does not have.
private struct SymbolSource {
  private var last: Int

  init(_ program: Program) {
    let extents = program.types.flatMap(\.shape) + program.axes.map(\.extent)
    last = extents.flatMap(\.symbols).map(\.id).max() ?? -1
  }

  mutating func next() -> Symbol {
    last += 1
    return Symbol(id: last)
  }
}

extension Region {
  /// The instructions that use each value, over all regions; a result of this one is used by none.
  fileprivate func uses() -> [ValueID: [Instruction]] {
    var uses: [ValueID: [Instruction]] = [:]
    forEachInstruction { instruction in
      for operand in instruction.operands { uses[operand, default: []].append(instruction) }
    }
    return uses
  }
}
