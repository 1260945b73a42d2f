extension DifferentiatedCall {
  /// The derivatives of the one result for each tensor of the first argument.
  func jacobiansOfFirst(_ mode: JacobianMode) throws(VMapError) -> [TensorHandle] {
    let handles = handles
    let first = Array(handles.prefix(firstCount))
    return try tryTraced(reading: handles) { trace throws(VMapError) in
      let result = try self.resultTypes(in: trace)[0]
      let arguments = first.filter(\.element.isInexact).reduce(0) { $0 + $1.type.count }
      var jacobians: [TensorHandle?]
      if mode.isForward(arguments, result.count) {
        jacobians = []
        for number in first.indices {
          jacobians.append(try self.forwardJacobians(for: number, trace)?[0])
        }
      } else {
        jacobians = try self.reverseJacobians(of: 0, first.count, trace)
      }
      var results: [TensorHandle] = []
      for (jacobian, leaf) in zip(jacobians, first) {
        let zeros = Term(leaf).filled(result.shape + leaf.sizes, 0).handle
        results.append(try jacobian?.converted(to: leaf.element) ?? zeros)
      }
      return results
    }
  }

  /// The derivatives of each tensor of the result for the one of the arguments.
  func jacobianOfResults(_ mode: JacobianMode) throws(VMapError) -> Output {
    let handles = handles
    let results = try tryTraced(reading: handles) { trace throws(VMapError) in
      let types = try self.resultTypes(in: trace)
      let size = types.filter(\.element.isInexact).reduce(0) { $0 + $1.count }
      var jacobians: [TensorHandle?]
      if mode.isForward(handles[0].type.count, size) {
        jacobians = try self.forwardJacobians(for: 0, trace) ?? []
      } else {
        jacobians = []
        for (number, type) in types.enumerated() {
          jacobians +=
            try type.element.isInexact ? self.reverseJacobians(of: number, 1, trace) : [nil]
        }
      }
      var results: [TensorHandle] = []
      for (jacobian, type) in zip(jacobians, types) {
        let zeros = Term(.constant(0, type.element)).filled(type.shape + handles[0].sizes, 0)
        results.append(
          try type.element.isInexact
            ? jacobian?.converted(to: type.element) ?? zeros.handle : zeros.handle)
      }
      return results
    }
    return try output(results)
  }

  /// The second derivatives of the one result, a scalar, for the first tensor.
  func hessian() throws(VMapError) -> TensorHandle {
    let handles = handles
    return try tryTraced(reading: handles) { trace throws(VMapError) in
      try trace.forwardJacobian(handles, handles.indices.map { $0 == 0 }) { inner in
        let (results, pullBack) = try trace.pullBack(
          inner, wanted: inner.indices.map { $0 == 0 }, self.results)
        let gradient = try pullBack([try self.unit(like: results[0])])[0]
        return [gradient ?? Term(inner[0]).zeros.handle]
      }
    }[0]
  }

  /// The derivatives of all results for one of the tensors; nil for one of integers.
  private func forwardJacobians(
    for number: Int, _ trace: Trace
  ) throws(VMapError) -> [TensorHandle]? {
    let handles = handles
    guard handles[number].element.isInexact else { return nil }
    return try trace.forwardJacobian(handles, handles.indices.map { $0 == number }, results)
  }

  /// The derivatives of a result for the first tensors; nil for those of integers.
  private func reverseJacobians(
    of result: Int, _ count: Int, _ trace: Trace
  ) throws(VMapError) -> [TensorHandle?] {
    let wanted = handles.enumerated().map { $0 < count && $1.element.isInexact }
    var found = try trace.reverseJacobian(handles, wanted: wanted) {
      [try self.results($0)[result]]
    }[...]
    return wanted.prefix(count).map { $0 ? found.popFirst() : nil }
  }
}

extension JacobianMode {
  /// Whether derivatives of so many elements for so many are made forward.
  fileprivate func isForward(_ arguments: Int, _ results: Int) -> Bool {
    switch self {
    case .byShape: arguments <= results
    case .forward: true
    case .reverse: false
    }
  }
}
