/// A part of a longer dimension, whose place is known when a program runs.
struct AxisWindow: Hashable, Sendable {
  /// How long the dimension is.
  let whole: Extent
  /// Where the part begins.
  let start: Symbol
}

/// A result of a program that is a part of a longer tensor.
struct ResultWindow: Hashable, Sendable {
  let dimension: Int
  let window: AxisWindow
}

extension MapAxis {
  /// How many examples there are, of which a run may compute a part.
  var whole: Extent { windows.first?.whole ?? extent }

  /// The window for dimensions of a length that is not the axis's.
  func window(in extent: Extent) -> AxisWindow? {
    extent == self.extent ? nil : windows.first { $0.whole == extent }
  }

  /// Whether the axis can go through dimensions of a length.
  func accepts(_ extent: Extent) -> Bool {
    extent == self.extent || windows.contains { $0.whole == extent }
  }
}

extension Program {
  /// The window that a value is, if it is a result that is one.
  private func window(of value: ValueID) -> ResultWindow? {
    guard !resultWindows.isEmpty, let position = body.results.firstIndex(of: value) else {
      return nil
    }
    return resultWindows[position]
  }

  /// The dimensions of a value's buffer.
  func storedExtents(of value: ValueID) -> [Extent] {
    var extents = bufferExtents(of: value)
    guard let window = window(of: value) else { return extents }
    extents[types[value].axes.ids.count + window.dimension] = window.window.whole
    return extents
  }

  /// Where an element lies in a value's buffer.
  ///
  /// - Parameter index: Its place along each of the buffer's extents.
  func offset(of value: ValueID, at index: [Expression], _ graph: ExpressionGraph) -> Expression {
    var index = index
    if let window = window(of: value) {
      let place = types[value].axes.ids.count + window.dimension
      index[place] = graph.add(index[place], graph.index(.symbol(window.window.start)))
    }
    return graph.rowMajor(index, storedExtents(of: value))
  }
}
