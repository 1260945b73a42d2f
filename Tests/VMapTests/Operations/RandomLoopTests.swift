import Testing

@testable import VMap
@testable import VMapTestSupport

/// Programs of loops and branches inside each other, made at random: what they replace and read of one
/// another's state must come out as the interpreter has it, whatever is done in place.
@Suite struct RandomLoopTests {
  @Test(arguments: 0..<(BatchCheck.isExhaustive ? 100 : 12))
  func loops(seed: Int) throws {
    var check = BatchCheck(
      "loops \(seed)",
      [
        .moderate(.float32, [2, 5], seed: seed),
        StateUpdateTests.indices([4], in: 0...4, seed: seed),
      ]
    ) { _, handles in
      let x = Tensor<Float>(handle: handles[0])
      let numbers = Tensor<Int32>(handle: handles[1])
      let program = LoopProgram(numbers: numbers)
      let state = [x[0], x[1], x[0, 1], x[1, 2]]
      return program.body(UInt64(seed), depth: 2, counter: numbers[3], state).map(\.handle)
    }
    check.widths = seed % 5 == 0 ? .every : .own
    check.sizes = [1, 17]
    expectNone(try check.mismatches())
  }
}

/// Bodies of loops on two vectors of five elements and two numbers.
private struct LoopProgram: Sendable {
  /// Numbers from 0 to 4, which may differ from example to example.
  let numbers: Tensor<Int32>

  /// What a seed makes of the state; the same each time it is traced.
  func body(
    _ seed: UInt64, depth: Int, counter: Tensor<Int32>, _ state: [Tensor<Float>]
  ) -> [Tensor<Float>] {
    var choices = Choices(seed: seed)
    var state = state
    for _ in 0...choices.below(3) {
      let vector = choices.below(2)
      switch choices.below(depth > 0 ? 9 : 5) {
      case 0, 1:
        let place = state[vector].at(index(&choices, counter))
        let value = value(&choices, counter, state)
        state[vector] = choices.below(2) == 0 ? place.set(value) : place.add(value)
      case 2: state[2 + vector] = value(&choices, counter, state)
      case 3: state[vector] = (state[0] + state[1]) * 0.5
      case 4: state.swapAt(0, 1)
      case 5, 6:
        let (inner, limit) = (choices.next(), choices.below(4))
        let end = choices.below(2) == 0 ? Tensor(Int32(limit)) : numbers[limit]
        state = fori(Tensor<Int32>(0), end, state) { i, state in
          body(inner, depth: depth - 1, counter: i, state)
        }
      default:
        let (then, otherwise) = (choices.next(), choices.below(3) == 0 ? choices.next() : nil)
        let test = value(&choices, counter, state) .> value(&choices, counter, state)
        let before = state
        state = cond(test) {
          body(then, depth: depth - 1, counter: counter, before)
        } else: {
          otherwise.map { body($0, depth: depth - 1, counter: counter, before) } ?? before
        }
      }
    }
    return state
  }

  private func index(_ choices: inout Choices, _ counter: Tensor<Int32>) -> Tensor<Int32> {
    let number = choices.below(4)
    switch choices.below(4) {
    case 0: return counter
    case 1: return numbers[number]
    case 2: return 4 - counter
    default: return (counter + numbers[number]) % 5
    }
  }

  private func value(
    _ choices: inout Choices, _ counter: Tensor<Int32>, _ state: [Tensor<Float>]
  ) -> Tensor<Float> {
    let first = element(&choices, counter, state)
    let second = element(&choices, counter, state)
    switch choices.below(4) {
    case 0: return first
    case 1: return minimum(first, second)
    case 2: return (first - second) * 0.5
    default: return (first + second) * 0.5
    }
  }

  private func element(
    _ choices: inout Choices, _ counter: Tensor<Int32>, _ state: [Tensor<Float>]
  ) -> Tensor<Float> {
    let slot = choices.below(4)
    return slot < 2 ? state[slot][index(&choices, counter)] : state[slot]
  }
}

/// Choices that a seed makes.
private struct Choices {
  var seed: UInt64

  mutating func next() -> UInt64 {
    seed &+= 0x9E37_79B9_7F4A_7C15
    return Samples.hash(Int(truncatingIfNeeded: seed))
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
