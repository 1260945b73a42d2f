/// Elements and windows.
extension Term {
  private func first(_ indices: [Term?]) -> [TensorHandle] {
    indices.map { ($0 ?? .index(0)).handle }
  }

  func window(_ indices: [Term?]) -> Term {
    let whole = sizes
    let sizes = zip(indices, whole).map { $0 == nil ? $1 : 1 }
    let shape = zip(indices, whole).compactMap { $0 == nil ? $1 : nil }
    let operands = [self] + indices.compactMap(\.self)
    return Term(operands, as: element) {
      try TensorHandle.step(DynamicSlice(sizes: sizes), [handle] + first(indices))
        .reshaped(to: shape)
    }
  }

  func setting(_ indices: [Term?], _ value: Term) -> Term {
    let sizes = zip(indices, sizes).map { $0 == nil ? $1 : 1 }
    let operands = [self, value] + indices.compactMap(\.self)
    return Term(operands, as: element) {
      try .step(
        DynamicUpdateSlice(), [handle, value.handle.reshaped(to: sizes)] + first(indices))
    }
  }

  subscript(index: Term) -> Term { window([index]) }
  subscript(row: Term, column: Term) -> Term { window([row, column]) }
  func row(_ row: Term) -> Term { window([row, nil]) }
  func column(_ column: Term) -> Term { window([nil, column]) }

  func setting(_ index: Term, to value: Term) -> Term { setting([index], value) }
  func setting(_ row: Term, _ column: Term, to value: Term) -> Term {
    setting([row, column], value)
  }
  func settingRow(_ row: Term, to values: Term) -> Term { setting([row, nil], values) }
  func settingColumn(_ column: Term, to values: Term) -> Term { setting([nil, column], values) }
}
