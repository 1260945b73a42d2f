/// What the examples of a ragged dimension are among the rows of all of them, which lie one after another.
struct RaggedRows: Hashable, Sendable {
  /// The map axis whose examples have lengths of their own.
  let axis: Int
  /// Parameters of the program: for each example its first row and its length, the examples by length,
  /// and for each row its example.
  let starts: ValueID
  let lengths: ValueID
  let order: ValueID
  let examples: ValueID

  var parameters: [ValueID] { [starts, lengths, order, examples] }

  init(axis: Int, _ parameters: [ValueID]) {
    self.axis = axis
    (starts, lengths, order, examples) = (
      parameters[0], parameters[1], parameters[2], parameters[3]
    )
  }
}

/// A length that is another one for each example, where shape rules have numbers.
///
/// Rules that compare, move and leave out sizes are right for it as they are. It is more than any memory
/// holds, so that it is no size of anything else.
extension Int {
  private static let leastRagged = 1 << 40
  /// What is computed of such a number is none.
  private static let raggedStep = 1 << 20

  /// The number that stands for the lengths of examples whose rows go along an axis.
  static func ragged(_ axis: Int) -> Int { leastRagged + (axis + 1) * raggedStep }

  /// The axis that the rows go along, if this stands for lengths.
  var raggedAxis: Int? {
    guard self > Int.leastRagged else { return nil }
    let (axis, rest) = (self - Int.leastRagged).quotientAndRemainder(dividingBy: Int.raggedStep)
    return rest == 0 && axis <= Int.raggedStep ? axis - 1 : nil
  }

  var isRagged: Bool { raggedAxis != nil }

  /// Whether this was computed of a number that stands for lengths, or could be.
  var isMadeOfRagged: Bool { self >= Int.leastRagged / 1024 && !isRagged }
}

extension [Int] {
  var hasRagged: Bool { contains(where: \.isRagged) }
}

extension Extent {
  /// The extent that a size of a shape rule says.
  init(size: Int, _ axes: [MapAxis]) {
    if let axis = size.raggedAxis, axes.indices.contains(axis) {
      self = .ragged(axis: axis, total: axes[axis].extent)
    } else {
      self = .constant(size)
    }
  }

  /// The axis that the rows of all examples go along, where each has a length of its own.
  var raggedAxis: Int? {
    if case .ragged(let axis, _) = self { axis } else { nil }
  }

  /// The number that shape rules have for it; nil where it is not known.
  var size: Int? { raggedAxis.map(Int.ragged) ?? constant }

  /// The size that a function sees, for the given sizes.
  func visibleSize(_ sizes: [Symbol: Int]) -> Int { raggedAxis.map(Int.ragged) ?? value(sizes) }
}

extension ValueType {
  /// The axes that rows of ragged dimensions go along.
  var raggedAxes: [Int] { shape.compactMap(\.raggedAxis) }

  /// The axes with those whose examples have the lengths of ragged dimensions.
  func withAxesOfLengths(_ all: [MapAxis]) -> ValueType {
    var type = self
    for axis in raggedAxes {
      if let rows = all[axis].rows { type.axes = type.axes.inserting(rows.axis) }
    }
    return type
  }
}

extension ValueType {
  /// Refuses a value whose examples along an axis have lengths of their own, where those should be put
  /// together.
  func refuseRagged(
    of axis: Int, _ all: [MapAxis], for operation: String
  ) throws(VMapError) {
    guard raggedAxes.contains(where: { all[$0].rows?.axis == axis }) else { return }
    throw VMapError(
      .raggedDimension,
      "\(operation): examples of type \(try tensorType(for: operation)) have lengths of their own, so "
        + "that they cannot be put together along the mapped axis")
  }
}

extension Operation {
  /// Refuses operands whose lengths differ between examples, in some of their dimensions or in any.
  ///
  /// - Parameter dimensions: Those of the first operand; nil for all of each.
  func refuseRagged(_ operands: [TensorType], in dimensions: [Int]? = nil) throws(VMapError) {
    for (number, operand) in operands.enumerated() {
      if dimensions != nil, number > 0 { return }
      for (dimension, size) in operand.shape.enumerated()
      where size.isRagged && dimensions?.contains(dimension) ?? true {
        throw VMapError(
          .raggedDimension,
          "\(name): dimension \(dimension) of operand \(number) of type \(operand) has a length of its "
            + "own for each example, which the operation does not take")
      }
    }
  }
}
