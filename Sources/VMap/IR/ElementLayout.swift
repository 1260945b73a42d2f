/// A loop over the elements of a value: over a dimension, or over a map axis.
enum ElementLoop: Hashable, Sendable {
  case dimension(Int)
  case axis(Int)
}

/// How the elements of a value lie in memory, as far as its program says so: those made element by
/// element of a parameter lie as that does, all others in row-major order.
///
/// It is the same whatever a schedule stores or computes again. A loop of one iteration is none.
struct ElementLayout: Hashable, Sendable {
  /// The loop along which neighbours lie; nil where there is one element.
  var fastest: ElementLoop?
  /// The loops of each of the values that elements are made of; none of them has all of another's.
  var factors: [Set<ElementLoop>]

  init(rowMajor type: ValueType) {
    let loops = ElementLayout.loops(of: type)
    fastest = loops.last
    factors = [Set(loops)]
  }

  private init(fastest: ElementLoop?, factors: [Set<ElementLoop>]) {
    self.fastest = fastest
    self.factors = factors
  }

  /// The loops over a value's elements, slowest first.
  private static func loops(of type: ValueType) -> [ElementLoop] {
    type.axes.ids.map(ElementLoop.axis)
      + type.shape.indices.filter { type.shape[$0] != .constant(1) }.map(ElementLoop.dimension)
  }

  /// All loops over the elements.
  var loops: Set<ElementLoop> { factors.reduce(into: []) { $0.formUnion($1) } }

  /// The layout of a view: what each loop is there, or nil where it has no part in it.
  func view(_ image: (ElementLoop) -> ElementLoop?) -> ElementLayout {
    ElementLayout(
      fastest: fastest.flatMap(image),
      factors: ElementLayout.widest(factors.map { Set($0.compactMap(image)) }))
  }

  /// The layout of a view of some type in which dimensions are what they were.
  func view(as type: ValueType) -> ElementLayout {
    let loops = Set(ElementLayout.loops(of: type))
    return view { loops.contains($0) ? $0 : nil }
  }

  /// The layout of elements that are made of those of several values: as the first of those lies that
  /// has all of the loops.
  static func combining(_ layouts: [ElementLayout], as type: ValueType) -> ElementLayout {
    let factors = widest(layouts.flatMap(\.factors))
    let all = factors.reduce(into: Set<ElementLoop>()) { $0.formUnion($1) }
    let model = layouts.first { $0.fastest != nil && $0.loops == all }
    return ElementLayout(
      fastest: model?.fastest ?? loops(of: type).last { all.contains($0) }, factors: factors)
  }

  private static func widest(_ sets: [Set<ElementLoop>]) -> [Set<ElementLoop>] {
    var result: [Set<ElementLoop>] = []
    for set in sets where !result.contains(where: { $0.isSuperset(of: set) }) {
      result.removeAll { $0.isSubset(of: set) }
      result.append(set)
    }
    return result
  }

  /// Which of some loops neighbours lie along where elements are combined over those; nil where it is
  /// another one, or where none of the factors has all loops of the result: then each is used for
  /// many results.
  func contiguous(among combined: [ElementLoop]) -> Int? {
    let kept = loops.subtracting(combined)
    guard let fastest, factors.contains(where: { $0.isSuperset(of: kept) }) else { return nil }
    return combined.firstIndex(of: fastest)
  }
}

extension Program {
  /// How the elements of each value lie, over all regions.
  func layouts() -> [ValueID: ElementLayout] {
    var layouts: [ValueID: ElementLayout] = [:]
    func visit(_ region: Region) {
      for instruction in region.instructions {
        let operands = instruction.operands.map {
          layouts[$0] ?? ElementLayout(rowMajor: types[$0])
        }
        for result in instruction.results {
          layouts[result] =
            instruction.operation.layout(
              operands, of: instruction.operands.map { types[$0] }, as: types[result])
            ?? ElementLayout(rowMajor: types[result])
        }
        instruction.regions.forEach(visit)
      }
    }
    visit(body)
    return layouts
  }
}
