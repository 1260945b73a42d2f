import Synchronization

/// A choice between functions as it is traced.
struct BranchDescription {
  /// What errors call the choice.
  let name: String
  /// What errors call the branches.
  let branchNames: [String]
  /// For each branch a scalar `bool`, whether it is taken, which holds of exactly one.
  let choices: [TensorHandle]
  /// Tensors of the same types from each branch.
  let branches: [() throws -> [TensorHandle]]
}

extension Trace {
  /// Writes down a choice and gives what the branch that is taken gives.
  ///
  /// Each branch becomes a loop that runs once or not at all, on the results: as loops do, it stops
  /// for each example by itself, runs only where some example takes it, and is not observed by those
  /// that do not. What every branch forwards is given as it is, and varies no more than it did. Where
  /// all branches replace windows of one tensor, the results begin as that tensor: an example that takes
  /// a branch finds it as it was, but others may have changed theirs, so not where a branch reads those.
  func choose(_ choice: BranchDescription) throws(VMapError) -> [TensorHandle] {
    let (types, origins, readsOthers) = try branchResults(choice)
    let forwarded = origins.map { $0.isForwarded ? $0.value : nil }
    let beginnings =
      readsOthers ? origins.map { _ in nil } : try beginnings(origins, choice.choices)
    var results: [TensorHandle] = []
    var slots: [Int: ValueID] = [:]
    for (number, type) in types.enumerated() where forwarded[number] == nil {
      if let value = beginnings[number] {
        slots[results.count + 1] = value
        results.append(state.withLock { $0.handle(value, self) })
        continue
      }
      let zero = emit(Literal(value: .zero(type.element)), [])
      results += emit(Broadcast(shape: type.shape, dimensions: []), zero)
    }
    let paths = ["the choice"] + results.indices.map { "result \($0)" }
    for (isTaken, branch) in zip(choice.choices, choice.branches) {
      let loop = LoopDescription(
        name: choice.name, paths: paths, condition: { $0[0] },
        body: { _ in
          let chosen = zip(try branch(), forwarded).compactMap { $1 == nil ? $0 : nil }
          return self.emit(Literal(value: .zero(.bool)), []) + chosen
        }, beginnings: slots, form: .once)
      results = Array(try self.loop(loop, from: [isTaken] + results).dropFirst())
    }
    var chosen = results.makeIterator()
    return state.withLock { state in
      forwarded.compactMap { value in value.map { state.handle($0, self) } ?? chosen.next() }
    }
  }

  /// Runs a function whose operations nobody will need.
  func unused<R>(_ body: () -> R) -> R {
    var result: R?
    _ = try? region([]) { _ in
      result = beingCurrent(body)
      return []
    }
    return result ?? body()
  }

  /// What all branches make a result of.
  private struct Origin {
    /// The value of which windows are replaced; nil if there is none, or not one for all branches.
    var value: ValueID?
    /// Whether every branch gives the value as it is.
    var isForwarded: Bool
  }

  /// The tensors that results can begin as: those that vary over all that the choice does.
  private func beginnings(
    _ origins: [Origin], _ choices: [TensorHandle]
  ) throws(VMapError) -> [ValueID?] {
    var axes = AxisSet.none
    for choice in choices { axes = axes.union(type(of: try value(for: choice)).axes) }
    return origins.map { origin in
      origin.value.flatMap { value in
        let own = type(of: value).axes
        return own.union(axes) == own ? value : nil
      }
    }
  }

  /// The types that all branches give, what they make them of, and whether a branch reads other
  /// examples; what is traced to find them is used by nobody.
  private func branchResults(
    _ choice: BranchDescription
  ) throws(VMapError) -> (types: [TensorType], origins: [Origin], readsOthers: Bool) {
    var expected: [TensorType]?
    var origins: [Origin] = []
    var readsOthers = false
    for (number, branch) in choice.branches.enumerated() {
      let region = try region([]) { _ in try branch() }
      region.forEachInstruction { readsOthers = readsOthers || $0.operation.crossesAxes }
      var types: [TensorType] = []
      for value in region.results {
        pinExtents(of: value)
        types.append(try type(of: value).tensorType(for: choice.name))
      }
      let own = state.withLock { state in
        region.results.indices.map { number in
          let value = region.origin(ofResult: number, state.program)
            .flatMap { state.open.contains(state.owner[$0]) ? $0 : nil }
          return Origin(value: value, isForwarded: value == region.results[number])
        }
      }
      guard let first = expected else {
        expected = types
        origins = own
        continue
      }
      guard types == first else {
        throw VMapError(
          .branchMismatch,
          "\(choice.name): \(choice.branchNames[0]) gives \(first.listText), "
            + "\(choice.branchNames[number]) gives \(types.listText)")
      }
      origins = zip(origins, own).map { known, own in
        Origin(
          value: known.value == own.value ? own.value : nil,
          isForwarded: known.isForwarded && own.isForwarded && known.value == own.value)
      }
    }
    return (expected ?? [], origins, readsOthers)
  }
}

extension [TensorType] {
  /// The types in parentheses, as errors list them.
  fileprivate var listText: String { "(\(map(\.description).joined(separator: ", ")))" }
}
