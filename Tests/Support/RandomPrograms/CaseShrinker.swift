@testable import VMap

/// Makes a failing case smaller for as long as it fails in the same way.
struct CaseShrinker {
  /// Whether a case fails as the first one did.
  let fails: (RandomCase) -> Bool
  /// The most cases that are tried, and whether there is no time left for more.
  var limit = 400
  var isOver: () -> Bool = { false }
  private(set) var tried = 0
  private var seen: Set<String> = []

  init(limit: Int = 400, fails: @escaping (RandomCase) -> Bool) {
    self.fails = fails
    self.limit = limit
  }

  mutating func shrink(_ failing: RandomCase) -> RandomCase {
    var best = failing
    if let first = firstFailingValue(best) { best = first }
    var isSmaller = true
    while isSmaller, tried < limit, !isOver() {
      isSmaller = false
      for pass in CaseShrinker.passes {
        // The candidates of a pass are those of the case that it began with.
        var position = 0
        while tried < limit, !isOver() {
          let candidates = pass(best)
          guard position < candidates.count else { break }
          if let smaller = accepted(candidates[position], than: best) {
            best = smaller
            isSmaller = true
          } else {
            position += 1
          }
        }
      }
    }
    return best
  }

  /// The smaller case that a change makes, if it fails.
  private mutating func accepted(
    _ change: () throws -> RandomCase, than best: RandomCase
  ) -> RandomCase? {
    guard let changed = try? change(), let candidate = try? changed.cleaned(),
      candidate.cost < best.cost, seen.insert(candidate.text).inserted
    else { return nil }
    tried += 1
    return fails(candidate) ? candidate : nil
  }

  /// The program up to the first value that is wrong by itself.
  private mutating func firstFailingValue(_ failing: RandomCase) -> RandomCase? {
    for instruction in failing.program.body.instructions {
      if instruction.operation is BindAxis || instruction.operation is Literal { continue }
      for result in instruction.results {
        let change = { failing.resulting(in: [result]) }
        if let found = accepted(change, than: failing) { return found }
      }
    }
    return nil
  }

  typealias Change = () throws -> RandomCase

  private static var passes: [(RandomCase) -> [Change]] {
    [results, values, loops, axes, runs, elements, sizes, fewerElements]
  }

  /// One result alone, and all but one.
  private static func results(_ current: RandomCase) -> [Change] {
    let results = current.program.body.results
    guard results.count > 1 else { return [] }
    func with(_ kept: [ValueID]) -> Change {
      {
        var changed = current
        changed.program.body.results = kept
        return changed
      }
    }
    return results.map { with([$0]) }
      + results.indices.map { number in
        var kept = results
        kept.remove(at: number)
        return with(kept)
      }
  }

  /// Values replaced by an operand of the same type, or by a parameter.
  private static func values(_ current: RandomCase) -> [Change] {
    let program = current.program
    var changes: [Change] = []
    func visit(_ region: Region) {
      for instruction in region.instructions.reversed() {
        let isView = instruction.operation is BindAxis || instruction.operation is Literal
        if isView || instruction.operation is UnbindAxis { continue }
        for result in instruction.results {
          let type = program.types[result]
          for operand in Set(instruction.operands).sorted() {
            let other = program.types[operand]
            guard other.element == type.element, other.shape == type.shape else { continue }
            changes.append {
              var changed = current
              changed.program.body = program.body.replacing(Substitution([(result, operand)]))
              return changed
            }
          }
          changes.append {
            var changed = current
            let input = changed.addInput(like: result, seed: UInt64(result % 7) * 8)
            changed.program.body = changed.program.body.replacing(Substitution([(result, input)]))
            return changed
          }
        }
        for region in instruction.regions { visit(region) }
      }
    }
    visit(program.body)
    return changes
  }

  /// Fewer and smaller runs.
  private static func runs(_ current: RandomCase) -> [Change] {
    func with(_ sizes: [[Int]]) -> Change {
      {
        var changed = current
        changed.sizes = sizes
        return changed
      }
    }
    var changes: [Change] = []
    for run in current.sizes { changes.append(with([run])) }
    for (number, run) in current.sizes.enumerated() {
      for (position, size) in run.enumerated() {
        for smaller in [0, 1, 2, 3, size / 2, size - 1] where smaller < size && smaller >= 0 {
          var sizes = current.sizes
          sizes[number][position] = smaller
          changes.append(with(sizes))
        }
      }
    }
    return changes
  }
}

extension RandomCase {
  /// The case whose only results are some values, their axes as dimensions.
  func resulting(in values: [ValueID]) -> RandomCase {
    var changed = self
    changed.program.body.results = values.map { value in
      var current = value
      for axis in changed.program.types[value].axes.ids.reversed() {
        var type = changed.program.types[current]
        type.shape.insert(changed.program.axes[axis].extent, at: 0)
        type.axes = type.axes.removing(axis)
        let result = changed.program.makeValue(type)
        changed.program.body.instructions.append(
          Instruction(
            operation: UnbindAxis(axis: axis, dimension: 0), operands: [current],
            results: [result]))
        current = result
      }
      return current
    }
    return changed
  }
}
