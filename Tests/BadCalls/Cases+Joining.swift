import VMap

// Tensors put together, taken apart and repeated.

extension CaseList {
  mutating func addJoining() {
    let x = ones(2, 3)
    poisons("concatenate.nothing", .invalidArgument, "nothing") { concatenate([F]()) }
    poisons("concatenate.sizes", .shapeMismatch, "[2,3]", "[2,4]") { concatenate([x, ones(2, 4)]) }
    poisons("concatenate.ranks", .shapeMismatch, "[2,3]", "[3]") { concatenate([x, ones(3)]) }
    poisons("concatenate.scalars", .invalidArgument, "axis 0", "[]") { concatenate([F(1), F(2)]) }
    for axis in [2, -3, .max, .min] {
      poisons("concatenate.axis(\(axis))", .invalidArgument, "concatenate", "axis \(axis)") {
        concatenate([x, x], axis: axis)
      }
      poisons("concatenate.one-axis(\(axis))", .invalidArgument, "axis \(axis)") {
        concatenate([x], axis: axis)
      }
      poisons("stack.axis(\(axis < 0 ? axis : axis == .max ? axis : 3))", .invalidArgument, "stack")
      {
        stack([x, x], axis: axis == -3 ? -4 : axis == 2 ? 3 : axis)
      }
    }
    poisons("concatenate.last-differs", .shapeMismatch, "[2,4]") {
      concatenate([F](repeating: x, count: 99) + [ones(2, 4)])
    }
    poisons("concatenate.overflow", .sizeOverflow, "concatenate") {
      let huge = F.ones([.max])
      return concatenate([huge, huge])
    }
    poisons("concatenate.overflow-of-elements", .sizeOverflow, "more elements") {
      let huge = F.ones([1 << 31, 1 << 31])
      return concatenate([huge, huge])
    }
    fails("concatenate.in-vmap", .shapeMismatch, "[3]", "[1,3]") {
      _ = try vmap { (x: F) in concatenate([x, x.expandedDimension(at: 0)]) }(x)
    }
    poisons("stack.nothing", .invalidArgument, "nothing to stack") { stack([F]()) }
    poisons("stack.shapes", .shapeMismatch, "[2,3]", "[3,2]") { stack([x, ones(3, 2)]) }
    poisons("stack.overflow", .sizeOverflow, "elements") {
      let huge = F.ones([1 << 31, 1 << 31])
      return stack([huge, huge])
    }
    poisons("pad.amounts", .invalidArgument, "1 low", "[2,3]") {
      x.padded(low: [1], high: [1, 1], value: 0)
    }
    poisons("pad.interior-amounts", .invalidArgument, "3 interior", "[2,3]") {
      x.padded(low: [0, 0], high: [0, 0], interior: [0, 0, 0], value: 0)
    }
    poisons("pad.scalar", .invalidArgument, "1 low", "[]") {
      pad(F(1), low: [0], high: [0], value: 0)
    }
    poisons("pad.negative-size", .invalidArgument, "no size", "[3]") {
      pad(ones(3), low: [-2], high: [-2], value: 0)
    }
    poisons("pad.interior", .invalidArgument, "interior -1") {
      pad(ones(3), low: [0], high: [0], interior: [-1], value: 0)
    }
    poisons("pad.value", .shapeMismatch, "f32[2]") {
      pad(ones(3), low: [0], high: [0], value: ones(2))
    }
    let extremes: [(low: Int, high: Int, interior: Int)] = [
      (.max, 0, 0), (0, .max, 0), (.max, .max, 0), (0, 0, .max), (.min, 0, 0), (0, .min, 0),
      (.min, .min, 0), (.min, .max, .max),
    ]
    for (low, high, interior) in extremes {
      poisons("pad.extreme(\(low),\(high),\(interior))", .invalidArgument, "pad", "\(low)", "[3]") {
        pad(ones(3), low: [low], high: [high], interior: [interior], value: 0)
      }
    }
    poisons("pad.overflow", .sizeOverflow, "elements") {
      pad(ones(3, 3), low: [1 << 32, 1 << 32], high: [0, 0], value: 0)
    }
    works("pad.spread-of-one") {
      try expect(pad(ones(1), low: [1], high: [0], interior: [.max], value: 0), [0, 1])
    }
    ends("pad.far-away") { _ = try pad(ones(3), low: [.min], high: [.max], value: 0).scalars() }
  }

  mutating func addSplitting() {
    let x = ones(2, 3)
    func addAxis(_ name: String, _ call: @escaping @Sendable (Int) -> F) {
      for axis in [2, -3, .max, .min] {
        poisons("\(name).axis(\(axis))", .invalidArgument, "axis \(axis)", "[2,3]") { call(axis) }
      }
    }
    addAxis("split") { x.split(into: 2, axis: $0)[1] }
    addAxis("split-at") { x.split(at: [1], axis: $0)[1] }
    addAxis("roll") { x.rolled(by: 1, axis: $0) }
    addAxis("repeat") { x.repeated(2, axis: $0) }
    poisons("split.uneven", .invalidArgument, "split", "[2,3]", "2 parts") {
      x.split(into: 2, axis: 1)[1]
    }
    poisons("split.greatest", .invalidArgument, "\(Int.max) parts") { x.split(into: .max)[0] }
    poisons("split.scalar", .invalidArgument, "axis 0", "[]") { F(1).split(into: 2)[0] }
    poisons("split.nothing-into-many", .invalidArgument, "parts") { ones(0).split(into: .max)[0] }
    for count in [0, -1, .min] {
      poisons("split.into-none(\(count))", .invalidArgument, "\(count) parts") {
        x.split(into: count)[0]
      }
    }
    works("split.at-extremes") {
      let parts = ones(3).split(at: [.min, -1, .max])
      try expect(concatenate(parts), [1, 1, 1])
    }
    works("roll.extremes") {
      try expect(F([1, 2, 3]).rolled(by: 3), [1, 2, 3])
      _ = try F([1, 2, 3]).rolled(by: .min).scalars()
      _ = try F([1, 2, 3]).rolled(by: .max).scalars()
      try expect(ones(0).rolled(by: 5), [])
    }
    poisons("tile.negative", .invalidArgument, "negative size") { x.tiled([-1]) }
    poisons("tile.greatest", .sizeOverflow, "elements") { x.tiled([.max]) }
    poisons("tile.least", .invalidArgument, "negative size") { x.tiled([.min, .min]) }
    poisons("tile.counts-overflow", .sizeOverflow, "elements") { F(1).tiled([.max, .max]) }
    poisons("tile.empty", .sizeOverflow, "elements") { ones(0, 4).tiled([2, .max]) }
    poisons("repeat.negative", .invalidArgument, "negative size") { x.repeated(-1) }
    poisons("repeat.negative-axis", .invalidArgument, "negative size") { x.repeated(-1, axis: 1) }
    poisons("repeat.greatest", .sizeOverflow, "elements") { x.repeated(.max, axis: 0) }
    poisons("repeat.least", .invalidArgument, "negative size") { x.repeated(.min) }
    poisons("repeat.empty", .sizeOverflow, "elements") { ones(0, 4).repeated(.max, axis: 1) }
    works("repeat.none") {
      try expect(x.repeated(0), [])
      try expect(x.tiled([0]), [])
      try expect(F(1).repeated(2), [1, 1])
      try expect(F(1).tiled([]), [1])
    }
  }
}
