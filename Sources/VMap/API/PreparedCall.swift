import Device

/// A call that is ready to run again for arguments of the same structure, types and shapes.
///
/// Only one thread may use it at a time.
final class PreparedCall {
  let structure: StructureHash
  let fields: Int
  /// The tensors that fit, with all of their sizes.
  let leaves: [CallSignature.Leaf]
  /// The `CallCache.Entry` it is made of, whose type this class does not know.
  let entry: AnyObject
  private let run: PreparedRun
  private let buffers: BufferTable
  private let parameters: [ValueID]
  /// The tensors that the function uses without being given them, which follow its arguments.
  private let captured: [TensorHandle]
  /// The arguments of the call that is being made.
  private let arguments: UnsafeMutablePointer<Unmanaged<TensorHandle>?>
  /// Those of them that nobody else may keep alive.
  @exclusivity(unchecked) private var kept: [TensorHandle] = []

  init(
    _ signature: CallSignature, _ entry: AnyObject, _ executable: Executable,
    _ sizes: [Symbol: Int], captured: [TensorHandle]
  ) throws(VMapError) {
    structure = signature.structure
    fields = signature.fields
    leaves = signature.leaves
    self.entry = entry
    self.captured = captured
    run = try PreparedRun(executable, sizes, keepsMemory: true)
    buffers = run.workspace.buffers
    parameters = executable.program.body.parameters
    arguments = .allocate(capacity: leaves.count)
    arguments.initialize(repeating: nil, count: leaves.count)
    for (parameter, handle) in zip(parameters.dropFirst(leaves.count), captured) {
      buffers.lend(Unmanaged.passUnretained(try handle.storage().buffer), at: parameter)
    }
  }

  deinit { arguments.deinitialize(count: leaves.count).deallocate() }

  /// Whether it can be kept: errors of the preparation are not to be repeated.
  var isComplete: Bool { run.isComplete }

  /// Takes an argument, if it is stored and of the type and shape that is expected.
  ///
  /// Somebody else keeps it alive until the call is done.
  func lend(_ handle: Unmanaged<TensorHandle>, at position: Int) -> Bool {
    guard position < leaves.count,
      handle._withUnsafeGuaranteedRef({
        leaves[position].element == $0.element && leaves[position].shape == $0.shape
          && $0.lend(to: buffers, at: parameters[position])
      })
    else { return false }
    arguments[position] = handle
    return true
  }

  /// Takes an argument as ``lend(_:at:)`` does, and keeps it alive until the call is done.
  func keep(_ handle: TensorHandle, at position: Int) -> Bool {
    kept.append(handle)
    return lend(Unmanaged.passUnretained(handle), at: position)
  }

  /// Lets go of the arguments.
  func clear() {
    if !kept.isEmpty { kept.removeAll(keepingCapacity: true) }
  }

  /// Runs on the arguments that were taken.
  func results() throws(VMapError) -> [TensorHandle] { try run { self.argument($0) } }

  /// Runs what has one result.
  func result() throws(VMapError) -> TensorHandle { try run.single { self.argument($0) } }

  /// The tensor that is the program's parameter at a position.
  private func argument(_ position: Int) -> TensorHandle {
    guard position < leaves.count else { return captured[position - leaves.count] }
    guard let handle = arguments[position] else {
      return .failed(VMapError(.internalInconsistency, "an argument is missing"))
    }
    return handle.takeUnretainedValue()
  }
}

/// Hands the tensors of a call to a prepared one, as long as they fit.
struct ArgumentMatcher: StructureVisitor {
  /// The call, which whoever makes the matcher keeps alive.
  private let call: Unmanaged<PreparedCall>?
  var structure = StructureHash()
  private var count = 0
  private var fits = true

  init(_ slot: CallSlot) { call = slot.call.map(Unmanaged.passUnretained) }

  /// Whether the call is one that was prepared; it is not known where other fields count, too.
  var isMatch: Bool {
    guard fits, let call else { return false }
    return call._withUnsafeGuaranteedRef {
      count == $0.leaves.count && structure == $0.structure && $0.fields == 0
    }
  }

  /// Hands over an argument, which the caller keeps alive until the call is done.
  ///
  /// - Parameter isTensor: Whether it is known to be a ``SingleTensor``.
  mutating func add<Tree: TensorTree>(_ tree: Tree, isTensor: Bool) throws {
    structure.beginArgument()
    if isTensor {
      structure.addTensor()
      let handle = unsafeBitCast(tree, to: Unmanaged<TensorHandle>.self)
      note(call?._withUnsafeGuaranteedRef { $0.lend(handle, at: count) })
      return
    }
    var copy = tree
    try copy.visitChildren(&self)
  }

  mutating func visitTensor(_ tensor: inout AnyTensor) throws {
    structure.addTensor()
    note(call?._withUnsafeGuaranteedRef { $0.keep(tensor.handle, at: count) })
  }

  /// Notes whether the next tensor fits.
  private mutating func note(_ fit: Bool?) {
    fits = fits && fit == true
    count += 1
  }
}
