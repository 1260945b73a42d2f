// Operations across the examples of an enclosing `vmap` whose axis has a name:
//
//     try vmap(
//       inAxes: [0], axisName: "batch",
//       { (x: Tensor<Float>) in x - x.mean(over: "batch") })(xs)
//
// Outside of such a `vmap` they give a tensor whose reading throws ``VMapError/Kind/unboundAxisName``.

extension Tensor where Scalar: TensorNumber {
  /// The sum over all examples along a named axis, the same for each; a value that does not vary
  /// counts once for each example.
  ///
  /// After `lax.psum`.
  public func sum(over axisName: String) -> Tensor { combined(.sum, over: axisName) }

  /// The greatest value among the examples along a named axis.
  ///
  /// After `lax.pmax`.
  public func max(over axisName: String) -> Tensor { combined(.maximum, over: axisName) }

  /// The least value among the examples along a named axis.
  ///
  /// After `lax.pmin`.
  public func min(over axisName: String) -> Tensor { combined(.minimum, over: axisName) }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The mean of all examples along a named axis.
  ///
  /// After `lax.pmean`.
  public func mean(over axisName: String) -> Tensor {
    let name = "mean(over: \"\(axisName)\")"
    return combined(.sum, over: axisName, for: name)
      / Tensor(1).combined(.sum, over: axisName, for: name)
  }
}

extension Tensor where Scalar == Bool {
  /// Whether it holds for any of the examples along a named axis.
  public func any(over axisName: String) -> Tensor { combined(.or, over: axisName) }

  /// Whether it holds for all examples along a named axis.
  public func all(over axisName: String) -> Tensor { combined(.and, over: axisName) }
}

extension Tensor {
  /// The values of all examples along a named axis, stacked along a new dimension: the same for each
  /// example.
  ///
  ///     x.allGather(over: "batch")                      // [3] → [n, 3], for a batch of n
  ///     x.allGather(over: "batch").product(axis: 0)     // what has no collective of its own
  ///
  /// - Parameters:
  ///   - axisName: The name of the axis.
  ///   - axis: Where the new dimension is in the result.
  ///
  /// A dimension that is not possible gives a tensor whose reading throws. After `lax.all_gather`.
  public func allGather(over axisName: String, axis: Int = 0) -> Tensor {
    Tensor(handle) {
      let name = "allGather(over: \"\(axisName)\")"
      let (trace, number) = try Trace.enclosing(axisName, name)
      let dimension = try (handle.shape + [1]).dimension(axis, for: name)
      return trace.emit(AllGather(axis: number, dimension: dimension), [handle])[0]
    }
  }
}

/// The position of the example along a named axis of an enclosing `vmap`, a scalar.
///
/// After `lax.axis_index`.
public func axisIndex(_ axisName: String) -> Tensor<Int32> {
  Tensor<Int32> {
    let (trace, axis) = try Trace.enclosing(axisName, "axisIndex(\"\(axisName)\")")
    return trace.emit(AxisIndex(axis: axis), [])[0]
  }
}

/// The number of examples along a named axis of an enclosing `vmap`, a scalar.
///
/// After `lax.axis_size`.
public func axisSize(_ axisName: String) -> Tensor<Int32> {
  Tensor<Int32>(1).combined(.sum, over: axisName, for: "axisSize(\"\(axisName)\")")
}

extension Tensor {
  fileprivate func combined(
    _ kind: Reduce.Kind, over axisName: String, for name: String? = nil
  ) -> Tensor {
    Tensor(handle) {
      let name = name ?? "\(kind.functionName)(over: \"\(axisName)\")"
      let (trace, axis) = try Trace.enclosing(axisName, name)
      return trace.emit(AxisReduce(kind: kind, axis: axis), [handle])[0]
    }
  }
}

extension Trace {
  /// The trace being written and what a name stands for in it; a name that is bound to nothing is the
  /// trace's error.
  fileprivate static func enclosing(
    _ axisName: String, _ operation: String
  ) throws(VMapError) -> (Trace, axis: Int) {
    guard let trace = Trace.current else {
      throw VMapError(
        .unboundAxisName,
        "\(operation): there is no enclosing vmap, and so none with the axis name \"\(axisName)\"")
    }
    do throws(VMapError) {
      return (trace, try trace.axis(named: axisName))
    } catch {
      let error = error.prefixed("\(operation): ")
      trace.record(error)
      throw error
    }
  }
}
