/// A loop over the elements of a value: over a dimension, or over a map axis.
enum ElementLoop: Hashable, Sendable {
  case dimension(Int)
  case axis(Int)
}

/// What the elements of a value are made of, and how that lies in memory, as far as the program says so.
///
/// It is the same whatever a schedule stores or computes again: what is made element by element is made
/// of what its operands are made of, everything else is taken to lie in row-major order.
struct ElementLayout: Hashable, Sendable {
  /// A value that is read for each element.
  struct Factor: Hashable, Sendable {
    /// The loops that it varies over, without those of one iteration, and how long they are: an axis is
    /// as long as any.
    var loops: [ElementLoop: Int]
    /// The loop along which its elements are neighbours in memory; nil where it has one element.
    var fastest: ElementLoop?

    /// Whether another one has all of its loops, and more or the same order.
    fileprivate func isPart(of other: Factor) -> Bool {
      loops.allSatisfy { other.loops[$0.key] != nil }
        && (other.loops.count > loops.count || other.fastest == fastest)
    }

    /// How many elements of a result over some loops one of its elements is used for.
    func uses(over loops: [ElementLoop: Int]) -> Int {
      loops.filter { self.loops[$0.key] == nil }.map(\.value).saturatingProduct()
    }
  }

  /// None of them is a part of another.
  private(set) var factors: [Factor]

  /// The most factors that are told apart.
  private static let mostFactors = 8
  /// What is used so often is read from a cache or a register.
  private static let manyUses = 16
  /// So many elements lie near enough to be read together.
  private static let nearNeighbours = 4

  init(rowMajor type: ValueType) {
    factors = [Factor(loops: ElementLayout.loops(of: type), fastest: nil)]
    let dimension = type.shape.indices.last { type.shape[$0] != .constant(1) }
    factors[0].fastest =
      dimension.map(ElementLoop.dimension) ?? type.axes.ids.last.map(ElementLoop.axis)
  }

  /// The layout of elements that are made of those of several values.
  init(combining layouts: [ElementLayout], as type: ValueType) {
    var distinct: [Factor] = []
    for factor in layouts.flatMap(\.factors)
    where !distinct.contains(where: factor.isPart) {
      distinct.removeAll { $0.isPart(of: factor) }
      distinct.append(factor)
    }
    self.init(rowMajor: type)
    if distinct.count <= ElementLayout.mostFactors { factors = distinct }
  }

  private static func loops(of type: ValueType) -> [ElementLoop: Int] {
    var loops: [ElementLoop: Int] = [:]
    for axis in type.axes.ids { loops[.axis(axis)] = .max }
    for (dimension, extent) in type.shape.enumerated() where extent != .constant(1) {
      loops[.dimension(dimension)] = extent.constant ?? .max
    }
    return loops
  }

  /// The layout of a view: what each loop is there, or nil where it has no part in it.
  func view(as type: ValueType, _ image: (ElementLoop) -> ElementLoop?) -> ElementLayout {
    let sizes = ElementLayout.loops(of: type)
    var own = self
    for number in own.factors.indices {
      own.factors[number].loops = [:]
      for loop in factors[number].loops.keys {
        guard let new = image(loop), let size = sizes[new] else { continue }
        own.factors[number].loops[new] = size
      }
      own.factors[number].fastest = factors[number].fastest.flatMap(image)
        .flatMap { sizes[$0] == nil ? nil : $0 }
    }
    return ElementLayout(combining: [own], as: type)
  }

  /// How elements are read that are combined over some loops.
  struct Reading: Hashable {
    /// Which of those loops neighbours lie along.
    let position: Int
    /// Whether something is used for several results.
    let isReused: Bool
  }

  /// How elements are read that are combined over some loops; nil where not one after another, or where
  /// all that is read is used for many results.
  func reading(along combined: [ElementLoop]) -> Reading? {
    var kept: [ElementLoop: Int] = [:]
    for factor in factors { kept.merge(factor.loops) { size, _ in size } }
    for loop in combined { kept[loop] = nil }
    let read = factors.filter { factor in combined.contains { factor.loops[$0] != nil } }
    let streamed = read.filter { $0.uses(over: kept) < ElementLayout.manyUses }
    let places = streamed.map { factor in factor.fastest.flatMap(combined.firstIndex) }
    guard let place = places.first, let place, places.allSatisfy({ $0 == place }) else {
      return nil
    }
    let isReused = streamed.contains { $0.uses(over: kept) > 1 }
    let isNear = read.allSatisfy { factor in
      factor.fastest == combined[place]
        || factor.fastest.flatMap { factor.loops[$0] } ?? .max <= ElementLayout.nearNeighbours
    }
    return isReused && !isNear ? nil : Reading(position: place, isReused: isReused)
  }
}

extension Program {
  /// How the elements of each value lie, over all regions.
  func layouts() -> [ValueID: ElementLayout] {
    var layouts: [ValueID: ElementLayout] = [:]
    body.forEachInstruction { instruction in
      let operands = instruction.operands.map {
        layouts[$0] ?? ElementLayout(rowMajor: types[$0])
      }
      for result in instruction.results {
        layouts[result] = instruction.operation.layout(
          operands, of: instruction.operands.map { types[$0] }, as: types[result])
      }
    }
    return layouts
  }
}
