import VMap

// Shapes that do not hold the elements, dimensions that are not there, and indices outside.

extension CaseList {
  mutating func addReshaping() {
    let x = ones(2, 3)
    func add(
      _ name: String, _ kind: VMapError.Kind, _ shape: [Int],
      _ words: String = "reshaped: 6 elements"
    ) {
      let text = "[\(shape.map(String.init).joined(separator: ","))]"
      poisons("reshape.\(name)", kind, words, text) { x.reshaped(to: shape) }
    }
    add("too-few", .shapeMismatch, [2, 2], "6 elements of shape [2,3]")
    add("too-many", .shapeMismatch, [7], "6 elements of shape [2,3]")
    add("scalar", .shapeMismatch, [])
    add("two-open", .shapeMismatch, [-1, -1])
    add("open-and-negative", .shapeMismatch, [-1, -2])
    add("open-does-not-divide", .shapeMismatch, [4, -1])
    add("open-and-zero", .shapeMismatch, [0, -1])
    add("negative", .shapeMismatch, [-2, -3])
    add("least", .shapeMismatch, [.min])
    add("least-twice", .shapeMismatch, [.min, .min])
    add("open-and-least", .shapeMismatch, [-1, .min])
    add("overflow", .sizeOverflow, [.max, 2], "more elements")
    poisons("reshape.overflow-and-open", .sizeOverflow, "more elements") {
      x.reshaped(to: [.max, 2, -1])
    }
    add("overflow-wraps", .sizeOverflow, [1 << 32, 1 << 32, 6], "more elements")
    add("greatest", .shapeMismatch, [.max])
    add("greatest-and-open", .shapeMismatch, [.max, -1])
    poisons("reshape.zero-and-huge", .sizeOverflow, "elements") {
      ones(0).reshaped(to: [0, .max, .max])
    }
    poisons("reshape.empty-to-one", .shapeMismatch, "0 elements") { ones(0, 3).reshaped(to: [1]) }
    poisons("reshape.open-of-nothing", .shapeMismatch, "0 elements") {
      ones(0).reshaped(to: [0, -1])
    }
    fails("reshape.in-vmap", .shapeMismatch, "3 elements of shape [3]", "[2]") {
      _ = try vmap { (x: F) in x.reshaped(to: [2]) }(ones(2, 3))
    }
    poisons("broadcast.other-size", .shapeMismatch, "[2,3]", "[2,4]") { x.broadcast(to: [2, 4]) }
    poisons("broadcast.fewer", .shapeMismatch, "[2,3]", "[3]") { x.broadcast(to: [3]) }
    poisons("broadcast.to-a-scalar", .shapeMismatch, "[2,3]", "[]") { x.broadcast(to: []) }
    poisons("broadcast.negative", .invalidArgument, "[-1,2,3]") { x.broadcast(to: [-1, 2, 3]) }
    poisons("broadcast.overflow", .sizeOverflow, "more elements") { x.broadcast(to: [.max, 2, 3]) }
    for axis in [4, -4, .max, .min] {
      poisons("expand.axis(\(axis))", .invalidArgument, "axis \(axis)") {
        x.expandedDimension(at: axis)
      }
    }
    poisons("expand.function", .invalidArgument, "axis 9") { expandDims(x, axis: 9) }
    poisons("expand.twice", .invalidArgument, "twice") { x.expandedDimensions(at: [0, -4]) }
    poisons("squeeze.size", .shapeMismatch, "[2,3]", "size 1") { x.squeezed(0) }
    for axis in [2, -3, .max, .min] {
      poisons("squeeze.axis(\(axis))", .invalidArgument, "axis \(axis)") { x.squeezed(axis) }
    }
    poisons("squeeze.twice", .invalidArgument, "twice") { ones(1, 2).squeezed(0, -2) }
  }

