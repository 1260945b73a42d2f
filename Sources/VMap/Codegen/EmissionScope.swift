/// A block of the kernel being written: the loops around it, its lines, and the names defined there.
final class EmissionScope {
  /// The name of an expression, one for each of the copies that are computed side by side.
  struct Key: Hashable {
    let expression: Expression
    let copy: [Copy]
    /// Whether it is the expression as an index vector.
    var isIndex = false
  }

  /// Which copy of a loop's iterations.
  struct Copy: Hashable, Comparable {
    let variable: LoopVariable
    let number: Int
    static func < (a: Copy, b: Copy) -> Bool { a.variable < b.variable }
  }

  let bound: Set<LoopVariable>
  /// The loops that have a name here though what depends on them is computed further inside.
  let named: Set<LoopVariable>
  var lines: [String] = []
  var names: [Key: String] = [:]
  /// Private arrays declared here, by number.
  var arrays: [Int: String] = [:]
  /// The lanes for which a loop around this block goes on, if they differ.
  let mask: String?
  /// The loop whose iterations are the lanes here.
  var lane: LoopVariable?
  /// How many lanes hold an iteration; nil for all.
  var laneCount: String?

  init(
    bound: Set<LoopVariable> = [], named: Set<LoopVariable> = [], mask: String? = nil,
    inside outer: EmissionScope? = nil
  ) {
    self.bound = bound
    self.named = named
    self.mask = mask ?? outer?.mask
    lane = outer?.lane
    laneCount = outer?.laneCount
  }
}
