extension Vectorized {
  /// Calls the function on slices of the batch, at most `size` examples each, and puts the results
  /// together; nil where the batch is not larger.
  func chunked(_ inputs: repeat each Input, size: Int) throws(VMapError) -> Output? {
    var whole = levels
    whole[0].chunk = nil
    let inner = Vectorized(function: function, levels: whole, output: output)
    let leaves = try inner.leaves(repeat each inputs)
    let axes = try ResolvedAxes(levels, leaves)
    let count = axes.sizes[0]
    guard count > size else { return nil }
    whole[0].axisSize = nil
    return nil
  }
}
