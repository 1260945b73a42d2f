extension ValueType {
  /// The type as it is printed: `f32[3,n0]{a0}`, the axes left out where there are none.
  var text: String {
    let shape = "\(element.rawValue)[\(shape.map(\.text).joined(separator: ","))]"
    return axes.isEmpty ? shape : "\(shape){\(axes.ids.map { "a\($0)" }.joined(separator: ","))}"
  }
}

extension Extent {
  /// The extent as it is printed: `3`, `n0`, `blocks(n0,64)`, `product(n0,3)`.
  var text: String {
    switch self {
    case .constant(let value): "\(value)"
    case .symbol(let symbol): "\(symbol.isTotal ? "t" : "n")\(symbol.id)"
    case .ragged(let axis, _): "r\(axis)"
    case .blocks(let extent, let size): "blocks(\(extent.text),\(size))"
    case .product(let factors): "product(\(factors.map(\.text).joined(separator: ",")))"
    }
  }
}

extension MapAxis {
  /// The axis as it is declared: `a0:n0 "batch"`, or `a0:n1 window(n0,n2) "batch"`.
  var text: String {
    let text = (["a\(id):\(extent.text)"] + windows.map(\.text)).joined(separator: " ")
    return name.map { "\(text) \($0.quotedText)" } ?? text
  }
}

extension AxisWindow {
  /// The window as it is printed: `window(n0,n2)`, the whole and where it begins there.
  var text: String { "window(\(whole.text),n\(start.id))" }
}

extension ResultWindow {
  /// The window as it is printed: `window(n0,n2) 1`, with the dimension that it goes along.
  var text: String { "\(window.text) \(dimension)" }
}

extension Int {
  /// A size as it is printed: the lengths of examples whose rows go along an axis as `r1`.
  var dimensionText: String { raggedAxis.map { "r\($0)" } ?? String(self) }
}

extension String {
  /// The string in quotation marks, on one line.
  var quotedText: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
