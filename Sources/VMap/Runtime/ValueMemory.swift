import Device

/// The memory of one value of a program, over all runs with the same sizes.
///
/// A small value's memory is used again by a later run, as soon as nobody else has it. There are two
/// pieces at most, so that `x = f(x)` in a loop allocates nothing.
final class ValueMemory {
  /// The most bytes that one prepared run keeps of each value's two pieces: what is larger takes longer
  /// to compute than to allocate.
  static let limit = 1 << 18

  let value: ValueID
  private let element: ElementType
  private let shape: [Int]
  private let isKept: Bool
  /// Whether the size can be counted; asking for such memory fails otherwise.
  let isPossible: Bool
  /// The piece of this run, where it is kept.
  @exclusivity(unchecked) private(set) var current: TensorHandle?
  @exclusivity(unchecked) private var previous: TensorHandle?

  /// - Parameter budget: How many bytes may still be kept.
  init(_ value: ValueID, _ element: ElementType, _ shape: [Int], budget: inout Int) {
    self.value = value
    self.element = element
    self.shape = shape
    let byteCount = try? Storage.byteCount(of: element, shape)
    isPossible = byteCount != nil
    isKept = byteCount.map { $0 <= budget } ?? false
    if isKept, let byteCount { budget -= byteCount }
  }

  /// Finds or makes memory for the next run of the kernel that stores the value.
  func renew(in workspace: Workspace, _ context: Context) throws(VMapError) {
    if isKept {
      if TensorHandle.lendIfUnshared(&current, to: workspace.buffers, at: value) { return }
      swap(&current, &previous)
      if TensorHandle.lendIfUnshared(&current, to: workspace.buffers, at: value) { return }
    }
    let storage = try Storage(element: element, shape: shape, in: context)
    guard isKept else {
      workspace.keep(storage.buffer, at: value)
      return
    }
    current = TensorHandle(storage)
    workspace.buffers.lend(Unmanaged.passUnretained(storage.buffer), at: value)
  }

  /// Leaves the memory to whoever else has it.
  func forget() {
    current = nil
    previous = nil
  }
}
