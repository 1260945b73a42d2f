/// What a kernel is passed, in order: buffers read, buffers written, the number of work-items,
/// extents, constants.
struct KernelArguments: Sendable {
  var inputs: [ValueID] = []
  var outputs: [ValueID] = []
  var extents: [Extent] = []
  var constants: [ScalarLiteral] = []
  /// Whether a buffer that counts executed loop iterations comes last.
  var countsIterations = false

  mutating func name(of extent: Extent) -> String {
    if let value = extent.constant { return "\(value)" }
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
