/// What stands between the brackets of a tensor: an `Int`, a range, a ``TensorIndex`` such as `.all`, or
/// a tensor of integers.
///
///     x[1]; x[-1, 0]; x[.all, 2..<5]; x[.ellipsis, 0]; x[.newAxis]; x[.slice(nil, nil, by: -1)]
public protocol TensorIndexing: Sendable {
  /// The index it stands for.
  var tensorIndex: TensorIndex { get }
}

/// One index of a tensor's subscript.
public struct TensorIndex: TensorIndexing {
  enum Kind: Sendable {
    case at(Int)
    case slice(Int?, Int?, by: Int)
    case tensor(TensorHandle)
    case newAxis
    case ellipsis
  }

  let kind: Kind

  /// The index itself.
  public var tensorIndex: TensorIndex { self }
}

extension TensorIndexing where Self == TensorIndex {
  /// All indices of a dimension, Python's `:`.
  public static var all: TensorIndex { TensorIndex(kind: .slice(nil, nil, by: 1)) }

  /// A new dimension of size 1, Python's `None`.
  public static var newAxis: TensorIndex { TensorIndex(kind: .newAxis) }

  /// All dimensions that the other indices leave, Python's `...`.
  public static var ellipsis: TensorIndex { TensorIndex(kind: .ellipsis) }

  /// Python's `start:stop:step`: bounds that are nil are the ends, negative ones count from the end,
  /// and those outside are brought to the ends.
  ///
  ///     x[.slice(nil, nil, by: -1)]     // reversed
  public static func slice(_ start: Int?, _ stop: Int?, by step: Int = 1) -> TensorIndex {
    TensorIndex(kind: .slice(start, stop, by: step))
  }
}

extension Int: TensorIndexing {
  /// One index of a dimension, which is dropped; negative ones count from the end.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .at(self)) }
}

extension Range<Int>: TensorIndexing {
  /// A range of indices of a dimension.
  public var tensorIndex: TensorIndex { .slice(lowerBound, upperBound) }
}

extension ClosedRange<Int>: TensorIndexing {
  /// A range of indices of a dimension, its end included.
  public var tensorIndex: TensorIndex { .slice(lowerBound, upperBound.afterIt) }
}

extension PartialRangeFrom<Int>: TensorIndexing {
  /// The indices of a dimension from one on.
  public var tensorIndex: TensorIndex { .slice(lowerBound, nil) }
}

extension PartialRangeUpTo<Int>: TensorIndexing {
  /// The indices of a dimension before one.
  public var tensorIndex: TensorIndex { .slice(nil, upperBound) }
}

extension PartialRangeThrough<Int>: TensorIndexing {
  /// The indices of a dimension up to one, included.
  public var tensorIndex: TensorIndex { .slice(nil, upperBound.afterIt) }
}

extension Tensor: TensorIndexing where Scalar: TensorInteger {
  /// Elements of a dimension at the given indices: see ``take(_:axis:)``.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .tensor(handle)) }
}

extension Int {
  /// The bound after an index, where the one after −1 is the end.
  fileprivate var afterIt: Int? { self == -1 || self == .max ? nil : self + 1 }
}

extension TensorIndex {
  /// The indices with as many whole dimensions as the ellipsis, or the end, stands for, each with its
  /// position in the subscript.
  static func expanded(
    _ indices: [TensorIndex], over source: [Int], for name: String
  ) throws(VMapError) -> [(index: TensorIndex, position: Int)] {
    var ellipses = 0
    var used = 0
    for index in indices {
      switch index.kind {
      case .ellipsis: ellipses += 1
      case .newAxis: break
      case .at, .slice, .tensor: used += 1
      }
    }
    guard ellipses <= 1, used <= source.count else {
      throw VMapError(
        .invalidArgument,
        ellipses > 1
          ? "\(name): there is more than one ellipsis"
          : "\(name): \(quantity(used, "index", "indices")) for shape \(source.shapeText)")
    }
    let all = TensorIndex(kind: .slice(nil, nil, by: 1))
    var result: [(index: TensorIndex, position: Int)] = []
    for (position, index) in (ellipses == 0 ? indices + [.ellipsis] : indices).enumerated() {
      if case .ellipsis = index.kind {
        for _ in used..<source.count { result.append((all, position)) }
      } else {
        result.append((index, position))
      }
    }
    return result
  }
}

extension [Int] {
  /// An index along a dimension of this shape, where negative ones count from the end.
  func index(
    _ given: Int, ofDimension dimension: Int, for name: String
  ) throws(VMapError) -> Int {
    let size = self[dimension]
    let index = given < 0 ? given + size : given
    guard (0..<size).contains(index) else {
      throw VMapError(
        .invalidArgument,
        "\(name): index \(given) is out of bounds for axis \(dimension) of shape \(shapeText)")
    }
    return index
  }
}
