import Device

/// Whether elements that are replaced one after another are replaced where they are stored: the bits are
/// the same as where every element looks at all windows.
enum Replacements {
  /// What an element takes to look at one window, without lanes.
  private static let look = 12.0
  /// What reading and writing an element takes whose index is known at run time alone.
  private static let access = 8.0
  /// The same where few work-items of a GPU wait for memory.
  private static let latency = 200.0

  static func areInPlace(
    _ instruction: Instruction, _ program: Program, _ profile: Profile
  ) -> Bool {
    guard let counts = instruction.replacements(program), counts.windows > 1 else { return false }
    let isCPU = profile.kind == .cpu
    let (lanes, units) = (
      Double(profile.laneWidth), Double(profile.computeUnits) * (isCPU ? 1 : 64)
    )
    // Work that is independent: examples, and parts of them.
    let axes = program.types[instruction.results[0]].axes.ids.reduce(1.0) {
      $0 * KernelAnalysis.size(program.axes[$1].extent)
    }
    let parts = axes * Double(counts.parts)
    let (elements, windows) = (Double(counts.elements), Double(counts.windows))
    /// The time of what so many work-items share out.
    func time(_ work: Double, _ items: Double) -> Double { work / min(max(1, items), units) }
    let vectors = parts * elements / lanes
    let looking = time(vectors * windows * look, vectors)
    let isAlone = !isCPU && parts < units
    let replaced = windows * Double(counts.window) * (isAlone ? latency : access)
    let inPlace = time(parts * (elements + replaced), parts)
    return inPlace + CostModel.launchOverhead < looking
  }
}
