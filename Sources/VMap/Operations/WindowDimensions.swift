/// Which dimensions of an operand, of a tensor of indices and of a tensor of windows belong together,
/// in gather and scatter: the dimension numbers of StableHLO.
///
/// The tensor of windows is what a gather gives and the updates that a scatter takes.
struct WindowDimensions: Hashable, Sendable {
  /// Dimensions of the windows' tensor that are dimensions of one window.
  var window: [Int]
  /// Dimensions of the operand that a window has one element of, and not as a dimension.
  var collapsed: [Int]
  /// Dimensions of the operand that run along with dimensions of the indices.
  var operandBatching: [Int]
  var indexBatching: [Int]
  /// The dimension of the operand that each number of an index vector counts along.
  var indexed: [Int]
  /// The dimension of the indices that holds index vectors; their rank where each number is one.
  var vector: Int

  /// Dimensions of the operand that are dimensions of a window.
  func kept(rank: Int) -> [Int] {
    (0..<rank).filter { !collapsed.contains($0) && !operandBatching.contains($0) }
  }

  /// Dimensions of the indices without the one of index vectors.
  func batch(rank: Int) -> [Int] { (0..<rank).filter { $0 != vector } }

  /// Where in the batch dimensions a dimension of the indices stands.
  func batchPosition(of dimension: Int) -> Int { dimension < vector ? dimension : dimension - 1 }

  /// The dimensions of the windows' tensor that count windows.
  func counting(rank: Int) -> [Int] { (0..<rank).filter { !window.contains($0) } }

  /// The shape of the windows' tensor.
  ///
  /// - Parameter sizes: The size of a window along each dimension of the operand.
  func windowsShape(indices: [Int], sizes: [Int]) -> [Int] {
    var batch = batch(rank: indices.count).map { indices[$0] }[...]
    var own = kept(rank: sizes.count).map { sizes[$0] }[...]
    return (0..<batch.count + own.count).compactMap { dimension in
      window.contains(dimension) ? own.popFirst() : batch.popFirst()
    }
  }

  /// Checks what holds for gather and scatter alike.
  func check(
    _ name: String, operand: [Int], indices: TensorType, windowsRank: Int
  ) throws(VMapError) {
    guard indices.element.isInteger else {
      throw VMapError(
        .typeMismatch, "\(name): indices should be integers, got \(indices.element.rawValue)")
    }
    let (rank, indexRank) = (operand.count, indices.shape.count)
    func fail(_ text: String) -> VMapError {
      VMapError(
        .invalidArgument,
        "\(name): \(text), for an operand of shape \(operand.shapeText) and indices of shape "
          + indices.shape.shapeText)
    }
    func require(_ list: [Int], below limit: Int, sorted: Bool, _ what: String) throws(VMapError) {
      guard list.allSatisfy((0..<limit).contains), Set(list).count == list.count,
        !sorted || list == list.sorted()
      else {
        throw fail(
          "\(what) \(list.shapeText) should be distinct\(sorted ? ", ascending" : "") dimensions "
            + "below \(limit)")
      }
    }
    guard (0...indexRank).contains(vector) else {
      throw fail("index_vector_dim \(vector) should be a dimension of the indices or their rank")
    }
    try require(window, below: windowsRank, sorted: true, "window dimensions")
    try require(collapsed, below: rank, sorted: true, "collapsed dimensions")
    try require(operandBatching, below: rank, sorted: true, "batching dimensions of the operand")
    try require(
      indexBatching, below: indexRank, sorted: false, "batching dimensions of the indices")
    try require(indexed, below: rank, sorted: false, "indexed dimensions")
    let batching = Set(operandBatching)
    guard batching.isDisjoint(with: collapsed), batching.isDisjoint(with: indexed) else {
      throw fail("batching dimensions should be neither collapsed nor indexed")
    }
    guard window.count == kept(rank: rank).count else {
      throw fail(
        "a window has \(quantity(kept(rank: rank).count, "dimension")), window dimensions are "
          + window.shapeText)
    }
    guard windowsRank == window.count + batch(rank: indexRank).count else {
      throw fail("the windows' tensor should not have \(quantity(windowsRank, "dimension"))")
    }
    guard indexed.count == (vector < indexRank ? indices.shape[vector] : 1) else {
      throw fail("an index vector should have \(quantity(indexed.count, "number"))")
    }
    guard operandBatching.count == indexBatching.count, !indexBatching.contains(vector),
      zip(operandBatching, indexBatching).allSatisfy({ operand[$0] == indices.shape[$1] })
    else { throw fail("batching dimensions should be pairs of equal size") }
  }

  /// The start of a window along a dimension of the operand as an element, or nil where it is 0.
  ///
  /// - Parameter batch: The index of the window.
  func start(
    along dimension: Int, of batch: [Expression], _ indices: Operand, _ loops: LoopBuilder
  ) -> Expression? {
    guard let number = indexed.firstIndex(of: dimension) else { return nil }
    var index = batch
    if vector < indices.type.shape.count { index.insert(loops.graph.index(number), at: vector) }
    return indices[index]
  }
}
