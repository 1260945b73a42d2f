/// Every element of the result is a sum of changes: of the element that was there and of the updates that
/// reach it, each weighted by how the function of elements combines them.
extension Scatter: Differentiable {
  var choosesElements: Bool { true }

  func tangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    let (tensor, indices, updates) = (site.operands[0], site.operands[1], site.operands[2])
    let weights = try weights(at: site)
    let old = changes[0].map(weights.tensor) ?? tensor.zeros
    let new = changes[2].map(weights.updates) ?? updates.zeros
    return [try site.scatterAdding(self, old, indices, new)]
  }

  func cotangents(_ changes: [Term?], at site: DerivativeSite) throws(VMapError) -> [Term?] {
    guard let change = changes[0] else { return [nil, nil, nil] }
    let weights = try weights(at: site)
    return [
      weights.tensor(change), nil,
      site.wanted[2] ? weights.updates(try read(change, at: site)) : nil,
    ]
  }

  private typealias Weights = (tensor: (Term) -> Term, updates: (Term) -> Term)

  /// What counts of a change of each element of the tensor, and of each update.
  private func weights(at site: DerivativeSite) throws(VMapError) -> Weights {
    guard site.operands.count == 3 else {
      throw VMapError(
        .notDifferentiable, "scatter: of several tensors at once has no derivative")
    }
    let isInside = isInside(site.operands[1], of: site.operands[0].sizes, site.operands[2].sizes)
    switch site.regions[0].combination {
    case .sum: return ({ $0 }, { $0.kept(where: isInside) })
    case .replacement: return try replacementWeights(isInside, at: site)
    case .extreme: return try extremeWeights(isInside, at: site)
    case .product: return try productWeights(isInside, at: site)
    case nil:
      throw VMapError(
        .notDifferentiable, "scatter: of such a function of elements has no derivative")
    }
  }

  /// Of several updates of one element the last one counts.
  private func replacementWeights(
    _ isInside: Term, at site: DerivativeSite
  ) throws(VMapError) -> Weights {
    let (tensor, indices, updates) = (site.operands[0], site.operands[1], site.operands[2])
    let count = updates.sizes.saturatingProduct()
    let own = Term([], as: .int32) { try .iota(.int32, [count], along: 0) }
      .reshaped(to: updates.sizes)
    let last = try site.scattering(
      self, Term.index(-1).filled(tensor.sizes, -1), indices, own
    ) { $1 }
    let isLast = (try read(last, at: site) .== own) .&& isInside
    return ({ $0.kept(where: last .< .index(0)) }, { $0.kept(where: isLast) })
  }

  /// Those that are equal to the result share its change.
  private func extremeWeights(
    _ isInside: Term, at site: DerivativeSite
  ) throws(VMapError) -> Weights {
    let (tensor, indices, updates) = (site.operands[0], site.operands[1], site.operands[2])
    let result = site.results[0]
    let isOld = tensor .== result
    let isNew = (try read(result, at: site) .== updates) .&& isInside
    let count = try site.scatterAdding(
      self, isOld.converted(to: tensor.element), indices, isNew.converted(to: tensor.element))
    let counts = try read(count, at: site)
    return ({ ($0 / count).kept(where: isOld) }, { ($0 / counts).kept(where: isNew) })
  }

  /// Each is weighted by the product of the others, for which zeros are counted.
  private func productWeights(
    _ isInside: Term, at site: DerivativeSite
  ) throws(VMapError) -> Weights {
    let (tensor, indices, updates) = (site.operands[0], site.operands[1], site.operands[2])
    func isZero(_ term: Term) -> Term { term .== term.constant(0) }
    func withoutZeros(_ term: Term) -> Term { .select(isZero(term), term.constant(1), term) }
    let product = try site.scattering(
      self, withoutZeros(tensor), indices, withoutZeros(updates)
    ) { $0 * $1 }
    let zeros = try site.scatterAdding(
      self, isZero(tensor).converted(to: .int32), indices, isZero(updates).converted(to: .int32))
    func others(_ own: Term, _ product: Term, _ zeros: Term) -> Term {
      let least = isZero(own).converted(to: .int32)
      return (product / withoutZeros(own)).kept(where: zeros .== least)
    }
    let old = others(tensor, product, zeros)
    let new = others(updates, try read(product, at: site), try read(zeros, at: site))
      .kept(where: isInside)
    return ({ $0 * old }, { $0 * new })
  }

  /// The elements of a tensor that the updates reach, those of windows beyond an edge moved inside.
  private func read(_ tensor: Term, at site: DerivativeSite) throws(VMapError) -> Term {
    let (shape, windows) = (tensor.sizes, site.operands[2].sizes)
    if shape.contains(0) || windows.contains(0) { return tensor.filled(windows, 0) }
    let sizes = windowSizes(windows, rank: shape.count)
    let starts = dimensions.clamped(site.operands[1], to: lastStarts(shape, sizes))
    return try site.apply(Gather(dimensions: dimensions, sizes: sizes), tensor, starts)
  }

  /// For each update whether its window lies inside.
  private func isInside(_ indices: Term, of shape: [Int], _ windows: [Int]) -> Term {
    let sizes = windowSizes(windows, rank: shape.count)
    var wide = indices
    if wide.element.byteCount < 4 { wide = wide.converted(to: .int32) }
    var isInside = wide .== dimensions.clamped(indices, to: lastStarts(shape, sizes))
    if dimensions.vector < indices.sizes.count {
      isInside = isInside.reduced(.and, over: [dimensions.vector])
    }
    return isInside.repeated(to: windows, along: dimensions.window)
  }

  private func lastStarts(_ shape: [Int], _ sizes: [Int]) -> [Int] {
    dimensions.indexed.map { shape[$0] - max(1, sizes[$0]) }
  }
}

extension Region {
  /// What a function makes of an element and an update.
  fileprivate enum Combination {
    case sum, replacement, product, extreme
  }

  /// What the region makes of its two parameters, if it is known.
  fileprivate var combination: Combination? {
    guard parameters.count == 2, results.count == 1 else { return nil }
    if results[0] == parameters[1] { return .replacement }
    guard let made = producer(of: results[0]), Set(made.operands) == Set(parameters) else {
      return nil
    }
    switch made.operation.name {
    case "add": return .sum
    case "mul": return .product
    case "max", "min": return .extreme
    default: return nil
    }
  }
}
