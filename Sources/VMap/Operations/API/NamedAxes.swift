/// The map axes that names stand for where an operation goes across examples.
struct NamedAxes {
  let trace: Trace
  /// The axes, of which the last counts fastest.
  let ids: [Int]

  /// Finds axes; a name that is bound to nothing is the trace's error.
  ///
  /// - Parameter operation: What errors call the operation.
  init(_ names: [String], _ operation: String) throws(VMapError) {
    guard let trace = Trace.current else {
      throw VMapError(
        .unboundAxisName,
        "\(operation): there is no enclosing vmap, and so none with the axis name \"\(names[0])\"")
    }
    do throws(VMapError) {
      var ids: [Int] = []
      for name in names { ids += try trace.axes(named: name) }
      guard Set(ids).count == ids.count else {
        throw VMapError(
          .invalidArgument, "the axis names \(Self.list(names)) should be those of different axes")
      }
      self.trace = trace
      self.ids = ids
    } catch {
      let error = error.prefixed("\(operation): ")
      trace.record(error)
      throw error
    }
  }

  init(_ trace: Trace, _ ids: [Int]) {
    self.trace = trace
    self.ids = ids
  }

  /// Names as they are written in a call.
  static func list(_ names: [String]) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  /// A call with names, as errors tell it.
  static func text(of name: String, _ names: [String]) -> String { "\(name)(over: \(list(names)))" }

  /// How many examples there are, which the program then holds fixed.
  var count: Int { ids.reduce(1) { $0 * trace.pinnedExtent(of: $1) } }

  /// The position of an example among all of them.
  var index: Term {
    get throws(VMapError) {
      var index: Term?
      for axis in ids {
        let own = Term(try .step(AxisIndex(axis: axis), in: trace))
        index = index.map { $0 * .index(trace.pinnedExtent(of: axis)) + own } ?? own
      }
      return index ?? .index(0)
    }
  }

  /// The values of all examples along a new dimension, in order; the same for each.
  func gathered(_ handle: TensorHandle, along dimension: Int) throws(VMapError) -> TensorHandle {
    var all = handle
    for axis in ids.reversed() {
      all = try .step(AllGather(axis: axis, dimension: dimension), in: trace, all)
    }
    return ids.count == 1 ? all : try all.merging(ids.count, from: dimension)
  }

  /// What each example finds at its own position along a dimension of a tensor that is the same for all.
  func taken(_ handle: TensorHandle, along dimension: Int) throws(VMapError) -> TensorHandle {
    var own = handle
    if ids.count > 1 {
      var shape = handle.sizes
      shape.replaceSubrange(
        dimension...dimension, with: ids.map { trace.pinnedExtent(of: $0) })
      own = try handle.reshaped(to: shape)
    }
    for axis in ids { own = try .step(BindAxis(axis: axis, dimension: dimension), in: trace, own) }
    return own
  }
}

extension TensorHandle {
  /// Applies an operation with one result, in a trace whatever its operands are.
  fileprivate static func step(
    _ operation: any Operation, in trace: Trace, _ operands: TensorHandle...
  ) throws(VMapError) -> TensorHandle {
    let result = trace.emit(operation, operands)[0]
    if case .failed(let error) = result.current { throw error }
    return result
  }

  /// The elements with several neighbouring dimensions as one.
  func merging(_ count: Int, from dimension: Int) throws(VMapError) -> TensorHandle {
    var shape = sizes
    let merged = shape[dimension..<dimension + count].saturatingProduct()
    shape.replaceSubrange(dimension..<dimension + count, with: [merged])
    return try reshaped(to: shape)
  }
}
