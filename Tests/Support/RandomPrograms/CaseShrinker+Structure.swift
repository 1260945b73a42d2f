@testable import VMap

extension CaseShrinker {
  /// Loops that run once, and loops with less of a state.
  static func loops(_ current: RandomCase) -> [Change] {
    var changes: [Change] = []
    current.program.body.forEachInstruction { instruction in
      guard instruction.operation.isLoop, let first = instruction.results.first else { return }
      changes.append {
        var changed = current
        let body = instruction.regions[1]
        let once = body.replacing(Substitution(zip(body.parameters, instruction.operands)))
        let results = Substitution(zip(instruction.results, once.results))
        changed.program = current.program.mapInstructions { other in
          other.results.first == first ? once.instructions : [other]
        }.replacing(results)
        return changed
      }
      for slot in instruction.operands.indices where instruction.operands.count > 1 {
        changes.append { current.withoutState(slot, of: instruction) }
      }
    }
    return changes
  }

  /// Programs that are not mapped over an axis.
  static func axes(_ current: RandomCase) -> [Change] {
    current.program.axes.indices.map { axis in { current.withoutAxis(axis) } }
  }

  /// Other types of elements.
  static func elements(_ current: RandomCase) -> [Change] {
    let text = current.text
    let pairs = [
      ("f64", "f32"), ("f16", "f32"), ("bf16", "f32"), ("c64", "f32"), ("c128", "c64"),
      ("i8", "i32"), ("u8", "i32"), ("i16", "i32"), ("u16", "i32"), ("u32", "i32"), ("i64", "i32"),
      ("u64", "i32"), ("i32", "f32"),
    ]
    return pairs.map { old, new in
      { try RandomCase(parsing: replacingWords(text, [old: new])) }
    }
  }

  /// Smaller numbers wherever one stands.
  static func sizes(_ current: RandomCase) -> [Change] {
    let text = current.program.text
    let numbers = Set(words(text).compactMap { Int($0) }.filter { $0 > 1 }).sorted().reversed()
    return numbers.flatMap { number in
      Set([2, 3, number / 2, number - 1, 1]).filter { $0 < number && $0 > 0 }.sorted().map {
        smaller in
        {
          var changed = current
          changed.program = try Program(
            parsing: replacingWords(text, ["\(number)": "\(smaller)"]))
          return changed
        }
      }
    }
  }

  /// Shapes with less along one dimension in the whole program, attributes left as they are.
  static func fewerElements(_ current: RandomCase) -> [Change] {
    let parameters = current.program.body.parameters
    return parameters.flatMap { parameter in
      let shape = current.program.types[parameter].shape
      return shape.indices.flatMap { dimension -> [Change] in
        guard let size = shape[dimension].constant, size > 1 else { return [] }
        return Set([1, 2, size / 2, size - 1]).filter { $0 < size }.sorted().map { smaller in
          {
            var changed = current
            changed.program.types[parameter].shape[dimension] = .constant(smaller)
            return changed
          }
        }
      }
    }
  }

  /// The words and numbers of a text, and what stands between them.
  private static func words(_ text: String) -> [Substring] {
    var words: [Substring] = []
    var start = text.startIndex
    var wasInside = false
    for index in text.indices {
      let isInside = text[index].isLetter || text[index].isNumber || text[index] == "."
      if isInside != wasInside, index > start {
        words.append(text[start..<index])
        start = index
      }
      wasInside = isInside
    }
    words.append(text[start...])
    return words
  }

  private static func replacingWords(_ text: String, _ replaced: [String: String]) -> String {
    words(text).map { replaced[String($0)] ?? String($0) }.joined()
  }
}

extension RandomCase {
  /// A loop without a tensor of its state, which stays as it was.
  fileprivate func withoutState(_ slot: Int, of loop: Instruction) -> RandomCase {
    var changed = self
    let first = loop.results[0]
    changed.program = changed.program.mapInstructions { instruction in
      guard instruction.results.first == first else { return [instruction] }
      var instruction = instruction
      let initial = instruction.operands.remove(at: slot)
      instruction.results.remove(at: slot)
      instruction.regions = instruction.regions.enumerated().map { number, region in
        var region = region
        let parameter = region.parameters.remove(at: slot)
        if number == 1 { region.results.remove(at: slot) }
        return region.replacing(Substitution([(parameter, initial)]))
      }
      return [instruction]
    }.replacing(Substitution([(loop.results[slot], loop.operands[slot])]))
    return changed
  }

  /// The case without a map axis: its parameters lose the dimension.
  fileprivate func withoutAxis(_ axis: Int) -> RandomCase {
    var changed = self
    var replaced: [ValueID: ValueID] = [:]
    func resolved(_ value: ValueID) -> ValueID { replaced[value].map(resolved) ?? value }
    program.body.forEachInstruction { instruction in
      switch instruction.operation {
      case let bind as BindAxis where bind.axis == axis:
        let source = resolved(instruction.operands[0])
        replaced[instruction.results[0]] = source
        changed.program.types[source].shape.remove(at: bind.dimension)
      case let unbind as UnbindAxis where unbind.axis == axis:
        replaced[instruction.results[0]] = instruction.operands[0]
      default: break
      }
    }
    let final = Substitution(replaced.map { ($0.key, resolved($0.value)) })
    changed.program = changed.program.mapInstructions { instruction in
      switch instruction.operation {
      case let bind as BindAxis where bind.axis == axis: []
      case let unbind as UnbindAxis where unbind.axis == axis: []
      default: [instruction]
      }
    }.replacing(final)
    return changed
  }
}
