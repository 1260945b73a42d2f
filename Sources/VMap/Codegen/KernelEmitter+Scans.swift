// Scans: accumulators outside of a loop over stored values, and a step in each of its iterations.

extension KernelEmitter {
  /// Declares the accumulators of the scans that go along a loop, which is written next; the way it
  /// goes.
  func beginScans(along variable: LoopVariable) -> ScanDirection {
    var direction = ScanDirection.forward
    for id in kernel.scans {
      let reduction = graph.reductions[id]
      guard let scan = reduction.scan, reduction.variables == [variable] else { continue }
      direction = scan
      var names: [EmissionScope.Key: [String]] = [:]
      forEachCopy(of: reduction.free) {
        names[slotKey(id)] = reduction.types.enumerated().map { slot, element in
          let node = graph.make(.accumulator(reduction: id, slot: slot, element))
          let type = VectorType(element: element, width: varies(node) ? width : 1)
          let initial = operand(reduction.initial[slot], varying: type.isVector)
          let name = freshName("s")
          line("\(type.name) \(name) = \(initial);")
          return name
        }
      }
      scans[id] = names
    }
    return direction
  }

  /// Takes in the element of the current iteration, in all copies, and names what comes out.
  func advance(scan id: Int) {
    guard let names = scans[id] else { return note(inconsistency: "scan \(id) is not begun") }
    step(id, number: 0, names)
    forEachCopy(of: graph.reductions[id].free) {
      let own = accumulators(id, 0, names)
      for (slot, element) in graph.reductions[id].types.enumerated() {
        innermost.names[key(graph.make(.running(reduction: id, slot: slot, element)))] = own[slot]
      }
    }
  }
}
