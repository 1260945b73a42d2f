// What examples give to one another: see the collectives that combine them.

extension Tensor {
  /// The values of all examples along named axes, the same for each example.
  ///
  ///     x.allGather(over: "batch")                      // [3] → [n, 3], for a batch of n
  ///     x.allGather(over: "batch", tiled: true)         // [3] → [n * 3]
  ///
  /// - Parameters:
  ///   - axisName: The name of the axis.
  ///   - others: The names of more axes, whose examples all go along one dimension; the last counts
  ///     fastest.
  ///   - axis: Where the new dimension is in the result; with `tiled`, the dimension along which values
  ///     come one after another.
  ///   - tiled: Whether values are joined along a dimension that they have, not stacked.
  ///
  /// A dimension that is not possible gives a tensor whose reading throws. After `lax.all_gather`.
  public func allGather(
    over axisName: String, _ others: String..., axis: Int = 0, tiled: Bool = false
  ) -> Tensor {
    Tensor(handle) {
      let names = [axisName] + others
      let name = NamedAxes.text(of: "allGather", names)
      let axes = try NamedAxes(names, name)
      let dimension = try (handle.shape + (tiled ? [] : [1])).dimension(axis, for: name)
      let all = try axes.gathered(handle, along: dimension)
      return tiled ? try all.merging(2, from: dimension) : all
    }
  }

  /// Each value at the example that it is sent to; zeros at examples to which nothing is sent.
  ///
  ///     x.permute(over: "i", [(0, 1), (1, 2), (2, 0)])      // each example's left neighbour
  ///
  /// - Parameters:
  ///   - axisName: The name of the axis.
  ///   - others: The names of more axes, whose examples are counted together; the last counts fastest.
  ///   - pairs: Positions of examples: where a value comes from, and where it goes. Each example sends
  ///     and receives once at most.
  ///
  /// Positions that are not there, and such that come twice, give a tensor whose reading throws. The
  /// program is one for the number of examples there are. After `lax.ppermute`.
  public func permute(
    over axisName: String, _ others: String..., pairs: [(source: Int, destination: Int)]
  ) -> Tensor {
    Tensor(handle) {
      let names = [axisName] + others
      let name = NamedAxes.text(of: "permute", names)
      let axes = try NamedAxes(names, name)
      let exchange = try Permutation(pairs, of: axes.count, name)
      return try axes.trace.exchange("ppermute", handle, exchange, axes.ids)
    }
  }

  /// Exchanges parts: each example sends its part number j to example j, and puts what it receives
  /// together in the order of who sent it.
  ///
  ///     x.allToAll(over: "i", split: 0, concat: 1)          // [n, 3] → [3, n], for a batch of n
  ///     x.allToAll(over: "i", split: 0, concat: 0, tiled: true)        // [2 * n] → [2 * n]
  ///
  /// - Parameters:
  ///   - axisName: The name of the axis.
  ///   - others: The names of more axes, whose examples are counted together; the last counts fastest.
  ///   - split: The dimension that has a part for each example, and is gone after; with `tiled` it is
  ///     divided into equal parts, and stays.
  ///   - concat: Where the dimension of those who sent is in the result; with `tiled`, the dimension
  ///     along which parts come one after another.
  ///   - tiled: Whether parts are joined along a dimension that they have, not stacked.
  ///
  /// Dimensions and sizes that do not fit give a tensor whose reading throws. The program is one for the
  /// number of examples there are. After `lax.all_to_all`.
  public func allToAll(
    over axisName: String, _ others: String..., split: Int, concat: Int, tiled: Bool = false
  ) -> Tensor {
    Tensor(handle) {
      let names = [axisName] + others
      let name = NamedAxes.text(of: "allToAll", names)
      let axes = try NamedAxes(names, name)
      let exchange = try PartExchange(
        handle.type, split: split, concat: concat, isTiled: tiled, of: axes.count, name)
      return try axes.trace.exchange("all_to_all", handle, exchange, axes.ids)
    }
  }
}

/// What moves elements between examples and changes none, so that going back is of the same kind.
private protocol Exchange: Sendable {
  var inverse: Self { get }
  func callAsFunction(_ x: TensorHandle, _ axes: NamedAxes) throws(VMapError) -> TensorHandle
}

