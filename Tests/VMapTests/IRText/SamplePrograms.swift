import Testing

@testable import VMap

/// Programs of all kinds, for tests of what is printed, read and batched.
enum SamplePrograms {
  /// `tanh(matmul(w, v) + 1).sum()` for each row of the second argument.
  static func neuron() throws -> Program {
    let s = ProgramSketch()
    let (w, v) = (s.input(.float32, 3, 5), s.input(.float32, .n0, 5))
    let batch = s.axis(.n0, "batch")
    let product = s.product(w, s.bind(v, batch))
    let result = s.sum(s.apply("tanh", s.apply("add", product, s.constant(1))), 0)
    return try s.finish(s.unbind(result, batch))
  }

  /// A product of matrices by a `vmap` in a `vmap` of the product of vectors.
  static func matmul() throws -> Program {
    let s = ProgramSketch()
    let (a, b) = (s.input(.float32, .n1, 6), s.input(.float32, 6, .n0))
    let (outer, inner) = (s.axis(.n0), s.axis(.n1))
    let product = s.product(s.bind(a, inner), s.bind(b, outer, 1))
    return try s.finish(s.unbind(s.unbind(product, inner), outer, 1))
  }

  /// Each example doubles until it reaches its own limit; the number of steps is shared.
  static func loop() throws -> Program {
    let s = ProgramSketch()
    let (x, limit) = (s.input(.float32, .n0, 3), s.input(.float32, .n0))
    let batch = s.axis(.n0)
    let (state, bound) = (s.bind(x, batch), s.bind(limit, batch))
    let step = s.constant(2)
    let results = try s.loop([state, s.constant(0, .int32)]) { state in
      let least = s.emit(Reduce(kind: .minimum, dimensions: [0]), state[0])
      return s.apply(
        "and", s.apply("lt", least, bound), s.apply("lt", state[1], s.constant(9, .int32)))
    } _: { state in
      let next = s.apply("add", s.apply("mul", state[0], step), s.constant(1))
      return [next, s.apply("add", state[1], s.constant(1, .int32))]
    }
    return try s.finish(s.unbind(results[0], batch, 1), s.unbind(results[1], batch))
  }

  /// A loop in a loop, where only the outer one varies over the batch.
  static func nestedLoops() throws -> Program {
    let s = ProgramSketch()
    let limits = s.input(.int32, .n0)
    let batch = s.axis(.n0)
    let limit = s.bind(limits, batch)
    let results = try s.loop([s.constant(0, .int32), s.constant(1, .int32)]) {
      s.apply("lt", $0[0], limit)
    } _: { outer in
      let inner = try? s.loop([outer[1], s.constant(0, .int32)]) {
        s.apply("lt", $0[1], s.constant(3, .int32))
      } _: {
        [s.apply("add", $0[0], outer[0]), s.apply("add", $0[1], s.constant(1, .int32))]
      }
      return [s.apply("add", outer[0], s.constant(1, .int32)), inner?[0] ?? outer[1]]
    }
    return try s.finish(s.unbind(results[0], batch), s.unbind(results[1], batch))
  }

  /// Views, with the batch at the end of the argument and in the middle of the result.
  static func views() throws -> Program {
    let s = ProgramSketch()
    let x = s.input(.float32, 2, 3, .n0)
    let batch = s.axis(.n0)
    let value = s.bind(x, batch, 2)
    let transposed = s.emit(Transpose(permutation: [1, 0]), value)
    let sliced = s.emit(Slice(starts: [1, 0], limits: [3, 2], strides: [1, 1]), transposed)
    let reversed = s.emit(Reverse(dimensions: [1]), sliced)
    let spread = s.emit(Broadcast(shape: [5, 2, 2], dimensions: [1, 2]), reversed)
    let flat = s.emit(Reshape(shape: [10, 2]), spread)
    let row = s.emit(Reshape(shape: [6]), value)
    return try s.finish(s.unbind(flat, batch, 1), s.unbind(row, batch))
  }

  /// Reductions over one, some and all dimensions, with the batch in front and behind.
  static func reductions() throws -> Program {
    let s = ProgramSketch()
    let (x, y) = (s.input(.int32, .n0, 2, 3), s.input(.int32, 2, 3, .n0))
    let batch = s.axis(.n0)
    let (a, b) = (s.bind(x, batch), s.bind(y, batch, 2))
    let all = s.apply("mul", s.sum(a, 0, 1), s.sum(b, 0, 1))
    let some = s.apply(
      "max", s.emit(Reduce(kind: .product, dimensions: [0]), b),
      s.emit(Reduce(kind: .maximum, dimensions: [0]), a))
    let index = s.apply(
      "add", s.emit(ArgReduce(isMaximum: true, dimension: 1), a),
      s.emit(ArgReduce(isMaximum: false, dimension: 1), b))
    return try s.finish(s.unbind(all, batch), s.unbind(some, batch, 1), s.unbind(index, batch))
  }

