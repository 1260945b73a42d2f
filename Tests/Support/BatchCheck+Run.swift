import Device

@testable import VMap

extension BatchCheck {
  /// Runs the whole check: in the interpreter everything, on the device what covers it.
  func mismatches() throws -> [Mismatch] {
    try interpreterMismatches() + deviceMismatches()
  }

  /// The batched program against a loop and a stack, both interpreted: equal to the last bit, with
  /// equal bounds.
  func interpreterMismatches(at chosen: [Placement]? = nil) throws -> [Mismatch] {
    if usesAxis { return [] }
    let (single, captured) = try tracedExample()
    let largest = sizes.max() ?? 0
    var mismatches: [Mismatch] = []
    for placement in chosen ?? placements {
      let batched = try program(placement)
      let examples = try (0..<largest).map { number in
        try Interpreter.run(
          single,
          zip(inputs, placement.inAxes).map { $0.example($1 == nil ? 0 : number) } + captured)
      }
      for size in sizes {
        let results = try Interpreter.run(
          batched, arguments(placement, size: size) + captured,
          sizes: [Symbol(id: 0): size])
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

  /// The placements on the device, and what runs each: the device as it is, and other lane widths.
  ///
  /// Where not all run, they take turns. Of several checks, which are of similar programs, each has one
  /// placement; two of three have another lane width, and where every width is of interest, a
  /// different one each.
  fileprivate func deviceRuns(
    at chosen: [Placement]?, turn: Int, ofSeveral: Bool
  ) -> [(Placement, [DeviceRun.Target])] {
    if BatchCheck.isExhaustive {
      let all = chosen ?? (isLarge ? representatives : placements)
      return all.map { ($0, targets ?? DeviceRun.targets) }
    }
    var some = chosen ?? representatives
    if chosen == nil, ofSeveral, targets == nil { some = [some[turn % some.count]] }
    return some.enumerated().map { number, placement in
      (placement, targets ?? (number == 0 ? someTargets(turn, ofSeveral) : someTargets(nil, false)))
    }
  }

  private func someTargets(_ turn: Int?, _ ofSeveral: Bool) -> [DeviceRun.Target] {
    guard let own = DeviceRun.targets.first else { return [] }
    guard let turn, widths != .own, !ofSeveral || turn % 3 < 2 else { return [own] }
    let others = DeviceRun.targets.dropFirst().filter { target in
      target.context.profile.laneWidth != own.context.profile.laneWidth
    }
    let number = turn / (ofSeveral ? 2 : 1)
    if widths == .scalar {
      return [own] + others.filter { $0.description == "scalar" && number % 2 == 0 }
    }
    return [own] + others.enumerated().filter { $0.offset == number % others.count }.map(\.element)
  }

  /// A number that differs from check to check, and not from run to run.
  fileprivate var firstTurn: Int {
    let hash = "\(name)\(inputs.map(\.type))".utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    return Int(hash >> 16) % 12
  }

  /// Compiled programs against the interpreter, within the bounds, and against one another: every
  /// lane width and every batch size gives an example the same bits.
  func deviceMismatches(at chosen: [Placement]? = nil) throws -> [Mismatch] {
    try [self].deviceMismatches(at: chosen)
  }

  fileprivate func deviceMismatches(
    _ program: VMap.Program, _ placement: Placement, on targets: [DeviceRun.Target]
  ) throws -> [Mismatch] {
    var mismatches: [Mismatch] = []
    var known: [String: [ReferenceTensor]] = [:]
    let captured = try traced(placement).captured
    for size in sizes {
      let sizeOfSymbol = [Symbol(id: 0): size]
      let arguments = arguments(placement, size: size) + captured
      let expected = try Interpreter.run(program, arguments, sizes: sizeOfSymbol)
      if let text = boundMismatch(expected) {
        mismatches.append(Mismatch("\(name), \(placement), batch \(size), \(text)"))
      }
      var first: [ReferenceTensor]?
      for target in targets {
        let place = "\(name), \(placement), batch \(size), \(target)"
        do {
          let actual = try DeviceRun.run(program, arguments, sizes: sizeOfSymbol, on: target)
          for (result, pair) in zip(expected, actual).enumerated() {
            if let text = pair.0.mismatch(with: pair.1) {
              mismatches.append(Mismatch("\(place), result \(result): \(text)"))
            } else if let text = first?[result].difference(from: pair.1) {
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

extension [BatchCheck] {
  /// All checks: in the interpreter everything, on the device what covers it.
  func mismatches() throws -> [Mismatch] {
    try flatMap { try $0.interpreterMismatches() } + deviceMismatches()
  }

  /// All checks on the device, whose programs are compiled together.
  func deviceMismatches(at chosen: [Placement]? = nil) throws -> [Mismatch] {
    var mismatches: [Mismatch] = []
    // What is compiled is run before more is.
    let turn = first?.firstTurn ?? 0
    for start in stride(from: 0, to: count, by: 8) {
      let runs = try indices[start...].prefix(8).flatMap { index in
        let check = self[index]
        let ofSeveral = count > 3 || check.takesTurns
        return try check.deviceRuns(at: chosen, turn: turn + index, ofSeveral: ofSeveral).map {
          (check, $0.0, try check.program($0.0), $0.1)
        }
      }
      var targets: [DeviceRun.Target] = []
      for target in runs.flatMap(\.3) where !targets.contains(where: { $0 == target }) {
        targets.append(target)
      }
      for target in targets {
        mismatches += try JointCompilation.compile(
          runs.filter { $0.3.contains { $0 == target } }.map(\.2), on: target)
      }
      for (check, placement, program, targets) in runs {
        mismatches += try check.deviceMismatches(program, placement, on: targets)
      }
    }
    return mismatches
  }
}
