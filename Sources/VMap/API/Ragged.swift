/// Examples of different lengths, one after another: what `vmap` maps over where `inAxes` is
/// ``Axes/ragged``.
///
///     let r = try Ragged<Float>(rows: [[1, 2], [], [3, 4, 5]])
///     let sums = try vmap({ (x: Tensor<Float>) in x.sum() }, inAxes: .ragged)(r)     // [3]
///     let softmax = vmap({ (x: Tensor<Float>) in x.softmax() }, inAxes: .ragged, outAxes: .ragged)
///     try Ragged(softmax(r)).rows()                                    // as long as those of r
///
/// The function sees an ordinary tensor of one example, whose first dimension has a length of its own. It
/// is compiled once for all lengths, and nothing is padded: an example takes time in proportion to its
/// length.
///
/// The layout is that of Arrow and of PyTorch's nested tensors, and is used where it lies.
public struct Ragged<Element: TensorScalar>: Sendable {
  /// The rows of all examples, `[total, …]`.
  public let values: Tensor<Element>
  let segments: RowSegments

  init(_ values: TensorHandle, _ segments: RowSegments) {
    self.values = Tensor(handle: values)
    self.segments = segments
  }

  /// Examples from the rows of all of them and the first row of each.
  ///
  /// - Parameters:
  ///   - values: The rows, `[total, …]`.
  ///   - offsets: `[n + 1]` for n examples: example i has the rows from `offsets[i]` up to
  ///     `offsets[i + 1]`.
  /// - Throws: ``VMapError`` of kind `raggedDimension` where the first offset is not 0, the last is not
  ///   `total`, or one is less than the one before; and where the values have no dimension, or more rows
  ///   than an `Int32` can count.
  public init<Offset: TensorInteger>(
    values: Tensor<Element>, offsets: Tensor<Offset>
  ) throws(VMapError) {
    guard offsets.rank == 1 else {
      throw VMapError(
        .raggedDimension,
        "offsets should have one dimension, got \(offsets.handle.shape.shapeText)")
    }
    var numbers: [Int] = []
    for offset in try offsets.scalars() {
      guard let number = Int(exactly: offset) else {
        throw VMapError(.raggedDimension, "offset \(offset) is more than an Int can count")
      }
      numbers.append(number)
    }
    try self.init(values: values, offsets: numbers)
  }

  /// Examples from the rows of all of them and the first row of each, as above.
  public init(values: Tensor<Element>, offsets: [Int]) throws(VMapError) {
    if let failure = values.failure { throw failure }
    guard let rowCount = values.shape.first else {
      throw VMapError(
        .raggedDimension, "values should have a dimension that rows go along, got a scalar")
    }
    self.init(values.handle, try RowSegments(offsets: offsets, rowCount: rowCount))
  }

  /// Examples that are vectors.
  ///
  ///     try Ragged<Float>(rows: [[1, 2], [], [3, 4, 5]])
  public init(rows: [[Element]]) throws(VMapError) {
    var offsets = [0]
    for row in rows { offsets.append(offsets[offsets.count - 1] + row.count) }
    try self.init(
      values: try Tensor(shape: [offsets[rows.count]], scalars: rows.flatMap { $0 }),
      offsets: offsets)
  }

  /// Other values for the same examples.
  ///
  /// - Throws: ``VMapError`` of kind `raggedDimension` where there are not as many rows.
  public func with<Other>(values: Tensor<Other>) throws(VMapError) -> Ragged<Other> {
    guard values.shape.first == segments.total else {
      throw VMapError(
        .raggedDimension,
        "values should have \(quantity(segments.total, "row")), got \(values.shape.shapeText)")
    }
    return Ragged<Other>(values.handle, segments)
  }

  /// The result of a mapped function whose `outAxes` is ``Axes/ragged`` for it.
  ///
  /// - Throws: ``VMapError`` of kind `raggedDimension` where the tensor is another one.
  public init(_ batch: Tensor<Element>) throws(VMapError) {
    if let failure = batch.failure { throw failure }
    guard let (values, segments) = batch.handle.raggedRows else {
      throw VMapError(
        .raggedDimension,
        "a tensor of shape \(batch.shape.shapeText) is no result whose outAxes is .ragged")
    }
    self.init(values, segments)
  }

  /// The examples as an argument of a mapped function, for the field of a tree.
  public var batch: Tensor<Element> { Tensor(handle: .ragged(values.handle, segments)) }

  /// How many examples there are.
  public var count: Int { segments.count }

  /// The length of each example.
  public var lengths: [Int] {
    zip(segments.offsets.dropFirst(), segments.offsets).map { $0 - $1 }
  }

  /// The first row of each example, and the number of rows.
  public var offsets: [Int] { segments.offsets }

  /// The elements of each example, in row-major order.
  ///
  /// - Throws: ``VMapError`` where the values could not be computed.
  public func rows() throws(VMapError) -> [[Element]] {
    let scalars = try values.scalars()
    let width = values.shape.dropFirst().reduce(1, *)
    return (0..<count).map {
      Array(scalars[segments.offsets[$0] * width..<segments.offsets[$0 + 1] * width])
    }
  }
}

/// What a mapped function takes in the place of one of its arguments: a tensor, or a ``Ragged`` of them.
public protocol BatchArgument {
  /// What the function takes.
  associatedtype Argument: TensorTree
  /// The batch as what the function takes.
  var batch: Argument { get }
}

extension Ragged: BatchArgument {}

extension Tensor: BatchArgument {
  /// The tensor itself.
  public var batch: Tensor { self }
}

extension Vectorized {
  /// Calls the function on tensors and examples of different lengths.
  ///
  /// A result whose `outAxes` is ``Axes/ragged`` is read by ``Ragged/init(_:)``.
  @_disfavoredOverload
  public func callAsFunction<each Batch: BatchArgument>(
    _ inputs: repeat each Batch
  ) throws(VMapError) -> Output
  where (repeat (each Batch).Argument) == (repeat each Input) {
    try self(repeat (each inputs).batch)
  }

  /// What ``lowered(_:)`` says, of tensors and examples of different lengths.
  @_disfavoredOverload
  public func lowered<each Batch: BatchArgument>(
    _ inputs: repeat each Batch
  ) throws(VMapError) -> Lowered
  where (repeat (each Batch).Argument) == (repeat each Input) {
    try lowered(repeat (each inputs).batch)
  }
}

extension Tensor {
  /// How long a dimension is, as a number that operations take: inside of a function that is mapped over
  /// examples of different lengths, that of the example.
  ///
  ///     vmap({ (x: Tensor<Float>) in x.sum() / x.dimensionSize(0).asType(Float.self) }, inAxes: .ragged)
  ///
  /// `shape` has no number for such a dimension. A dimension that is not there gives a tensor whose reading
  /// throws. After StableHLO's `get_dimension_size`.
  public func dimensionSize(_ axis: Int) -> Tensor<Int32> {
    Tensor<Int32>(handle) {
      .apply(
        DimensionSize(dimension: try handle.shape.dimension(axis, for: "dimensionSize")), [handle])
    }
  }
}