  /// Elementwise operations on values that vary over different axes.
  static func outerProduct() throws -> Program {
    let s = ProgramSketch()
    let (x, y) = (s.input(.float32, .n0, 3), s.input(.float32, .n1))
    let captured = s.input(.float32, 3)
    let (outer, inner) = (s.axis(.n0, "i"), s.axis(.n1, "j\"\\\n"))
    let (a, b) = (s.bind(x, outer), s.bind(y, inner))
    let sum = s.apply("add", s.apply("mul", a, b), captured)
    let power = s.emit(IntegerPower(exponent: 3), sum)
    let coarse = s.emit(ReducePrecision(exponentBits: 5, mantissaBits: 10), power)
    let scaled = s.apply("mul", coarse, s.emit(Convert(target: .float32, keepsBits: false), b))
    return try s.finish(
      s.unbind(s.unbind(scaled, inner), outer, 2), s.unbind(s.unbind(b, inner), outer))
  }

  /// Collectives and indices of examples.
  static func collectives() throws -> Program {
    let s = ProgramSketch()
    let x = s.input(.float32, .n0, 3)
    let batch = s.axis(.n0, "batch")
    let value = s.bind(x, batch)
    let mean = s.apply(
      "div", s.emit(AxisReduce(kind: .sum, axis: batch), value),
      s.emit(AxisReduce(kind: .sum, axis: batch), s.constant(1)))
    let greatest = s.emit(AxisReduce(kind: .maximum, axis: batch), value)
    let all = s.emit(AllGather(axis: batch, dimension: 1), value)
    let index = s.emit(AxisIndex(axis: batch))
    let number = s.emit(Convert(target: .float32, keepsBits: false), index)
    let result = s.apply("add", s.apply("sub", value, mean), s.apply("mul", greatest, number))
    return try s.finish(s.unbind(result, batch), mean, s.unbind(index, batch), all)
  }

  /// Contractions where both, the left or the right operand varies, with batch dimensions.
  static func contractions() throws -> Program {
    let s = ProgramSketch()
    let (x, y) = (s.input(.int32, .n0, 2, 3, 5), s.input(.int32, 2, .n0, 5, 4))
    let z = s.input(.int32, 2, 5, 4)
    let batch = s.axis(.n0)
    let (a, b) = (s.bind(x, batch), s.bind(y, batch, 1))
    let product = DotGeneral(contracting: ([2], [1]), batch: ([0], [0]))
    let flipped = DotGeneral(contracting: ([1], [2]), batch: ([0], [0]))
    let both = s.emit(product, a, b)
    let left = s.emit(product, a, z)
    let right = s.emit(Transpose(permutation: [0, 2, 1]), s.emit(flipped, z, a))
    return try s.finish(
      s.unbind(s.apply("add", s.apply("sub", both, left), right), batch, 3), s.unbind(right, batch))
  }

  /// Concatenation, padding and taking with every combination of operands that vary.
  static func structure() throws -> Program {
    let s = ProgramSketch()
    let (x, y) = (s.input(.int32, .n0, 3, 2), s.input(.int32, 3, 4))
    let (i, j) = (s.input(.int32, .n0, 2, 2), s.input(.int8, 5))
    let p = s.input(.int32, .n0)
    let batch = s.axis(.n0)
    let (a, indices, padding) = (s.bind(x, batch), s.bind(i, batch), s.bind(p, batch))
    let joined = s.emit(Concatenate(dimension: 1), a, y, a)
    let pad = Pad(low: [1, -1], high: [0, 2], interior: [2, 0])
    let padded = s.apply(
      "sub", s.emit(pad, joined, s.constant(7, .int32)), s.emit(pad, joined, padding))
    let filled = s.emit(Pad(low: [1, 0], high: [1, 1], interior: [0, 1]), y, padding)
    let results = [
      padded, filled, s.emit(Take(dimension: 1), joined, indices),
      s.emit(Take(dimension: 0), joined, j), s.emit(Take(dimension: 1), y, indices),
    ]
    return try s.trace.finish(results: results.map { s.unbind($0, batch, 1) })
  }

  /// Two axes shared by what is taken from and the indices.
  static func takes() throws -> Program {
    let s = ProgramSketch()
    let (x, i) = (s.input(.float32, .n0, 2, 5, .n1), s.input(.int64, .n1, 3, .n0))
    let (outer, inner) = (s.axis(.n0), s.axis(.n1))
    let value = s.bind(s.bind(x, outer), inner, 2)
    let indices = s.bind(s.bind(i, outer, 2), inner)
    let taken = s.emit(Take(dimension: 1), value, indices)
    return try s.finish(s.unbind(s.unbind(taken, inner), outer))
  }

  static let all: [(name: String, make: @Sendable () throws -> Program)] = [
    ("neuron", neuron), ("matmul", matmul), ("loop", loop), ("nestedLoops", nestedLoops),
    ("views", views), ("reductions", reductions), ("outerProduct", outerProduct),
    ("collectives", collectives), ("contractions", contractions), ("structure", structure),
    ("takes", takes), ("windows", windows), ("combining", combining), ("constants", constants),
    ("elementwise", elementwise),
  ]

  /// The program of a name.
  static func make(_ name: String) throws -> Program {
    try #require(all.first { $0.name == name }).make()
  }
}
