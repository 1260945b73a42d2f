import Synchronization

/// The tensors that kernels read for the arguments of a call: those of examples of different lengths are
/// the rows of all, and what belongs to which comes after all arguments.
struct StoredArguments {
  private(set) var handles: [TensorHandle] = []
  private(set) var leaves: [CallSignature.Leaf] = []
  /// The segmentations of ragged arguments, each once.
  private(set) var segments: [RowSegments] = []
  /// How many tensors the arguments have.
  let count: Int

  /// How many tensors each segmentation adds: starts, lengths, order and examples.
  static let tensorsPerSegments = 4

  init(_ arguments: [TensorHandle]) throws(VMapError) {
    count = arguments.count
    for argument in arguments {
      guard let (values, own) = argument.raggedRows else {
        add(argument)
        continue
      }
      let number = segments.firstIndex(of: own) ?? segments.count
      if number == segments.count { segments.append(own) }
      add(values, segments: number)
    }
    for own in segments {
      for handle in [own.starts, own.lengths, own.order, try own.unreadExamples()] { add(handle) }
    }
  }

  private mutating func add(_ handle: TensorHandle, segments number: Int? = nil) {
    handles.append(handle)
    leaves.append(
      CallSignature.Leaf(element: handle.element, shape: handle.shape, segments: number))
  }

  /// Where the example of each row of a segmentation is among the tensors.
  func examples(of number: Int) -> Int {
    count + (number + 1) * StoredArguments.tensorsPerSegments - 1
  }

  /// What maps bind of each segmentation, by its tensors in a trace and the number of its rows.
  func inputs(
    _ axes: ResolvedAxes, _ handles: [TensorHandle], _ totals: [Extent]
  ) -> [RaggedInput] {
    segments.indices.map { number in
      let last = examples(of: number)
      return RaggedInput(
        level: axes.raggedLevel(leaves, number) ?? 0, total: totals[number],
        handles: Array(handles[(last - 3)...last]))
    }
  }

  /// The symbols of axes and of rows, with the dimensions of the tensors that have those sizes.
  ///
  /// - Parameter axes: Where the maps' axes are in the arguments.
  func dimensions(_ axes: ResolvedAxes) -> [[Int?]] {
    var result = axes.dimensions.map { own in
      own.enumerated().map { leaves[$0.offset].segments == nil ? $0.element : nil }
        + [Int?](repeating: nil, count: handles.count - count)
    }
    for number in segments.indices {
      let last = examples(of: number)
      if let level = axes.raggedLevel(leaves, number) {
        for position in (last - 3)..<last { result[level][position] = 0 }
      }
      result.append(
        leaves.indices.map { leaves[$0].segments == number || $0 == last ? 0 : nil })
    }
    return result
  }
}

extension ResolvedAxes {
  /// The map whose examples are those of a segmentation.
  func raggedLevel(_ leaves: [CallSignature.Leaf], _ number: Int) -> Int? {
    dimensions.indices.first { level in
      dimensions[level].indices.contains {
        leaves[$0].segments == number && dimensions[level][$0] != nil
      }
    }
  }
}

/// The examples of different lengths in the program of a call.
struct RaggedInput {
  /// The map whose examples they are.
  let level: Int
  /// How many rows they have together.
  let total: Extent
  /// Starts, lengths, order and examples.
  let handles: [TensorHandle]
}

extension Trace {
  /// Adds the axis that the rows of examples along another axis go along.
  func makeRowAxis(of examples: Int, _ input: RaggedInput) throws(VMapError) -> Int {
    let values = try values(for: input.handles)
    return state.withLock { state in
      let id = state.builder.program.axes.count
      state.builder.program.axes.append(
        MapAxis(
          id: id, name: nil, extent: input.total,
          rows: RaggedRows(axis: examples, values)))
      return id
    }
  }
}
