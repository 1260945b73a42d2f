/// Processes that share batches out: each computes some of the examples of every call.
///
/// All of them make the same calls with the same arguments, of which each reads the rows that it
/// computes, and all get the same results, to the last bit those of one process. What crosses the batch, as
/// collectives and ``Axes/sum`` do, is gathered in blocks and added up in their order.
///
///     let f = vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum, mesh: .mpi)     // import VMapMPI
public protocol ProcessMesh: Sendable {
  /// The number of this process.
  var rank: Int { get }
  /// How many processes there are.
  var count: Int { get }

  /// Gives every process the bytes of all of them, in the order of their numbers.
  ///
  /// - Parameters:
  ///   - own: The bytes of this process.
  ///   - counts: How many bytes each process has.
  /// - Returns: All bytes, one process after another.
  func gather(_ own: UnsafeRawBufferPointer, _ counts: [Int]) throws -> [UInt8]
}

extension ProcessMesh {
  /// The examples of a process: as many blocks of a size for each as can be.
  func range(of rank: Int, among examples: Int, unit: Int) -> Range<Int> {
    let blocks = examples.dividedUp(by: unit)
    func start(_ rank: Int) -> Int { min(examples, blocks * rank / count * unit) }
    return start(rank)..<start(rank + 1)
  }

  /// Tells all processes whether one of them failed.
  ///
  /// - Parameter failure: What went wrong here.
  /// - Throws: That, or an error of the kind ``VMapError/Kind/processFailed``.
  func agree(_ failure: VMapError?) throws(VMapError) {
    let states = try gather(
      [failure == nil ? 0 : 1], [Int](repeating: 1, count: count), "whether a process failed")
    if let failure { throw failure }
    if let rank = states.firstIndex(of: 1) {
      throw VMapError(.processFailed, "process \(rank) of \(count) failed")
    }
  }

  /// Gives all processes the rows that each of them has made, in place.
  ///
  /// - Parameters:
  ///   - storage: Rows of all examples, of which this process has made some.
  ///   - rows: The rows of each process.
  ///   - dimension: The dimension that rows are counted along.
  func exchange(
    _ storage: Storage, _ rows: [Range<Int>], along dimension: Int
  ) throws(VMapError) {
    let sizes = rows.map { storage.byteCount(of: $0, along: dimension) }
    // Who cannot read its rows takes part nevertheless, so that nobody waits for it.
    var failure: VMapError?
    var own = [UInt8](repeating: 0, count: sizes[rank])
    do throws(VMapError) {
      own = try storage.bytes(of: rows[rank], along: dimension)
    } catch {
      failure = error
    }
    let all = try gather(own, sizes, "rows of results")
    try agree(failure)
    var start = 0
    for (other, size) in zip(rows.indices, sizes) {
      if other != rank {
        try storage.write(all[start..<start + size], to: rows[other], along: dimension)
      }
      start += size
    }
  }

  private func gather(
    _ own: [UInt8], _ counts: [Int], _ what: String
  ) throws(VMapError) -> [UInt8] {
    let all: [UInt8]
    do { all = try own.withUnsafeBytes { try gather($0, counts) } } catch {
      throw VMapError(.processFailed, "\(what) cannot be exchanged: \(error)")
    }
    guard all.count == counts.reduce(0, +) else {
      throw VMapError(
        .processFailed, "the mesh gave \(all.count) bytes, expected \(counts.reduce(0, +))")
    }
    return all
  }
}
