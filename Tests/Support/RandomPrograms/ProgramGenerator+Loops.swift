@testable import VMap

extension ProgramGenerator {
  /// Brings a value to the type and the range that a loop's state has.
  private func asState(_ value: RandomValue, _ state: RandomValue) -> RandomValue {
    var next = value
    if next.type != state.type {
      next = self.value(state.element, state.shape)
    }
    guard next.element.isInexact, next.magnitude > state.magnitude else { return next }
    if next.element.isFloating, choices.chance(50) {
      let (low, high) = (
        constant(-state.magnitude, next.element), constant(state.magnitude, next.element)
      )
      return apply("clamp", low, next, high, magnitude: state.magnitude, digits: .some(next.digits))
    }
    return shrunk(next, to: state.magnitude)
  }

  /// Tensors to begin a loop with.
  private func initialState() -> [RandomValue] {
    var state: [RandomValue] = []
    for _ in 0..<choices.weighted([(5, 1), (4, 2), (1, 3)]) {
      if let value = pick(where: { $0.count <= 128 }) { state.append(value) }
    }
    if state.isEmpty { state = [value(choices.type(), [choices.size()])] }
    // A tensor that begins at some magnitude grows only so far.
    return state.map { value in
      RandomValue(value.handle, magnitude: max(4, value.magnitude), digits: value.digits)
    }
  }

  /// What a body makes of the state, with values of the outside.
  private func body(_ state: [RandomValue], _ counter: RandomValue?, operations: Int) throws
    -> [RandomValue]
  {
    // Digits grow from iteration to iteration.
    let own = state.map {
      RandomValue($0.handle, magnitude: $0.magnitude, digits: $0.element.isInexact ? nil : 0)
    }
    return try inside(pool + (counter.map { [$0] } ?? []) + own) {
      budget = operations
      try grow()
      return state.indices.map { slot in
        if choices.chance(10) { return own[choices.below(own.count)] }
        return pick(where: { $0.type == state[slot].type }) ?? own[slot]
      }.enumerated().map { asState($1, own[$0]) }
    }
  }

  /// A loop that counts to a number, which may differ from example to example.
  func countedLoop() throws -> [RandomValue]? {
    guard depth < 3 else { return nil }
    let type = choices.chance(80) ? ElementType.int32 : choices.integerType()
    var limit = constant(Double(choices.number(in: 0...5)), type)
    if choices.chance(40), let found = pick(where: { $0.element == type && $0.shape.isEmpty }) {
      limit = apply("min", found, constant(4, type))
    }
    return try loop(from: constant(0, type), to: limit) { _, _ in nil }
  }

  /// A loop whose condition also depends on the state.
  func conditionedLoop() throws -> [RandomValue]? {
    guard depth < 3 else { return nil }
    return try loop(
      from: constant(0, .int32), to: constant(Double(choices.number(in: 1...6)), .int32)
    ) {
      state, _ in
      // Integers, so that nothing is decided by rounding.
      guard let tested = state.first(where: { !$0.element.isInexact && !$0.shape.contains(0) })
      else {
        return nil
      }
      var scalar: RandomValue? = tested
      if !tested.shape.isEmpty {
        let dimensions = Array(tested.shape.indices)
        scalar = self.reduced(tested, .maximum, dimensions)
      }
      guard let scalar else { return nil }
      let limit = self.constant(tested.element == .bool ? 1 : 7, tested.element)
      return self.apply(tested.element == .bool ? "ne" : "lt", scalar, limit)
    }
  }

