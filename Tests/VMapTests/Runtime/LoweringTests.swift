import Testing

@testable import VMap

/// What well-known functions are lowered to.
@Suite struct LoweringTests {
  static let neuron: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, v in
    tanh(matmul(w, v) + 1).sum()
  }

  @Test func neuronModelIsWhatOneWouldWriteByHand() throws {
    let w = Tensor<Float>.ones([3, 5])
    let vs = Tensor<Float>.ones([4, 5])
    let lowered = try vmap(LoweringTests.neuron, inAxes: [nil, 0]).lowered(w, vs)
    let names = ["dot_general", "add", "tanh", "reduce_sum"]
    let printed = lowered.batched.split(separator: "\n").compactMap { line in
      line.split(separator: "=", maxSplits: 1).dropFirst().first?
        .drop { $0 == " " }.prefix { $0.isLetter || $0 == "_" }
    }.map(String.init).filter { !$0.isEmpty }
    #expect(printed == names, "\(lowered.batched)")
    #expect(lowered.kernelCount <= 2)
    let parsed = try Program(parsing: lowered.batched)
    #expect(parsed.text == lowered.batched)
  }

  @Test func twoVmapsOfDotAreOneContraction() throws {
    let dots: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { dot($0, $1) }
    let mm = vmap(vmap(dots, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
    let a = Tensor<Float>.arange(0, 24).reshaped(to: [6, 4])
    let b = Tensor<Float>.arange(0, 20).reshaped(to: [4, 5])
    let lowered = try mm.lowered(a, b)
    #expect(lowered.kernelCount == 1, "\(lowered.plan)")
    #expect(lowered.program.components(separatedBy: "dot_general").count == 2)
    #expect(try mm(a, b).shape == [6, 5])
    #expect(try mm(a, b).scalars() == matmul(a, b).scalars())
  }

  @Test func whatDoesNotVaryIsComputedOnce() throws {
    let f: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, x in
      x * exp(w).sum()
    }
    let program = try vmap(f, inAxes: [nil, 0]).entry(
      Tensor<Float>.ones([100_000]), Tensor<Float>.ones([8])
    ).executable.program
    // The sum over the shared vector varies over nothing.
    var sums = 0
    program.body.forEachInstruction { instruction in
      if instruction.operation.name == "reduce_sum" {
        sums += 1
        #expect(program.types[instruction.results[0]].axes.isEmpty)
      }
    }
    #expect(sums == 1)
  }

  /// The counter of a loop is one number for all examples, and so is what they all choose by.
  @Test func countersAndSharedPredicatesDoNotVary() throws {
    let loop = vmap { (x: Tensor<Int32>) in fori(0, 10, x) { _, x in x + 1 } }
    let counted = try loop.entry(Tensor<Int32>([0, 1])).executable.program
    var counters = 0
    counted.body.forEachInstruction { instruction in
      guard instruction.operation.name == "while" else { return }
      let state = instruction.regions[1].parameters.map { counted.types[$0] }
      counters += state.count { $0.axes.isEmpty && $0.element == .int32 && $0.shape.isEmpty }
      #expect(counted.types[instruction.regions[0].results[0]].axes.isEmpty)
    }
    #expect(counters == 1, "\(counted.text)")
    let choice = vmap(
      { (p: Tensor<Bool>, x: Tensor<Float>) in cond(p, then: { exp(x) }, else: { -x }) },
      inAxes: [nil, 0])
    let chosen = try choice.entry(Tensor(true), Tensor<Float>([1, 2])).executable.program
    chosen.body.forEachInstruction { instruction in
      #expect(instruction.operation.name != "select", "\(chosen.text)")
    }
  }

  @Test func anExpensiveSharedValueIsAKernelOfItsOwn() throws {
    let f = vmap({ (w: Tensor<Float>, x: Tensor<Float>) in x * exp(w) }, inAxes: [nil, 0])
    let w = Tensor<Float>([0, 1, 2])
    let lowered = try f.lowered(w, Tensor<Float>.ones([5, 3]))
    #expect(lowered.kernelCount == 2, "\(lowered.plan)")
    #expect(try f(w, Tensor<Float>.ones([5, 3])).shape == [5, 3])
  }

  @Test func loopCounterStaysScalar() throws {
    let f: @Sendable (Tensor<Float>) -> Tensor<Float> = { x in
      fori(0, 10, x) { (_: Tensor<Int32>, x: Tensor<Float>) -> Tensor<Float> in x + 1 }
    }
    let program = try vmap(f).entry(Tensor<Float>.ones([4])).executable.program
    var found = false
    program.body.forEachInstruction { instruction in
      guard instruction.operation.isLoop else { return }
      found = true
      let counter = instruction.regions[0].parameters.first {
        program.types[$0].element == .int32
      }
      #expect(counter.map { program.types[$0].axes.isEmpty } == true)
    }
    #expect(found)
    #expect(try vmap(f)(Tensor<Float>([0, 1])).scalars() == [10, 11])
  }
}

extension String {
  /// The pieces between occurrences of a word.
  fileprivate func components(separatedBy word: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: word) {
      pieces.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return pieces + [rest]
  }
}