  mutating func addTransposing() {
    let x = ones(2, 3)
    for order in [[0], [0, 0], [0, 1, 1], [], [0, -2]] {
      let name = order.map(String.init).joined(separator: ",")
      poisons("transpose.order(\(name))", .invalidArgument, "transpose", "[2,3]") {
        x.transposed(order)
      }
    }
    for axis in [2, -3, .max, .min] {
      poisons("transpose.axis(\(axis))", .invalidArgument, "axis \(axis)") { x.transposed(0, axis) }
      poisons("swap.axis(\(axis))", .invalidArgument, "swapAxes", "\(axis)") { x.swapAxes(axis, 0) }
      poisons("swap.second(\(axis))", .invalidArgument, "\(axis)") { x.swapAxes(0, axis) }
      poisons("move.axis(\(axis))", .invalidArgument, "axis \(axis)") { x.moveAxis(axis, to: 0) }
      poisons("move.to(\(axis))", .invalidArgument, "destination \(axis)") {
        x.moveAxis(0, to: axis)
      }
      poisons("flip.axis(\(axis))", .invalidArgument, "axis \(axis)") { x.flipped(axis) }
    }
    poisons("flip.twice", .invalidArgument, "twice") { x.flipped(0, 0) }
    works("transpose.scalars") {
      try expect(F(1).transposed(), [1])
      try expect(F(1).transposed([]), [1])
      try expect(F(1).flipped(), [1])
      try expect(F(1).squeezed(), [1])
      try expect(F(1).flattened(), [1])
    }
  }

  mutating func addSubscripts() {
    let x = ones(2, 3)
    for index in [2, -3, .max, .min] {
      poisons("subscript.index(\(index))", .invalidArgument, "index \(index)", "axis 0", "[2,3]") {
        x[index]
      }
    }
    poisons("subscript.second", .invalidArgument, "index 3", "axis 1") { x[0, 3] }
    poisons("subscript.too-many", .invalidArgument, "3 indices", "[2,3]") { x[0, 0, 0] }
    poisons("subscript.scalar", .invalidArgument, "1 index", "[]") { F(1)[0] }
    poisons("subscript.empty", .invalidArgument, "index 0", "[0]") { ones(0)[0] }
    poisons("subscript.ellipses", .invalidArgument, "more than one ellipsis") {
      x[.ellipsis, .ellipsis]
    }
    poisons("subscript.step", .invalidArgument, "step of 0") { x[.slice(0, 2, by: 0)] }
    poisons("subscript.least-step", .invalidArgument, "step of") { x[.slice(nil, nil, by: .min)] }
    poisons("subscript.two-arrays", .shapeMismatch, "[2]", "[3]") { x[I([0, 1]), I([0, 1, 2])] }
    poisons("subscript.array-of-nothing", .invalidArgument, "no element") { ones(0)[I([0])] }
    poisons("subscript.poisoned-index", .invalidArgument, "negative size") { x[I.zeros([-1])] }
    fails("subscript.in-vmap", .invalidArgument, "index 3", "[3]") {
      _ = try vmap { (x: F) in x[3] }(ones(2, 3))
    }
    works("subscript.extreme-ranges") {
      try expect(x[Int.min..<Int.max, 0], [1, 1])
      try expect(x[Int.max...], [])
      try expect(x[...Int.max, 0], [1, 1])
      try expect(x[...Int.min], [])
      try expect(x[.slice(.min, .max, by: .max), 0], [1])
      try expect(x[.slice(.max, .min, by: -.max), 0], [1])
      try expect(x[.slice(.min, .max, by: -1)], [])
      try expect(x[0, Int.min...Int.max], [1, 1, 1])
    }
    works("subscript.extreme-index-tensors") {
      try expect(F([1, 2, 3])[I([.min, .max, -1])], [1, 3, 3])
      try expect(F([1, 2, 3])[Tensor<Int64>([.min, .max])], [1, 3])
      try expect(F([1, 2, 3])[Tensor<UInt64>([.max])], [3])
      try expect(F([1, 2, 3])[Tensor<Int8>([-128, 127])], [1, 3])
    }
    for axis in [2, -3, .max, .min] {
      poisons("take.axis(\(axis))", .invalidArgument, "take", "axis \(axis)") {
        x.take(I([0]), axis: axis)
      }
    }
    poisons("take.empty", .invalidArgument, "take", "[0]") { take(ones(0), I([0])) }
    poisons("take.empty-axis", .invalidArgument, "axis 1", "[3,0]") {
      ones(3, 0).take(I([0]), axis: 1)
    }
    poisons("take.overflow", .sizeOverflow, "more elements") {
      F.ones([2, 1 << 40]).take(I.zeros([1 << 40]), axis: 0)
    }
    works("take.nothing-of-nothing") { try expect(ones(0).take(I.zeros([0]), axis: 0), []) }
  }
}
