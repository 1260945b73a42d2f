/// A call of a function of trees as one of their tensors, which the engine differentiates.
final class DifferentiatedCall<Output> {
  /// What errors call the transform.
  let name: String
  /// The tensors of the arguments.
  let leaves: [TreeLeaf]
  /// How many of them each argument has.
  let counts: [Int]
  /// How many of them are the first argument's.
  var firstCount: Int { counts.first ?? 0 }
  let structure: OutputStructure<Output>
  private let function: ([TensorHandle]) throws -> Output
  /// What the function gave when it was traced, for its structure.
  private var template: Output?

  init<each Input: TensorTree>(
    _ name: String, _ function: @escaping (repeat each Input) throws -> Output,
    _ structure: OutputStructure<Output>, _ inputs: repeat each Input
  ) throws(VMapError) {
    self.name = name
    self.structure = structure
    var counts: [Int] = []
    leaves = try argumentLeaves(of: repeat each inputs, counts: &counts)
    self.counts = counts
    let arguments = (repeat each inputs)
    self.function = { handles in
      let replaced = try loopState(repeat each arguments, replacedBy: handles)
      return try function(repeat each replaced)
    }
  }

  var handles: [TensorHandle] { leaves.map(\.handle) }
  /// What errors call the tensors.
  var paths: [String] { leaves.map(\.path.description) }

  /// Calls the function on other tensors, and gives those of its result.
  func results(_ handles: [TensorHandle]) throws -> [TensorHandle] {
    let output = try function(handles)
    template = output
    return try structure.collect(output, []).map(\.handle)
  }

  /// The types of the results, of a call that nobody needs the results of.
  func resultTypes(in trace: Trace) throws(VMapError) -> [TensorType] {
    var types: [ValueType] = []
    for handle in handles { types.append(trace.type(of: try trace.value(for: handle))) }
    let region = try trace.region(types, results)
    return region.results.map { trace.term($0).handle.type }
  }

  /// The trace that the call is part of.
  var enclosingTrace: Trace? { Trace.current ?? handles.lazy.compactMap(\.trace).first }

  /// What the function gives, without its derivatives.
  func value() throws(VMapError) -> Output {
    let handles = handles
    let results = try tryTraced(reading: handles) { trace throws(VMapError) in
      do { return try self.results(handles) } catch { throw VMapError(caught: error) }
    }
    return try output(results)
  }

  /// The result with other tensors in the places of its own.
  func output(_ handles: [TensorHandle]) throws(VMapError) -> Output {
    guard let template else {
      throw VMapError(.internalInconsistency, "\(name): the function was not traced")
    }
    return try structure.replace(template, handles)
  }

  /// What the function gives, and how much the first of its tensors changes with each tensor of some
  /// arguments.
  ///
  /// - Parameter count: How many of the tensors are meant.
  func valueAndGradients(
    ofFirst count: Int
  ) throws(VMapError) -> (value: Output, gradients: [TensorHandle]) {
    let handles = handles
    let all = try tryTraced(reading: handles) { trace throws(VMapError) in
      let (results, pullBack) = try trace.pullBack(
        handles, wanted: handles.indices.map { $0 < count }, paths: self.paths, self.results)
      var changes = [TensorHandle?](repeating: nil, count: results.count)
      changes[0] = try self.unit(like: results[0])
      let cotangents = try pullBack(changes)
      return results + zip(cotangents, handles).prefix(count).map { $0 ?? Term($1).zeros.handle }
    }
    return (try output(Array(all.dropLast(count))), Array(all.suffix(count)))
  }

  /// How much a result counts that is differentiated.
  func unit(like loss: TensorHandle) throws(VMapError) -> TensorHandle {
    guard loss.shape.isEmpty else {
      throw VMapError(
        .shapeMismatch,
        "\(name): the function should give a scalar to be differentiated, it gives \(loss.type)")
    }
    return .constant(1, loss.element)
  }

  /// What the function gives, and how that changes with the arguments.
  func pushForward(
    _ changes: [TensorHandle]
  ) throws(VMapError) -> (value: Output, change: Output) {
    let handles = handles
    let all = try tryTraced(reading: handles + changes) { trace throws(VMapError) in
      let (results, tangents) = try trace.pushForward(
        handles, changes.map { $0.element.isInexact ? $0 : nil }, paths: self.paths, self.results)
      return results + zip(results, tangents).map { $1 ?? Term($0).zeros.handle }
    }
    return (
      try output(Array(all.prefix(all.count / 2))), try output(Array(all.suffix(all.count / 2)))
    )
  }
}

/// The tensors of the arguments of a function.
///
/// - Parameter counts: How many there are in each argument.
func argumentLeaves<each Input: TensorTree>(
  of inputs: repeat each Input, counts: inout [Int]
) throws(VMapError) -> [TreeLeaf] {
  var leaves: [TreeLeaf] = []
  var sizes: [Int] = []
  func add<Tree: TensorTree>(_ tree: Tree) throws(VMapError) {
    let own = try LeafCollector.leaves(
      of: tree, prefixes: [], root: "argument \(sizes.count)", parameter: "argument",
      errorKind: .invalidArgument)
    leaves += own
    sizes.append(own.count)
  }
  do { repeat try add(each inputs) } catch { throw VMapError(caught: error) }
  counts = sizes
  return leaves
}

/// The tensors of the arguments of a function.
func argumentLeaves<each Input: TensorTree>(
  of inputs: repeat each Input
) throws(VMapError) -> [TreeLeaf] {
  var counts: [Int] = []
  return try argumentLeaves(of: repeat each inputs, counts: &counts)
}

/// The first of several trees, with other tensors.
func firstTree<First: TensorTree, each Input: TensorTree>(
  _: First.Type, of inputs: repeat each Input, replacedBy handles: [TensorHandle]
) throws -> First {
  var trees = TreeList()
  for input in repeat each inputs { trees.append(input) }
  var replacer = LeafReplacer(handles)
  return try replacer.replace(trees.next(First.self))
}

/// The tensors of changes of some trees, which must have their structure and types.
///
/// - Parameters:
///   - name: What errors call the transform.
///   - noun: What they call a change.
func changeHandles(
  _ changes: [TreeLeaf], of leaves: [TreeLeaf], _ name: String, _ noun: String
) throws(VMapError) -> [TensorHandle] {
  let handles = try handles(
    changes, like: leaves, name, .invalidArgument, "the \(noun) has", "there is")
  for (handle, leaf) in zip(handles, leaves) {
    if case .failed(let error) = handle.current { throw error }
    guard handle.type != leaf.handle.type else { continue }
    throw VMapError(
      handle.element == leaf.handle.element ? .shapeMismatch : .typeMismatch,
      "\(name): the \(noun) of \(leaf.path) should be \(leaf.handle.type), it is \(handle.type)")
  }
  return handles
}
