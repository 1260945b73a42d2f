/// Writes a scheduled kernel as OpenCL C.
///
/// Values are *uniform* or *varying* over the lanes of a vector: uniform ones are scalars, varying
/// ones vectors. Where the lanes are the work-items of a group, all are scalars.
/// Every expression is computed in the outermost block in which its loops are bound.
final class KernelEmitter {
  let kernel: Kernel
  let graph: ExpressionGraph
  let width: Int
  let index: IndexWidth
  var helpers: MemoryHelpers
  var arguments = KernelArguments()
  var scopes: [EmissionScope] = [EmissionScope()]
  /// How many lanes of each copy hold an iteration; of another loop's copy, whether it is one.
  var laneCounts: [EmissionScope.Copy: String] = [:]
  /// Loops of which several iterations are computed side by side, and the copy being written.
  var copies: [LoopVariable: Int] = [:]
  var copy: [LoopVariable: Int] = [:]
  /// The first iteration and the end of loops that go over one block of theirs.
  var ranges: [LoopVariable: (start: String, end: String)] = [:]
  /// The loops inside a work-item that are written out iteration by iteration.
  let unrolled: Set<LoopVariable>
  /// The loops whose copies are named where it is known whether all of them are there.
  var tiles: [Tile] = []
  /// The strip of the work-item, if it takes one.
  var strip: Strip?
  var variableNames: [EmissionScope.Copy: String] = [:]
  /// The index of a vector's first lane where it may lie beyond the end of its loop.
  var alignedNames: [EmissionScope.Copy: String] = [:]
  /// Whether the index being written is that of a padded buffer.
  var readsPadded = false
  var varyingMemo: [LoopVariable: [Expression: Bool]] = [:]
  var varyingSlots: [Int: Bool] = [:]
  var varyingReductions: [LoopVariable: [Int: Bool]] = [:]
  /// Local memory by what it is for, and how many times groups have merged.
  var localMemory: [(results: PartialResults, name: String)] = []
  var groupMerges = 0
  var sharedArrays: [(array: Int, name: String)] = []
  /// The tile of the group, as far as it has names.
  var staging = Staging()
  /// The accumulators of scans, by their numbers.
  var scans: [Int: [EmissionScope.Key: [String]]] = [:]
  /// The buffer whose loops are being written: each stored value has loops of its own.
  var storing: ValueID?
  /// Where an element goes that is stored with a block of others, by buffer.
  var rowStores: [ValueID: String] = [:]
  /// The reduction whose elements are being replaced.
  var replacedReduction: Int?
  /// The steps of reductions where no window reaches beyond what it reads.
  var insideSteps: [Int: [Expression]] = [:]
  private var counter = 0
  /// What was found that cannot be, first of all: nothing that was written is used then.
  private var inconsistency: String?

  /// - Parameter starts: Where inputs begin, as they did before anything was written: writing adds to the
  ///   kernel's expressions.
  init(
    _ kernel: Kernel, starts: [KernelArguments.Start], index: IndexWidth, helpers: MemoryHelpers,
    countsIterations: Bool
  ) {
    self.kernel = kernel
    graph = kernel.graph
    width = kernel.width
    unrolled = KernelEmitter.unrolledLoops(of: kernel)
    self.index = index
    self.helpers = helpers
    arguments.inputs = kernel.inputs
    arguments.outputs = kernel.roots.map(\.buffer) + kernel.scratch.values.map(\.buffer).sorted()
    arguments.countsIterations = countsIterations && !graph.iterations.isEmpty
    arguments.starts = starts
  }

  /// The kernel as a function.
  func emit() throws(VMapError) -> KernelFunction {
    bindParallelLoops()
    storeRoots()
    if let replacement = kernel.replacement { replace(replacement) }
    if let inconsistency = inconsistency ?? graph.inconsistency {
      throw VMapError(
        .internalInconsistency, "\(kernel.name): \(inconsistency); \(kernel.explanation)")
    }
    arguments.close(graph)
    return KernelFunction(
      localSize: kernel.localSize,
      text: header() + scopes[0].lines.map { "  \($0)\n" }.joined() + "}\n")
  }

  private func header() -> String {
    var parameters: [String] = []
    let types = bufferTypes()
    for buffer in arguments.inputs {
      let type = types[buffer] ?? "uchar"
      parameters.append("const global \(type)* restrict \(name(ofBuffer: buffer))")
    }
    for root in kernel.roots {
      let type = VectorType(element: root.element.part, width: 1)
      parameters.append("global \(type.storageName)* restrict \(name(ofBuffer: root.buffer))")
    }
    for (id, scratch) in kernel.scratch.sorted(by: { $0.value.buffer < $1.value.buffer }) {
      let scalar = VectorType.scalarName(graph.arrays[id].element)
      parameters.append("global \(scalar)* restrict \(name(ofBuffer: scratch.buffer))")
    }
    parameters.append("const \(index.rawValue) items")
    for number in arguments.extents.indices {
      parameters.append("const \(index.rawValue) n\(number)")
    }
    for (number, constant) in arguments.constants.enumerated() {
      parameters.append("const \(VectorType.scalarName(constant.type)) c\(number)")
    }
    for number in arguments.starts.indices {
      parameters.append("const \(index.rawValue) o\(number)")
    }
    if arguments.countsIterations { parameters.append("volatile global int* trips") }
    var text = "(\(parameters.joined(separator: ",\n    "))) {\n"
    for (number, start) in arguments.starts.enumerated() {
      text += "  \(name(ofBuffer: start.buffer)) += o\(number);\n"
    }
    // Groups are launched as many as there are, and none of their work-items may leave early.
    if kernel.isGroups { return text + groupHeader() }
    let row = "(\(index.rawValue))get_global_size(0) * (\(index.rawValue))get_global_id(1)"
    text += "  const \(index.rawValue) g = get_global_id(0) + \(row);\n"
    text += "  if (g >= items) return;\n"
    return text
  }

