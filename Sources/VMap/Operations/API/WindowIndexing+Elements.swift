/// The elements that a subscript names, read and replaced.
extension WindowIndexing {
  /// The elements; indices outside are brought to the nearest edge, or give a value of their own.
  func gather(_ x: TensorHandle, outside fill: TensorHandle? = nil) throws(VMapError)
    -> TensorHandle
  {
    for (dimension, item) in items.enumerated() where source[dimension] == 0 {
      guard case .tensor = item, !arrayShape.contains(0) else { continue }
      throw VMapError(
        .invalidArgument,
        "\(name): axis \(dimension) of shape \(source.shapeText) has no element to take")
    }
    let taken = try TensorHandle.step(Gather(dimensions: dimensions, sizes: sizes), x, vectors())
    let result = try taken.reshaped(to: shape)
    guard let fill, let isInside = try isInside() else { return result }
    let places = arrayShape.indices.map { arrayStart.shape + $0 }
    let mask = try TensorHandle.step(Broadcast(shape: shape, dimensions: places), isInside)
    return try .elementwise("select", mask, result, fill)
  }

  /// Whether all tensors are inside of their dimensions.
  private func isInside() throws(VMapError) -> TensorHandle? {
    var result: TensorHandle?
    for (dimension, item) in items.enumerated() {
      guard case .tensor(let tensor) = item else { continue }
      let (type, size) = (indexType, source[dimension])
      let index = try tensor.fromStart(of: size, as: type).broadcast(to: arrayShape)
      let own = try TensorHandle.elementwise(
        "and", .elementwise("ge", index, .integer(0, type)),
        .elementwise("lt", index, .integer(size, type)))
      result = if let known = result { try .elementwise("and", known, own) } else { own }
    }
    return result
  }

  /// A tensor with the elements combined with values, which are repeated to fill their shape.
  func scatter(
    _ x: TensorHandle, _ values: TensorHandle,
    _ combine: @escaping ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> TensorHandle {
    guard try [Int].broadcasting([values.sizes, shape], for: name) == shape else {
      throw VMapError(
        .shapeMismatch,
        "\(name): values of shape \(values.sizes.shapeText) do not fit the indexed shape "
          + shape.shapeText)
    }
    let updates = try values.broadcast(to: shape).reshaped(to: windows)
    let results = TensorHandle.apply(
      Scatter(dimensions: dimensions), [x, try vectors(), updates], as: [x.element],
      regions: [combine])
    if case .failed(let error) = results[0].current { throw error }
    return results[0]
  }
}
