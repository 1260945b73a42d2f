/// The derivatives of a function that is traced where they are wanted: what they write is part of the
/// program like anything else.
extension Trace {
  /// A function that was traced to be differentiated.
  private struct Traced {
    let region: Region
    let arguments: [ValueID]
    let axes: Set<Int>
  }

  private func traced(
    _ arguments: [TensorHandle], _ function: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> Traced {
    let values = try values(for: arguments)
    for value in values { pinExtents(of: value) }
    let (region, axes) = try regionWithAxes(values.map(type(of:)), function)
    if let error { throw error }
    return Traced(region: region, arguments: values, axes: Set(axes))
  }

  /// What a function gives, and how that changes where arguments do.
  ///
  /// - Parameters:
  ///   - changes: How each argument changes; nil where it does not.
  ///   - paths: What errors call the arguments.
  func pushForward(
    _ arguments: [TensorHandle], _ changes: [TensorHandle?], paths: [String]? = nil,
    _ function: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> (results: [TensorHandle], changes: [TensorHandle?]) {
    let traced = try traced(arguments, function)
    return try reopeningAxes { () throws(VMapError) in
      var pass = ForwardPass(
        self, innerAxes: traced.axes, origins: Origins(arguments, paths))
      let (results, tangents) = try pass.run(
        traced.region, traced.arguments, changes.map { $0.map(Term.init) })
      if let error { throw error }
      return (results.map { term($0).handle }, tangents.map { $0?.handle })
    }
  }

  /// What a function gives, and a function that makes of how much each result counts how much each
  /// argument does.
  ///
  /// - Parameters:
  ///   - wanted: Which arguments are meant; those of integers never count.
  ///   - paths: What errors call the arguments.
  func pullBack(
    _ arguments: [TensorHandle], wanted: [Bool], paths: [String]? = nil,
    _ function: ([TensorHandle]) throws -> [TensorHandle]
  ) throws(VMapError) -> (
    results: [TensorHandle],
    pullBack: @Sendable ([TensorHandle?]) throws(VMapError) -> [TensorHandle?]
  ) {
    let traced = try traced(arguments, function)
    let changing = zip(arguments, wanted).map { $0.element.isInexact && $1 }
    var pass = ReversePass(
      self, innerAxes: traced.axes, origins: Origins(arguments, paths))
    let results = try reopeningAxes { () throws(VMapError) in
      try pass.forward(traced.region, traced.arguments, changing: changing)
    }
    if let error { throw error }
    let forward = pass
    return (
      results.map { term($0).handle },
      { cotangents throws(VMapError) in
        try self.reopeningAxes { () throws(VMapError) in
          var pass = forward
          try pass.backward(traced.region.results, cotangents.map { $0.map(Term.init) })
          if let error = self.error { throw error }
          return traced.region.parameters.map { pass.cotangents[$0]?.handle }
        }
      }
    )
  }
}

extension Origins {
  fileprivate init(_ arguments: [TensorHandle], _ paths: [String]?) {
    self.init(paths ?? arguments.indices.map { "argument \($0)" })
  }
}

extension Differentiable {
  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    try transposed(changes, at: site)
  }

  /// The transpose of what ``tangents(_:at:)`` writes: tangents are linear, so that they can be
  /// differentiated at any changes.
  func transposed(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let wanted = site.wanted.indices.filter { site.wanted[$0] }
    var values: [ValueID] = []
    for operand in wanted {
      values.append(try site.trace.value(for: site.operands[operand].handle))
    }
    var present: [Int] = []
    let types = values.map(site.trace.type(of:))
    let (region, axes) = try site.trace.regionWithAxes(types) { parameters in
      var given = [Term?](repeating: nil, count: site.operands.count)
      for (operand, parameter) in zip(wanted, parameters) { given[operand] = Term(parameter) }
      let tangents = try self.tangents(given, at: site)
      present = tangents.indices.filter { tangents[$0] != nil && changes[$0] != nil }
      return present.compactMap { number in
        tangents[number]?.repeated(to: site.results[number].sizes).handle
      }
    }
    var pass = ReversePass(
      site.trace, innerAxes: site.innerAxes.union(axes),
      summedAxes: site.summedAxes.union(axes))
    _ = try pass.forward(region, values, changing: wanted.map { _ in true })
    try pass.backward(region.results, present.map { changes[$0] }, isMasked: site.isMasked)
    var result = [Term?](repeating: nil, count: site.operands.count)
    for (operand, parameter) in zip(wanted, region.parameters) {
      result[operand] = pass.cotangents[parameter]
    }
    return result
  }
}
