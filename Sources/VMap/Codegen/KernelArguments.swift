/// What a kernel is passed, in order: buffers read, buffers written, the number of work-items,
/// extents, constants, starts.
struct KernelArguments: Sendable {
  var inputs: [ValueID] = []
  var outputs: [ValueID] = []
  var extents: [Extent] = []
  var constants: [ScalarLiteral] = []
  /// The elements at which some inputs begin for the kernel, so that kernels of other parts read the same.
  var starts: [Start] = []

  /// Where an input begins for a kernel.
  struct Start: Sendable {
    let buffer: ValueID
    let element: Int
  }

  /// Whether a buffer that counts executed loop iterations comes last.
  var countsIterations = false
  /// The indices that the kernel computes; once it is written, those that differ with the sizes.
  var indices: Set<Expression> = []
  /// Whether 32 bits are too few for its indices, whatever the sizes.
  private(set) var isAlwaysWide = false

  /// A number as it is written; one that leaves no room in an `int` is none.
  mutating func text(of number: Int) -> String {
    guard number.magnitude > IndexBounds.limit else { return "\(number)" }
    isAlwaysWide = true
    return "\(number)l"
  }

  /// Sorts the indices by whether they can be decided about before the sizes are known.
  mutating func close(_ graph: ExpressionGraph) {
    var least = IndexBounds(graph, [:])
    if !least.hold(indices) { isAlwaysWide = true }
    indices = indices.filter { least.isOpen($0) }
  }

  /// Whether 32 bits are too few for what the kernel computes, for the given sizes.
  func isWide(_ graph: ExpressionGraph, _ sizes: [Symbol: Int]) -> Bool {
    if isAlwaysWide || extents.contains(where: { $0.value(sizes) > IndexBounds.limit })
      || starts.contains(where: { $0.element > IndexBounds.limit })
    {
      return true
    }
    var bounds = IndexBounds(graph, sizes)
    return !bounds.hold(indices)
  }

  /// The name of a buffer, by its place among the arguments, so that kernels of other buffers read the
  /// same.
  func name(of buffer: ValueID) -> String? {
    if let number = outputs.firstIndex(of: buffer) { return "out\(number)" }
    return inputs.firstIndex(of: buffer).map { "in\($0)" }
  }

  mutating func name(of extent: Extent) -> String {
    if let value = extent.constant { return text(of: value) }
    if let index = extents.firstIndex(of: extent) { return "n\(index)" }
    extents.append(extent)
    return "n\(extents.count - 1)"
  }

  mutating func name(of constant: ScalarLiteral) -> String {
    if let index = constants.firstIndex(of: constant) { return "c\(index)" }
    constants.append(constant)
    return "c\(constants.count - 1)"
  }
}