  private func loop(
    from start: RandomValue, to limit: RandomValue,
    _ test: @escaping ([RandomValue], RandomValue) -> RandomValue?
  ) throws -> [RandomValue]? {
    let state = initialState()
    let one = constant(1, start.element)
    let operations = choices.number(in: 1...3)
    func values(_ handles: [TensorHandle]) -> [RandomValue] {
      zip(handles, state).map { RandomValue($0, magnitude: $1.magnitude, digits: $1.digits) }
    }
    let description = LoopDescription(
      name: "while", paths: (0...state.count).map { "tensor \($0)" },
      condition: { handles in
        self.inside([]) {
          let counter = RandomValue(handles[0], magnitude: limit.magnitude, digits: 0)
          let goesOn = self.apply("lt", counter, limit)
          guard let other = test(values(Array(handles.dropFirst())), counter) else {
            return goesOn.handle
          }
          return self.apply("and", goesOn, other).handle
        }
      },
      body: { handles in
        let counter = RandomValue(handles[0], magnitude: limit.magnitude, digits: 0)
        let next = try self.body(
          values(Array(handles.dropFirst())), counter, operations: operations)
        return [self.apply("add", counter, one).handle] + next.map(\.handle)
      })
    let results = try trace.loop(description, from: [start.handle] + state.map(\.handle))
    return zip(results.dropFirst(), state).map {
      RandomValue($0, magnitude: $1.magnitude, digits: $0.element.isInexact ? nil : 0)
    }
  }

  /// A loop along a tensor: it reads a row, changes a state, and writes a row.
  func scan() throws -> [RandomValue]? {
    guard depth < 2,
      let xs = pick(where: { !$0.shape.isEmpty && (1...8).contains($0.shape[0]) && $0.count <= 128 }
      )
    else { return nil }
    let row = Array(xs.shape.dropFirst())
    let carry = value(xs.element, row)
    let zeros = filled(xs.element, xs.shape)
    let magnitude = max(4, xs.magnitude, carry.magnitude)
    func bounded(_ handle: TensorHandle) -> RandomValue {
      RandomValue(handle, magnitude: magnitude, digits: handle.element.isInexact ? nil : 0)
    }
    let (zero, one) = (constant(0, .int32), constant(1, .int32))
    let limit = constant(Double(xs.shape[0]), .int32)
    let isReversed = choices.chance(25)
    let description = LoopDescription(
      name: "scan", paths: ["counter", "carry", "rows"],
      condition: { self.apply("lt", RandomValue($0[0], magnitude: 8, digits: 0), limit).handle },
      body: { handles in
        let counter = RandomValue(handles[0], magnitude: 8, digits: 0)
        let place =
          isReversed ? self.apply("sub", self.apply("sub", limit, one), counter) : counter
        let starts = [place] + row.map { _ in zero }
        guard let window = self.emit(DynamicSlice(sizes: [1] + row), [xs] + starts),
          let x = self.emit(Reshape(shape: row), [window])
        else { return handles }
        let next = try self.body([bounded(handles[1]), x], counter, operations: 2)
        guard let slice = self.emit(Reshape(shape: [1] + row), [next[1]]),
          let rows = self.emit(
            DynamicUpdateSlice(), [bounded(handles[2]), slice] + starts, magnitude: magnitude,
            digits: .some(nil))
        else { return handles }
        return [self.apply("add", counter, one).handle, next[0].handle, rows.handle]
      })
    let results = try trace.loop(description, from: [zero.handle, carry.handle, zeros.handle])
    return results.dropFirst().map(bounded)
  }

  /// One of two functions, by a truth value, or of three, by a number.
  func branch() throws -> [RandomValue]? {
    guard depth < 3 else { return nil }
    let state = initialState()
    let operations = choices.number(in: 1...2)
    let isTrivial = choices.chance(30)
    let tests: [RandomValue]
    if choices.chance(80) {
      let predicate = value(.bool, [])
      tests = [predicate, apply("not", predicate)]
    } else {
      let number = index(below: 3, .int32)
      let (zero, two) = (constant(0, .int32), constant(2, .int32))
      tests = [
        apply("le", number, zero), apply("eq", number, constant(1, .int32)),
        apply("ge", number, two),
      ]
    }
    let seeds = tests.map { _ in choices.next() }
    let description = BranchDescription(
      name: "cond", branchNames: ["then", "else", "last"], choices: tests.map(\.handle),
      branches: tests.indices.map { number in
        {
          if number == 1, isTrivial { return state.map(\.handle) }
          // Branches are traced twice, which must write the same.
          let outer = self.choices
          defer { self.choices = outer }
          self.choices = Choices(seed: seeds[number])
          return try self.body(state, nil, operations: operations).map(\.handle)
        }
      })
    let results = try trace.choose(description)
    return zip(results, state).map {
      RandomValue($0, magnitude: $1.magnitude, digits: $0.element.isInexact ? nil : 0)
    }
  }
}