extension Trace {
  /// Writes down an exchange, whose transpose is the exchange back.
  fileprivate func exchange(
    _ name: String, _ operand: TensorHandle, _ exchange: some Exchange, _ axes: [Int]
  ) throws(VMapError) -> TensorHandle {
    let rule = Call.DerivativeRule(
      tangents: { changes, site throws(VMapError) in
        guard let change = changes[0] else { return [nil] }
        return [Term(try exchange(change.handle, NamedAxes(site.trace, axes)))]
      },
      cotangents: { changes, site throws(VMapError) in
        guard let change = changes[0] else { return [nil] }
        return [Term(try exchange.inverse(change.handle, NamedAxes(site.trace, axes)))]
      })
    return try call(name, [operand], rule: rule) {
      [try exchange($0[0], NamedAxes(self, axes))]
    }[0]
  }
}

/// Where each example's value comes from.
private struct Permutation: Exchange {
  /// For each example the one that sends to it; -1 where none does.
  private let sources: [Int]

  private init(_ sources: [Int]) { self.sources = sources }

  init(
    _ pairs: [(source: Int, destination: Int)], of count: Int, _ name: String
  ) throws(VMapError) {
    var sources = [Int](repeating: -1, count: count)
    var sent: Set<Int> = []
    for (source, destination) in pairs {
      guard sources.indices.contains(source), sources.indices.contains(destination) else {
        throw VMapError(
          .invalidArgument,
          "\(name): the pair (\(source), \(destination)) should be of positions from 0 to "
            + "\(count - 1), those of the \(quantity(count, "example"))")
      }
      guard sent.insert(source).inserted, sources[destination] < 0 else {
        throw VMapError(
          .invalidArgument,
          "\(name): each example should send and receive once at most, and the pair "
            + "(\(source), \(destination)) has one that was there before")
      }
      sources[destination] = source
    }
    self.sources = sources
  }

  var inverse: Permutation {
    var inverse = [Int](repeating: -1, count: sources.count)
    for (destination, source) in sources.enumerated() where source >= 0 {
      inverse[source] = destination
    }
    return Permutation(inverse)
  }

  func callAsFunction(_ x: TensorHandle, _ axes: NamedAxes) throws(VMapError) -> TensorHandle {
    let all = Term(try axes.gathered(x, along: 0))
    // Of no example there is none to take from.
    if sources.isEmpty { return x }
    let table = Tensor<Int32>(sources.map(Int32.init))
    let source = Term(table.handle).taking(try axes.index, along: 0)
    let own = all.taking(source, along: 0)
    return sources.contains(-1) ? own.kept(where: .!(source .< .index(0))).handle : own.handle
  }
}

/// Parts of a tensor sent to examples, and put together from them.
private struct PartExchange: Exchange {
  private var split: Int
  private var concat: Int
  private let isTiled: Bool
  private let count: Int

  init(
    _ type: TensorType, split: Int, concat: Int, isTiled: Bool, of count: Int, _ name: String
  ) throws(VMapError) {
    let split = try type.shape.dimension(split, for: name, named: "split")
    self.split = split
    self.concat = try type.shape.dimension(concat, for: name, named: "concat")
    self.isTiled = isTiled
    self.count = count
    let size = type.shape[split]
    guard isTiled ? count > 0 && size.isMultiple(of: count) : size == count else {
      throw VMapError(
        .shapeMismatch,
        "\(name): dimension \(split) of \(type) should be \(isTiled ? "a multiple of " : "")"
          + "\(count), the number of examples")
    }
  }

  var inverse: PartExchange {
    var inverse = self
    swap(&inverse.split, &inverse.concat)
    return inverse
  }

  func callAsFunction(_ x: TensorHandle, _ axes: NamedAxes) throws(VMapError) -> TensorHandle {
    var parts = x
    if isTiled {
      var shape = x.sizes
      shape.replaceSubrange(split...split, with: [count, shape[split] / count])
      parts = try x.reshaped(to: shape)
    }
    let received = try axes.taken(try axes.gathered(parts, along: 0), along: split + 1)
    var order = Array(1..<received.sizes.count)
    order.insert(0, at: concat)
    let moved = Term(received).transposed(order).handle
    return isTiled ? try moved.merging(2, from: concat) : moved
  }
}
