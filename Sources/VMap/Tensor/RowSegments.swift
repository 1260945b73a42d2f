import Device
import Synchronization

/// Which rows belong to which example, where examples of different lengths lie one after another.
final class RowSegments: Sendable {
  /// The first row of each example, and how many rows there are.
  let offsets: [Int]
  /// For kernels: see ``RaggedRows``.
  let starts: TensorHandle
  let lengths: TensorHandle
  let order: TensorHandle
  /// The example of each row, once a kernel needs it.
  private let madeExamples = Mutex<TensorHandle?>(nil)

  var count: Int { offsets.count - 1 }
  var total: Int { offsets[count] }

  /// - Throws: ``VMapError`` of kind `raggedDimension` where the offsets do not begin with 0, end with the
  ///   number of rows, and never fall.
  init(offsets: [Int], rowCount: Int) throws(VMapError) {
    func wrong(_ problem: String) -> VMapError {
      VMapError(.raggedDimension, "offsets should be \(problem)")
    }
    guard let first = offsets.first, let last = offsets.last else {
      throw wrong("one more than there are examples, got none")
    }
    guard first == 0 else { throw wrong("0 at first, got \(first)") }
    for (position, (offset, next)) in zip(offsets, offsets.dropFirst()).enumerated()
    where next < offset {
      throw wrong("in ascending order, got \(offset) and then \(next) at \(position + 1)")
    }
    guard last == rowCount else {
      throw wrong("\(rowCount) at last, as there are \(quantity(rowCount, "row")), got \(last)")
    }
    guard Int32(exactly: last) != nil else {
      throw VMapError(.sizeOverflow, "\(last) rows are more than offsets of 32 bits can count")
    }
    self.offsets = offsets
    let lengths = zip(offsets.dropFirst(), offsets).map { Int32($0 - $1) }
    self.lengths = Tensor<Int32>(lengths).handle
    // An example without rows begins where there is one: its rows may be read, but count for nothing.
    starts = Tensor<Int32>(zip(offsets, lengths).map { $1 == 0 ? 0 : Int32($0) }).handle
    // The longest first, so that short ones fill what time is left at the end.
    var places = [Int](repeating: 0, count: Int(lengths.max() ?? 0) + 2)
    for length in lengths { places[Int(length)] += 1 }
    for length in places.indices.dropLast().reversed() { places[length] += places[length + 1] }
    var order = [Int32](repeating: 0, count: lengths.count)
    for (example, length) in lengths.enumerated() {
      let place = places[Int(length) + 1]
      order[place] = Int32(example)
      places[Int(length) + 1] += 1
    }
    self.order = Tensor<Int32>(order).handle
  }

  /// The example of each row.
  func examples() throws(VMapError) -> TensorHandle {
    if let made = madeExamples.withLock({ $0 }) { return made }
    var examples = [Int32](repeating: 0, count: total)
    for example in 0..<count {
      for row in offsets[example]..<offsets[example + 1] { examples[row] = Int32(example) }
    }
    let handle = Tensor<Int32>(examples).handle
    _ = try handle.storage()
    madeExamples.withLock { $0 = handle }
    return handle
  }

  /// What stands for the example of each row where no kernel needs it.
  func unreadExamples() throws(VMapError) -> TensorHandle {
    if let made = madeExamples.withLock({ $0 }) { return made }
    return TensorHandle(
      Storage(element: .int32, shape: [total], buffer: try lengths.storage().buffer))
  }
}

extension RowSegments: Equatable {
  static func == (a: RowSegments, b: RowSegments) -> Bool {
    a === b || a.offsets == b.offsets
  }
}

extension TensorHandle {
  /// What stands for examples of different lengths as an argument or a result of a mapped function.
  static func ragged(_ values: TensorHandle, _ segments: RowSegments) -> TensorHandle {
    TensorHandle(
      element: values.element, shape: [segments.count, .ragged(0)] + values.shape.dropFirst(),
      .ragged(values, segments))
  }

  /// The rows of examples of different lengths, if it stands for some.
  var raggedRows: (values: TensorHandle, segments: RowSegments)? {
    if case .ragged(let values, let segments) = current { (values, segments) } else { nil }
  }

  static let hasNoOneShape = VMapError(
    .raggedDimension,
    "examples of different lengths are no tensor of one shape: map over them with inAxes .ragged, and "
      + "read results as Ragged(x)")
}
