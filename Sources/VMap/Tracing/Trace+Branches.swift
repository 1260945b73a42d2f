import Synchronization

/// A choice between functions as it is traced.
struct BranchDescription {
  /// What errors call the choice.
  let name: String
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
  /// that do not. What every branch forwards is given as it is, and varies no more than it did.
  func choose(_ choice: BranchDescription) throws(VMapError) -> [TensorHandle] {
    let (types, forwarded) = try branchResults(choice)
    var results: [TensorHandle] = []
    for (type, value) in zip(types, forwarded) where value == nil {
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
        })
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

  /// The types that all branches give, and the values that all of them forward; what is traced to find
  /// them is used by nobody.
  private func branchResults(
    _ choice: BranchDescription
  ) throws(VMapError) -> (types: [TensorType], forwarded: [ValueID?]) {
    var expected: [TensorType]?
    var forwarded: [ValueID?] = []
    for (number, branch) in choice.branches.enumerated() {
      let region = try region([]) { _ in try branch() }
      var types: [TensorType] = []
      for value in region.results {
        pinExtents(of: value)
        types.append(try type(of: value).tensorType(for: choice.name))
      }
      guard let first = expected else {
        expected = types
        let isOutside = state.withLock { state in
          region.results.map { state.open.contains(state.owner[$0]) }
        }
        forwarded = zip(region.results, isOutside).map { $1 ? $0 : nil }
        continue
      }
      guard types == first else {
        throw VMapError(
          .branchMismatch,
          "\(choice.name): branch 0 gives (\(first.map(\.description).joined(separator: ", "))), "
            + "branch \(number) gives (\(types.map(\.description).joined(separator: ", ")))")
      }
      forwarded = zip(forwarded, region.results).map { $0 == $1 ? $0 : nil }
    }
    return (expected ?? [], forwarded)
  }
}
