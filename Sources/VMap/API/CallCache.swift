import Synchronization

/// The compiled programs of one ``Vectorized``, a bounded number of them.
final class CallCache<Output>: Sendable {
  final class Entry: @unchecked Sendable {
    /// The sizes of axes and rows, and for each the dimension of each leaf that has it.
    let symbols: [Symbol]
    let dimensions: [[Int?]]
    let fixedSizes: [Int?]
    /// Sizes that the function read as numbers: the program holds for these alone.
    let pinned: [Symbol: Int]
    let captured: [TensorHandle]
    let executable: Executable
    /// A result of the function, whose tensors each call replaces.
    let template: Output

    /// For each tensor of the result, the segmentation of its rows if it is ragged.
    let raggedResults: [Int?]

    init(
      symbols: [Symbol], dimensions: [[Int?]], fixedSizes: [Int?], pinned: [Symbol: Int],
      captured: [TensorHandle], executable: Executable, template: Output, raggedResults: [Int?] = []
    ) {
      self.symbols = symbols
      self.raggedResults = raggedResults
      self.dimensions = dimensions
      self.fixedSizes = fixedSizes
      self.pinned = pinned
      self.captured = captured
      self.executable = executable
      self.template = template
    }

    /// The size of each level's axis in a call, or nil where sizes differ.
    func matchingSizes(_ leaves: [CallSignature.Leaf]) -> [Symbol: Int]? {
      var sizes: [Symbol: Int] = [:]
      for (level, dimensions) in dimensions.enumerated() {
        var size = level < fixedSizes.count ? fixedSizes[level] : nil
        for (leaf, dimension) in dimensions.enumerated() {
          guard let dimension else { continue }
          let own = leaves[leaf].shape[dimension]
          if let size, size != own { return nil }
          size = own
        }
        sizes[symbols[level]] = size
      }
      return pinned.allSatisfy { sizes[$0.key] == $0.value } ? sizes : nil
    }

    func sizes(of handles: [TensorHandle]) -> [Symbol: Int] {
      matchingSizes(handles.map { CallSignature.Leaf(element: $0.element, shape: $0.shape) }) ?? [:]
    }
  }

  static var capacity: Int { 64 }

  /// The calls that are ready to run.
  let slots = CallSlots()

  private struct Contents {
    /// Most recently used last.
    var entries: [(signature: CallSignature, entry: Entry)] = []
  }

  private let contents = Mutex(Contents())

  /// A program that fits the call, and whose device is still there.
  func entry(for signature: CallSignature) -> Entry? {
    contents.withLock { contents in
      contents.entries.removeAll { $0.entry.executable.wasLost }
      for index in contents.entries.indices.reversed() {
        let (key, entry) = contents.entries[index]
        guard key.structure == signature.structure, key.fields == signature.fields,
          key.leaves.count == signature.leaves.count,
          zip(key.leaves, signature.leaves).allSatisfy({ $0.accepts($1) }),
          entry.matchingSizes(signature.leaves) != nil
        else { continue }
        if index != contents.entries.count - 1 {
          contents.entries.append(contents.entries.remove(at: index))
        }
        return entry
      }
      return nil
    }
  }

  func insert(_ entry: Entry, for signature: CallSignature) {
    contents.withLock { contents in
      if contents.entries.count >= CallCache.capacity { contents.entries.removeFirst() }
      contents.entries.append((signature, entry))
    }
  }
}
