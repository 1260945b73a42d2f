// Operations across the examples of an enclosing `vmap` whose axis has a name:
//
//     try vmap(
//       inAxes: [0], axisName: "batch",
//       { (x: Tensor<Float>) in x - x.mean(over: "batch") })(xs)
//
// With several names they go across the examples of all of them together: `x.sum(over: "i", "j")`.
// Outside of such a `vmap` they give a tensor whose reading throws ``VMapError/Kind/unboundAxisName``.

extension Tensor where Scalar: TensorNumber {
  /// The sum over all examples along named axes, the same for each; a value that does not vary
  /// counts once for each example.
  ///
  /// After `lax.psum`.
  public func sum(over axisName: String, _ others: String...) -> Tensor {
    combined(.sum, over: [axisName] + others)
  }

  /// The product over all examples along named axes, the same for each; a value that does not vary
  /// counts once for each example.
  ///
  ///     vmap({ (x: Tensor<Float>) in x / x.product(over: "i") }, axisName: "i")
  ///
  /// Its derivative is one for the number of examples there are: another number compiles it again.
  public func product(over axisName: String, _ others: String...) -> Tensor {
    combined(.product, over: [axisName] + others)
  }

  /// The greatest value among the examples along named axes.
  ///
  /// After `lax.pmax`.
  public func max(over axisName: String, _ others: String...) -> Tensor {
    combined(.maximum, over: [axisName] + others)
  }

  /// The least value among the examples along named axes.
  ///
  /// After `lax.pmin`.
  public func min(over axisName: String, _ others: String...) -> Tensor {
    combined(.minimum, over: [axisName] + others)
  }
}

extension Tensor where Scalar: TensorFloatingPoint {
  /// The mean of all examples along named axes.
  ///
  /// After `lax.pmean`.
  public func mean(over axisName: String, _ others: String...) -> Tensor {
    let names = [axisName] + others
    let operation = NamedAxes.text(of: "mean", names)
    return combined(.sum, over: names, for: operation)
      / Tensor(1).combined(.sum, over: names, for: operation)
  }
}

extension Tensor where Scalar == Bool {
  /// Whether it holds for any of the examples along named axes.
  public func any(over axisName: String, _ others: String...) -> Tensor {
    combined(.or, over: [axisName] + others)
  }

  /// Whether it holds for all examples along named axes.
  public func all(over axisName: String, _ others: String...) -> Tensor {
    combined(.and, over: [axisName] + others)
  }
}

/// The position of the example along a named axis of an enclosing `vmap`, a scalar; along several
/// axes, the last of which counts fastest.
///
/// After `lax.axis_index`.
public func axisIndex(_ axisName: String, _ others: String...) -> Tensor<Int32> {
  Tensor<Int32> {
    let axes = try NamedAxes([axisName] + others, callText("axisIndex", [axisName] + others))
    return try axes.index.handle
  }
}

/// The number of examples along named axes of enclosing `vmap`s, a scalar.
///
/// After `lax.axis_size`.
public func axisSize(_ axisName: String, _ others: String...) -> Tensor<Int32> {
  let names = [axisName] + others
  return Tensor<Int32>(1).combined(.sum, over: names, for: callText("axisSize", names))
}

private func callText(_ name: String, _ axisNames: [String]) -> String {
  "\(name)(\(NamedAxes.list(axisNames)))"
}

extension Tensor {
  fileprivate func combined(
    _ kind: Reduce.Kind, over axisNames: [String], for operation: String? = nil
  ) -> Tensor {
    Tensor(handle) {
      let axes = try NamedAxes(
        axisNames, operation ?? NamedAxes.text(of: kind.functionName, axisNames))
      var result = handle
      for axis in axes.ids {
        result = axes.trace.emit(AxisReduce(kind: kind, axis: axis), [result])[0]
      }
      return result
    }
  }
}
