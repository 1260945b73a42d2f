import Device

/// A call that is ready to run again for arguments of the same structure, types and shapes.
///
/// Only one thread may use it at a time.
final class PreparedCall {
  let structure: StructureHash
  /// The tensors that fit, with all of their sizes.
  let leaves: [CallSignature.Leaf]
  /// The `CallCache.Entry` it is made of, whose type this class does not know.
  let entry: AnyObject
  /// The arguments of the call that is being made.
  private var arguments: [TensorHandle?]
  private let run: PreparedRun
  private let parameters: [ValueID]

  init(
    _ signature: CallSignature, _ entry: AnyObject, _ executable: Executable,
    _ sizes: [Symbol: Int], captured: [TensorHandle]
  ) throws(VMapError) {
    structure = signature.structure
    leaves = signature.leaves
    self.entry = entry
    run = try PreparedRun(executable, sizes, keepsMemory: true)
    parameters = executable.program.body.parameters
    arguments = [TensorHandle?](repeating: nil, count: signature.leaves.count)
    // The entry keeps what the function captured alive.
    for (parameter, handle) in zip(parameters.dropFirst(leaves.count), captured) {
      run.workspace.lend(try handle.storage().buffer, at: parameter)
    }
  }

  /// Whether it can be kept: errors of the preparation are not to be repeated.
  var isComplete: Bool { run.isComplete }

  /// Takes the next argument, if it is stored and of the type and shape that is expected.
  func take(_ handle: TensorHandle, at position: Int) -> Bool {
    guard position < leaves.count, leaves[position].element == handle.element,
      leaves[position].shape == handle.shape, let buffer = handle.buffer
    else { return false }
    arguments[position] = handle
    run.workspace.lend(buffer, at: parameters[position])
    return true
  }

  /// Lets go of the arguments.
  func clear() {
    for position in arguments.indices { arguments[position] = nil }
  }

  /// Runs on the arguments that were taken.
  func results() throws(VMapError) -> [TensorHandle] { try run { self.argument($0) } }

  /// Runs what has one result.
  func result() throws(VMapError) -> TensorHandle { try run.single { self.argument($0) } }

  private func argument(_ position: Int) -> TensorHandle {
    if position < arguments.count, let handle = arguments[position] { return handle }
    return .failed(VMapError(.internalInconsistency, "an argument is missing"))
  }
}

/// Hands the tensors of a call to a prepared one, as long as they fit.
struct ArgumentMatcher: TreeVisitor {
  private let call: PreparedCall?
  private var structure = StructureHash()
  private var count = 0
  private var fits = true

  init(_ slot: CallSlot) { call = slot.call }

  /// Whether the call is one that was prepared.
  var isMatch: Bool {
    guard fits, let call else { return false }
    return count == call.leaves.count && structure == call.structure
  }

  mutating func add<Tree: TensorTree>(_ tree: Tree) throws {
    structure.beginArgument()
    var copy = tree
    try copy.visitChildren(&self)
  }

  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws {
    structure.beginChild(name)
    try child.visitChildren(&self)
    structure.endChild()
  }

  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws {
    structure.beginChild()
    try child.visitChildren(&self)
    structure.endChild()
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    structure.addTensor()
    fits = fits && call?.take(tensor.handle, at: count) ?? false
    count += 1
  }
}