  private func bufferTypes() -> [ValueID: String] {
    var types: [ValueID: String] = [:]
    for node in graph.nodes {
      if case .load(let buffer, _, let type) = node {
        types[buffer] = VectorType(element: type, width: 1).storageName
        if type == .float64 { helpers.usesDouble = true }
      }
    }
    for root in kernel.roots where root.element.part == .float64 { helpers.usesDouble = true }
    return types
  }

  /// Notes a state that cannot be.
  func note(inconsistency: String) {
    if self.inconsistency == nil { self.inconsistency = inconsistency }
  }

  /// Notes a state that cannot be, where a text is wanted.
  func inconsistent(_ text: String) -> String {
    note(inconsistency: text)
    return "?"
  }

  // MARK: - Names and lines

  var innermost: EmissionScope { scopes[scopes.count - 1] }

  /// The loop whose iterations are the lanes here.
  var lane: LoopVariable? { innermost.lane }

  func freshName(_ prefix: String) -> String {
    counter += 1
    return "\(prefix)\(counter)"
  }

  func line(_ text: String) { innermost.lines.append(text) }

  /// Writes a block inside the current one.
  func block(
    _ header: String, binding variables: Set<LoopVariable>, naming named: Set<LoopVariable> = [],
    mask: String? = nil, _ body: () -> Void
  ) {
    let scope = EmissionScope(bound: variables, named: named, mask: mask, inside: innermost)
    scopes.append(scope)
    body()
    scopes.removeLast()
    line(header.isEmpty ? "{" : "\(header) {")
    innermost.lines += scope.lines.map { "  " + $0 }
    line("}")
  }

  /// Writes a loop over a variable; compilers may be asked to write out its iterations.
  func loop(over variable: LoopVariable, isWrittenOut: Bool = false, _ body: () -> Void) {
    let direction = beginScans(along: variable)
    if direction == .forward, let blocks = rowBlocks(along: variable) {
      return loop(over: variable, blocks, body)
    }
    let name = freshName("i")
    variableNames[EmissionScope.Copy(variable: variable, number: 0)] = name
    let (start, end) = range(of: variable)
    let range =
      direction == .backward
      ? "\(name) = \(end) - 1; \(name) >= 0; --\(name)"
      : "\(name) = \(start); \(name) < \(end); ++\(name)"
    let wish = isWrittenOut ? "_Pragma(\"unroll\") " : ""
    block("\(wish)for (\(index.rawValue) \(range))", binding: [variable], body)
  }

  /// The first iteration of a loop here, and where it ends.
  func range(of variable: LoopVariable) -> (start: String, end: String) {
    ranges[variable] ?? ("0", end(of: variable))
  }

  /// Where a loop ends; lanes do not end it one by one.
  func end(of variable: LoopVariable) -> String {
    guard let end = graph.ends[variable] else {
      return arguments.name(of: graph.extent(of: variable))
    }
    return varies(end) ? inconsistent("loop \(variable.id) ends apart for lanes") : indexText(end)
  }

  /// The outermost block in which some variables are bound.
  func scopeDepth(for variables: Set<LoopVariable>) -> Int {
    var missing = variables
    for (depth, scope) in scopes.enumerated() {
      missing.subtract(scope.bound)
      if missing.isEmpty { return depth }
    }
    note(inconsistency: "loops \(missing.map(\.id).sorted()) are not open")
    return scopes.count - 1
  }

  /// Whether a loop has a name in the current block.
  func isNamed(_ variable: LoopVariable) -> Bool {
    scopes.contains { $0.bound.contains(variable) || $0.named.contains(variable) }
  }

  /// Runs a piece of emission in an enclosing block.
  func inScope<R>(_ depth: Int, _ body: () -> R) -> R {
    let inner = scopes[(depth + 1)...]
    scopes.removeSubrange((depth + 1)...)
    defer { scopes += inner }
    return body()
  }

  func key(_ expression: Expression, isIndex: Bool = false) -> EmissionScope.Key {
    let dependencies = graph.dependencies(expression)
    let copy = copy.filter { copies[$0.key] != nil && dependencies.contains($0.key) }
      .map { EmissionScope.Copy(variable: $0.key, number: $0.value) }.sorted()
    return EmissionScope.Key(expression: expression, copy: copy, isIndex: isIndex)
  }

  func knownName(_ key: EmissionScope.Key) -> String? {
    for scope in scopes.reversed() {
      if let name = scope.names[key] { return name }
    }
    return nil
  }

  /// All copies of the loops that are computed side by side, among some variables.
  func forEachCopy(of variables: Set<LoopVariable>, _ body: () -> Void) {
    let open = copies.keys.filter { variables.contains($0) }.sorted()
    func visit(_ rest: ArraySlice<LoopVariable>) {
      guard let variable = rest.first else { return body() }
      let outer = copy[variable]
      for number in 0..<(copies[variable] ?? 1) {
        copy[variable] = number
        visit(rest.dropFirst())
      }
      copy[variable] = outer
    }
    visit(open[...])
  }
}
