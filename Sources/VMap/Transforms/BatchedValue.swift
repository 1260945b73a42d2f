/// What a dimension of a batched value is.
enum BatchedDimension: Hashable, Sendable {
  /// A map axis.
  case axis(Int)
  /// A dimension of one example.
  case dimension(Int)

  var axis: Int? { if case .axis(let id) = self { id } else { nil } }
  var dimension: Int? { if case .dimension(let number) = self { number } else { nil } }
}

/// A value of a batched program, and what each of its dimensions is.
struct BatchedValue: Sendable {
  var id: ValueID
  var layout: [BatchedDimension]

  var axes: AxisSet { AxisSet(layout.compactMap(\.axis)) }
  /// The number of dimensions of one example.
  var rank: Int { layout.rank }

}

extension [BatchedDimension] {
  /// The number of dimensions of one example.
  var rank: Int { count { $0.dimension != nil } }

  /// Where an axis or a dimension of one example lies.
  func position(of label: BatchedDimension) -> Int { firstIndex(of: label) ?? 0 }
  func position(of dimension: Int) -> Int { position(of: .dimension(dimension)) }
  func positions(of dimensions: [Int]) -> [Int] { dimensions.map { position(of: $0) } }

  /// The axes as they lie, then the dimensions of one example in order.
  var axesFirst: [BatchedDimension] {
    filter { $0.axis != nil } + (0..<rank).map { .dimension($0) }
  }

  /// The layout with dimensions of one example numbered anew; what has no number goes.
  func renumbered(_ number: (Int) -> Int?) -> [BatchedDimension] {
    compactMap { label in
      guard case .dimension(let old) = label else { return label }
      return number(old).map { .dimension($0) }
    }
  }

  /// The layout after some dimensions of one example are reduced.
  func removing(_ dimensions: [Int]) -> [BatchedDimension] {
    renumbered { old in
      dimensions.contains(old) ? nil : old - dimensions.count { $0 < old }
    }
  }

  /// Whether the axes come first and the dimensions of one example follow in order.
  var isAxesFirst: Bool { self == axesFirst }
}

extension ValueType {
  /// The axes in ascending order, then the dimensions of one example.
  var canonicalLayout: [BatchedDimension] {
    axes.ids.map { .axis($0) } + shape.indices.map { .dimension($0) }
  }
}
