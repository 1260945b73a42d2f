import Synchronization

@testable import VMap

extension RandomCase {
  /// The program with its derivatives: its results, their changes along changes of the parameters, how
  /// much each parameter counts, the two sums of products that are equal because one derivative is the
  /// transpose of the other, and the sums of the magnitudes of these products.
  func differentiated() throws -> RandomCase {
    let sizes = symbols(0)
    let trace = Trace()
    defer { trace.abandon() }
    // Values keep their names, so that the body can be written again.
    trace.state.withLock { state in
      state.builder.program.types = program.types.map { type in
        var type = type
        type.shape = type.shape.map { $0.replacing(sizes) }
        return type
      }
      state.claimValues()
    }
    func makeInput(_ type: ValueType) -> Term { Term(trace.makeInput(type.element, type.shape)) }
    let types = trace.state.withLock { state in
      program.body.parameters.map { state.builder.type(of: $0) }
    }
    let arguments = types.map(makeInput)
    let changing = types.indices.filter { types[$0].element.isInexact }
    let changes = changing.map { makeInput(types[$0]) }
    var values: [ValueID] = []
    for argument in arguments { values.append(try trace.value(for: argument.handle)) }

    let (region, axes) = try trace.regionWithAxes(types) { parameters in
      for axis in program.axes {
        _ = trace.makeAxis(name: axis.name, extent: axis.extent.replacing(sizes))
      }
      return try trace.inlined(program.body, parameters.map(Term.init), Substitution())
        .map(\.handle)
    }
    var all = [Term?](repeating: nil, count: arguments.count)
    for (position, change) in zip(changing, changes) { all[position] = change }
    let results: [Term] = try trace.reopeningAxes { () throws(VMapError) in
      var forward = ForwardPass(trace, innerAxes: Set(axes))
      let (primals, tangents) = try forward.run(region, values, all)
      let counted = tangents.indices.filter { tangents[$0] != nil }
      let weights = counted.map { makeInput(trace.type(of: primals[$0])) }
      var reverse = ReversePass(trace, innerAxes: Set(axes))
      _ = try reverse.forward(region, values, changing: types.indices.map(changing.contains))
      var cotangents = [Term?](repeating: nil, count: primals.count)
      for (result, weight) in zip(counted, weights) { cotangents[result] = weight }
      try reverse.backward(region.results, cotangents)
      let backward = changing.map { reverse.cotangents[region.parameters[$0]] }
      let first = counted.map { Optional(tangents[$0] ?? trace.term(primals[$0]).zeros) }
      let sums = [false, true].flatMap { isMagnitude in
        [sum(weights, first, isMagnitude), sum(changes, backward, isMagnitude)]
      }
      return primals.map(trace.term) + first.compactMap(\.self) + backward.compactMap(\.self) + sums
    }
    let derivative = try trace.finish(results: results.map(\.handle))
    guard trace.capturedHandles.isEmpty else {
      throw InterpreterError("the derivative was computed in part while it was written")
    }
    var inputs = inputs
    // Small numbers for changes and weights.
    while inputs.count < derivative.body.parameters.count {
      inputs.append(Input(seed: UInt64(8 * inputs.count)))
    }
    return RandomCase(program: derivative, inputs: inputs, sizes: [[]])
  }

  /// The sum of the products of elements in double precision, of complex ones that of real parts; or of
  /// their magnitudes.
  private func sum(_ a: [Term], _ b: [Term?], _ isMagnitude: Bool) -> Term {
    var sum = Term(Double(0).constant)
    for (a, b) in zip(a, b) {
      guard let b else { continue }
      let element: ElementType = a.element.isComplex ? .complex128 : .float64
      let products = a.converted(to: element) * b.converted(to: element)
      sum = sum + (isMagnitude ? products.magnitude : products.real).sum
    }
    return sum
  }
}
