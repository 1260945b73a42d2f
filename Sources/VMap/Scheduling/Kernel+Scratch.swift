import Device

/// State of loops that is too large for a work-item: it lies in a buffer in which each work-item has
/// a part of its own.
struct Scratch {
  let buffer: ValueID
  /// The size of each work-item's part, in elements.
  let count: Int
  /// Whether elements of neighbouring work-items lie side by side.
  let isInterleaved: Bool

  /// The most bytes of one array that a work-item keeps: on a CPU it is on the stack of a thread.
  static func limit(_ profile: Profile) -> Int { profile.kind == .cpu ? 1 << 16 : 1 << 12 }
}

extension Kernel {
  /// The array that is in memory for some state: that of the outermost loop which shares it.
  func root(of array: Int) -> Int { sharing[array].map { root(of: $0.array) } ?? array }

  /// The buffer in which an array lies, if it lies in one.
  func scratch(of array: Int) -> Scratch? { scratch[root(of: array)] }

  /// The kernel with buffers for the state that is too large for a work-item.
  func withScratch(in program: inout Program, _ profile: Profile) -> Kernel {
    var kernel = self
    for id in state where sharing[id] == nil && !graph.arrays[id].isRows {
      let array = graph.arrays[id]
      // As registers have it.
      let element: ElementType = array.element == .bool ? .int32 : array.element.computeType
      let count = array.count.saturatingProduct(width)
      guard count > Scratch.limit(profile) / element.byteCount else { continue }
      let buffer = program.makeValue(ValueType(element, [.constant(array.count)]))
      kernel.scratch[id] = Scratch(
        buffer: buffer, count: count, isInterleaved: width == 1 && profile.kind != .cpu)
    }
    return kernel
  }
}
