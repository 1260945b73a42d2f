import Device

extension Scheduler {
  /// The ways to run the kernel; on equal cost the first is taken.
  func candidates() -> [Candidate] {
    let parallel = analysis.hasLoops ? variables.filter(shared.contains) : variables
    // A scan starts again in each iteration of the loops around it.
    let scanned = analysis.scanned
    let open = variables.filter { !parallel.contains($0) }
    let serial = open.filter { !scanned.contains($0) } + open.filter(scanned.contains)
    var result: [Candidate] = []
    if profile.laneWidth == 1 || parallel.isEmpty {
      result.append(inner(parallel, serial))
      if profile.laneWidth == 1 {
        return result + [group(parallel, serial)].compactMap { $0 }
          + (analysis.hasEnds ? [] : groupTiles(parallel, serial))
      }
    }
    // On equal cost the batch, the slowest loop, comes first. Of a long row only lanes along it can
    // keep what they make.
    if !keepsLongRows {
      for variable in parallel where !analysis.hasEnds(along: variable) {
        result += tiled(parallel, serial, lane: variable)
      }
    }
    if analysis.hasLoops {
      result.append(inner(parallel, serial))
    } else if let last = parallel.last, let size = graph.extent(of: last).constant,
      (profile.laneWidth...4096).contains(size), parallel.count > 1
    {
      // Short rows: one work-item a row needs no index arithmetic for each vector.
      result.append(inner(Array(parallel.dropLast()), [last]))
    }
    return result
  }

  private func inner(_ parallel: [LoopVariable], _ serial: [LoopVariable]) -> Candidate {
    var lanes: Set<LoopVariable> = []
    if profile.laneWidth > 1 {
      lanes = innermostLoops()
      for last in own.compactMap({ $0.last ?? serial.last }) where !isAroundLoop(last) {
        lanes.insert(last)
      }
      lanes = lanes.filter { !isShort($0) }
    }
    return Candidate(
      parallel: parallel, serial: serial, lanes: .inner, laneCount: profile.laneWidth,
      laneVariables: lanes, blocks: rowBlocks(parallel))
  }

  /// Whether a loop would leave most lanes idle: then its iterations are fewer than the steps that put
  /// the lanes together.
  private func isShort(_ variable: LoopVariable) -> Bool {
    guard let count = graph.extent(of: variable).constant else { return false }
    return count <= profile.laneWidth / 4
  }

  /// A group of work-items for each iteration of the NDRange's loops, where the device has memory of
  /// a group's own.
  ///
  /// Its lanes are the iterations of reductions that are inside no other loop, and the exchanges of such
  /// networks: a group's work-items meet to merge what they have, so all of them must come. Loops
  /// inside of those are each work-item's own.
  private func group(_ parallel: [LoopVariable], _ serial: [LoopVariable]) -> Candidate? {
    guard profile.usesLocalMemory, profile.kind != .cpu, replacement == nil,
      own.joined().isEmpty
    else { return nil }
    let reductions = analysis.reductions.map { graph.reductions[$0] }.filter {
      !$0.isFold && !$0.variables.isEmpty && $0.free.isSubset(of: parallel)
    }
    // Partial results are merged by halves, and there are no more lanes than those.
    var size = 1 << (Int.bitWidth - 1 - max(1, profile.workGroupSize).leadingZeroBitCount)
    if let most = reductions.filter({ !$0.isExact }).map(\.partials).max() {
      size = min(size, most)
    }
    // A group meets in no loop, so the blocks of a sum are kernels of their own or one work-item's.
    let merged = reductions.filter { $0.block == nil && $0.laneVariable(size) != nil }
    let slots = merged.map(\.types.count).max() ?? 0
    let types = Set(merged.flatMap(\.types)).count
    let networks = analysis.networks.map { graph.networks[$0] }
    let sorted = networks.flatMap(\.arrays).reduce(0) {
      $0 + graph.arrays[$1].count.saturatingProduct(graph.arrays[$1].element.computeType.byteCount)
    }
    guard size > 1, slots > 0 || !networks.isEmpty,
      networks.allSatisfy({ $0.free.isSubset(of: parallel) }),
      size * slots * types * 16 + min(sorted, Int.max / 2) <= profile.localMemoryBytes
    else { return nil }
    let stored = mostBusy(serial.filter { !analysis.scanned.contains($0) }, size)
    return Candidate(
      parallel: parallel, serial: serial.filter { $0 != stored } + [stored].compactMap { $0 },
      lanes: .group, laneCount: size,
      laneVariables: Set(
        (merged.map { $0.isExact ? mostBusy($0.variables, size) : $0.interleaved } + [stored]
          + networks.map(\.low) + networks.flatMap(\.arrays).map { graph.arrays[$0].variables.last })
          .compactMap { $0 }))
  }

  /// The loop among nested ones that leaves the fewest of some lanes idle; the innermost of equals.
  private func mostBusy(_ variables: [LoopVariable], _ lanes: Int) -> LoopVariable? {
    func rounds(_ variable: LoopVariable) -> Double {
      let size = analysis.size(variable)
      return (size / Double(lanes)).rounded(.up) / max(1, size)
    }
    return variables.reversed().min { rounds($0) < rounds($1) }
  }

  /// Whether an array is too long for each lane to have one of its own.
  private var keepsLongRows: Bool {
    analysis.arrays.contains {
      graph.arrays[$0].isStage && graph.arrays[$0].count > Partition.privateCapacity
    }
  }

  /// The loop of each reduction that lanes can share out, and the last one of what fills an array, where
  /// there is no other loop in it.
  private func innermostLoops() -> Set<LoopVariable> {
    var result: Set<LoopVariable> = []
    for id in analysis.arrays where graph.arrays[id].isStage && graph.arrays[id].element != .bool {
      if let last = graph.arrays[id].variables.last, !isAroundLoop(last) { result.insert(last) }
    }
    for id in analysis.reductions where !graph.reductions[id].isFold {
      if let loop = graph.reductions[id].laneVariable(profile.laneWidth), !isAroundLoop(loop) {
        result.insert(loop)
      }
    }
    return result
  }

  private func isAroundLoop(_ variable: LoopVariable) -> Bool {
    analysis.scanned.contains(variable)
      || analysis.reductions.contains {
        analysis.rootOrOuter(graph.reductions[$0].free).contains(variable)
      }
      || analysis.iterations.contains { graph.iterations[$0].free.contains(variable) }
      || analysis.arrays.contains { id in
        graph.arrays[id].value.map {
          graph.variables[$0.id].subtracting(graph.arrays[id].variables).contains(variable)
        } ?? false
      }
  }
}
