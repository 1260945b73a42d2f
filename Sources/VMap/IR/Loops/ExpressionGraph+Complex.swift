extension ElementType {
  /// The types of the numbers that an element is made of.
  var parts: [ElementType] { [ElementType](repeating: part, count: partCount) }
}

/// Complex numbers as pairs of real ones.
extension ExpressionGraph {
  /// The numbers that an element is made of: two of a complex one.
  func parts(of element: Expression) -> [Expression] {
    if case .pair(let real, let imaginary) = self[element] { return [real, imaginary] }
    return [element]
  }

  func parts(of elements: [Expression]) -> [Expression] { elements.flatMap(parts) }

  /// An element of a type from the numbers that it is made of.
  func element(_ type: ElementType, from parts: [Expression]) -> Expression {
    type.isComplex ? make(.pair(parts[0], parts[1])) : parts[0]
  }

  /// Elements of several types from the numbers that they are made of, one after another.
  func elements(of types: [ElementType], from parts: [Expression]) -> [Expression] {
    var rest = parts[...]
    return types.map { type in
      defer { rest = rest.dropFirst(type.partCount) }
      return element(type, from: Array(rest.prefix(type.partCount)))
    }
  }

  /// The reduction whose result an element is.
  func reduction(of element: Expression) -> Int? {
    var ids: Set<Int> = []
    for part in parts(of: element) {
      guard case .reduced(let id, _, _) = self[part] else { return nil }
      ids.insert(id)
    }
    return ids.count == 1 ? ids.first : nil
  }

  func literal(_ value: ScalarLiteral) -> Expression {
    element(value.type, from: value.parts.map { make(.literal($0)) })
  }

  /// An element of a buffer, in which the parts of a complex number lie side by side.
  func load(_ buffer: ValueID, _ offset: Expression, _ type: ElementType) -> Expression {
    element(
      type,
      from: (0..<type.partCount).map { part in
        make(.load(buffer: buffer, offset: partOffset(offset, part, of: type), type.part))
      })
  }

  /// Where a part of an element lies, counted in parts.
  func partOffset(_ offset: Expression, _ part: Int, of type: ElementType) -> Expression {
    add(multiply(offset, type.partCount), index(part))
  }
}
