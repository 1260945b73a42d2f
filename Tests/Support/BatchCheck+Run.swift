import Device

@testable import VMap

extension BatchCheck {
  /// Runs the whole check: in the interpreter everything, on the device what covers it.
  func mismatches() throws -> [Mismatch] {
    try interpreterMismatches() + deviceMismatches()
  }

  /// The batched program against a loop and a stack, both interpreted: equal to the last bit, with
  /// equal bounds.
  func interpreterMismatches() throws -> [Mismatch] {
    if usesAxis { return [] }
    let single = try exampleProgram()
    let largest = sizes.max() ?? 0
    var mismatches: [Mismatch] = []
    for placement in placements {
      let batched = try program(placement)
      let examples = try (0..<largest).map { number in
        try Interpreter.run(
          single,
          zip(inputs, placement.inAxes).map { $0.example($1 == nil ? 0 : number) })
      }
      for size in sizes {
        let results = try Interpreter.run(
          batched, arguments(placement, size: size), sizes: [Symbol(id: 0): size])
        for (number, result) in results.enumerated() {
          let value = single.types[single.body.results[number]]
          let type = try value.tensorType(for: name)
          let dimension = placement.outDimension(ofRank: type.shape.count)
          let expected = ReferenceTensor.stack(
            examples[..<size].map { $0[number] }, of: type, along: dimension)
          if result != expected {
            mismatches.append(
              Mismatch(
                "\(name), \(placement), batch \(size), result \(number): interpreted "
                  + (expected.difference(from: result) ?? "with other bounds")))
          }
        }
      }
    }
    return mismatches
  }

  /// The placements that run on the device where not all do: everything mapped in front, and each
  /// argument mapped somewhere else while the next one is shared.
  var representatives: [Placement] {
    let front = Placement(inAxes: inputs.map { _ in 0 }, outAxis: 0)
    let mixed = Placement(
      inAxes: inputs.enumerated().map { number, input in
        number % 2 == 0 ? input.type.shape.count : nil
      }, outAxis: -1)
    return front.inAxes == mixed.inAxes ? [front] : [front, mixed]
  }

  /// Lane widths to run a placement at: one that is the device's own runs once.
  private func targets(_ number: Int) -> [DeviceRun.Target] {
    if let targets { return targets }
    if BatchCheck.isExhaustive { return DeviceRun.targets }
    guard let own = DeviceRun.targets.first else { return [] }
    if number > 0 || widths == .own { return [own] }
    let others = DeviceRun.targets.dropFirst().filter { target in
      target.context.profile.laneWidth != own.context.profile.laneWidth
        && (widths == .every || target.description == "scalar")
    }
    return [own] + others
  }

  /// Compiled programs against the interpreter, within the bounds, and against one another: every
  /// lane width and every batch size gives an example the same bits.
  func deviceMismatches(at chosen: [Placement]? = nil) throws -> [Mismatch] {
    var mismatches: [Mismatch] = []
    let all = chosen ?? (BatchCheck.isExhaustive ? placements : representatives)
    for (number, placement) in all.enumerated() {
      let program = try program(placement)
      var known: [String: [ReferenceTensor]] = [:]
      for size in sizes {
        let sizeOfSymbol = [Symbol(id: 0): size]
        let arguments = arguments(placement, size: size)
        let expected = try Interpreter.run(program, arguments, sizes: sizeOfSymbol)
        if let text = boundMismatch(expected) {
          mismatches.append(Mismatch("\(name), \(placement), batch \(size), \(text)"))
        }
        var first: [ReferenceTensor]?
        for target in targets(number) {
          let place = "\(name), \(placement), batch \(size), \(target)"
          do {
            let actual = try DeviceRun.run(program, arguments, sizes: sizeOfSymbol, on: target)
            for (result, pair) in zip(expected, actual).enumerated() {
              if let text = pair.0.mismatch(with: pair.1) {
                mismatches.append(Mismatch("\(place), result \(result): \(text)"))
              } else if sameBitsAtEveryWidth, let text = first?[result].difference(from: pair.1) {
                mismatches.append(
                  Mismatch("\(place), result \(result): other bits than at another width: \(text)"))
              }
            }
            if first == nil { first = actual }
            if !usesAxis, let other = known[target.description],
              let text = placement.difference(actual, other)
            {
              mismatches.append(Mismatch("\(place): other bits than in another batch: \(text)"))
            }
            known[target.description] = actual
          } catch let error as VMapError {
            let listing =
              BatchCheck.printsListings ? try DeviceRun.listing(program, on: target) : ""
            mismatches.append(Mismatch("\(place): \(error)\n\(listing)"))
          }
        }
      }
    }
    return mismatches
  }

  /// A result of the interpreter that leaves more room than is stated.
  private func boundMismatch(_ results: [ReferenceTensor]) -> String? {
    guard let greatestBound else { return nil }
    for (number, result) in results.enumerated() {
      let bound = result.values.map(\.bound).max() ?? 0
      if bound > greatestBound { return "result \(number): interpreted within \(bound)" }
    }
    return nil
  }
}
