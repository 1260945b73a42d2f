import Device
import VMap

// Tensors made of shapes and numbers.

extension CaseList {
  mutating func addCreation() {
    poisons("create.zeros", .invalidArgument, "[2,-1]", "negative size") { F.zeros([2, -1]) }
    poisons("create.ones", .invalidArgument, "[-1]") { F.ones([-1]) }
    poisons("create.full", .invalidArgument, "negative size") { I.full([.min, .min], 3) }
    poisons("create.iota-negative", .invalidArgument, "[-3]") { I.iota([-3]) }
    for axis in [1, -2, .max, .min] {
      poisons("create.iota(\(axis))", .invalidArgument, "iota", "\(axis)", "[3]") {
        I.iota([3], dimension: axis)
      }
    }
    poisons("create.iota-scalar", .invalidArgument, "iota", "[]") { I.iota([]) }
    poisons("create.eye", .invalidArgument, "[-1,-1]") { F.eye(-1) }
    poisons("create.eye-columns", .invalidArgument, "[2,-1]") { F.eye(2, -1) }
    poisons("create.eye-greatest", .sizeOverflow, "elements") { F.eye(.max) }
    works("create.eye-offsets") {
      for offset in [Int.min, -5, 5, .max] { try expect(F.eye(2, offset: offset), [0, 0, 0, 0]) }
    }
    poisons("arange.step", .invalidArgument, "step is 0") { I.arange(0, 5, step: 0) }
    poisons("arange.float-step", .invalidArgument, "by 0.0") { F.arange(0, 5, step: 0) }
    for bound in [Float.nan, .infinity, 1e30] {
      poisons("arange.stop(\(bound))", .invalidArgument, "arange", "\(bound)") { F.arange(bound) }
    }
    poisons("arange.start", .invalidArgument, "-inf") { F.arange(-.infinity, 0) }
    poisons("arange.nan-step", .invalidArgument, "nan") { F.arange(0, 1, step: .nan) }
    poisons("arange.tiny-step", .invalidArgument, "arange") {
      Tensor<Double>.arange(0, 1e300, step: .leastNonzeroMagnitude)
    }
    poisons("arange.widest", .sizeOverflow, "18446744073709551615") {
      Tensor<Int64>.arange(.min, .max)
    }
    poisons("arange.unsigned", .sizeOverflow, "18446744073709551615") {
      Tensor<UInt64>.arange(.max)
    }
    poisons("arange.greatest", .sizeOverflow, "bytes") { Tensor<Int64>.arange(.max) }
    works("arange.backwards") {
      try expect(I.arange(5, 0), [])
      try expect(F.arange(5, 0), [])
      try expect(Tensor<Int8>.arange(.min, .max, step: 100), [-128, -28, 72])
      try expect(Tensor<Int64>.arange(.max, .min, step: .min), [.max, -1])
    }
    poisons("linspace.negative", .invalidArgument, "[-1]") { F.linspace(0, 1, count: -1) }
    poisons("linspace.least", .invalidArgument, "negative size") { F.linspace(0, 1, count: .min) }
    poisons("linspace.greatest", .sizeOverflow, "bytes") { F.linspace(0, 1, count: .max) }
    works("linspace.few") {
      try expect(F.linspace(3, 9, count: 0), [])
      try expect(F.linspace(3, 9, count: 1), [3])
    }
    fails("scalars.too-few", .countMismatch, "[2,3]", "6", "got 5") {
      _ = try F(shape: [2, 3], scalars: [1, 2, 3, 4, 5])
    }
    fails("scalars.too-many", .countMismatch, "[]", "1", "got 2") {
      _ = try F(shape: [], scalars: [1, 2])
    }
    fails("scalars.none", .countMismatch, "[3]", "got 0") { _ = try F(shape: [3], scalars: []) }
    fails("scalars.some-for-empty", .countMismatch, "[3,0]", "0 scalars") {
      _ = try F(shape: [3, 0], scalars: [1])
    }
    fails("scalars.negative", .invalidArgument, "[-1]") { _ = try F(shape: [-1], scalars: [1]) }
    fails("scalars.two-negative", .invalidArgument, "[-1,-1]") {
      _ = try F(shape: [-1, -1], scalars: [1])
    }
    fails("scalars.overflow", .sizeOverflow, "more elements") {
      _ = try F(shape: [.max, .max], scalars: [1])
    }
    fails("scalars.greatest", .countMismatch, "\(Int.max)", "got 1") {
      _ = try F(shape: [.max], scalars: [1])
    }
    fails("scalars.empty-and-huge", .sizeOverflow, "elements") {
      _ = try F(shape: [0, .max, .max], scalars: [])
    }
    poisons("rows.uneven", .countMismatch, "[2,1]") { F([[1, 2], [3]]) }
    poisons("rows.first-empty", .countMismatch, "[0,2]") { F([[], [3, 4]]) }
    poisons("matrices.uneven", .countMismatch, "differing lengths") { F([[[1, 2]], [[3]]]) }
    poisons("matrices.uneven-count", .countMismatch, "differing") { F([[[1]], [[2], [3]]]) }
    fails("scalar.of-a-vector", .shapeMismatch, "[2]", "no scalar") { _ = try ones(2).scalar() }
    fails("scalar.of-one-element", .shapeMismatch, "[1]") { _ = try ones(1).scalar() }
    fails("scalar.of-nothing", .shapeMismatch, "[0]") { _ = try ones(0).scalar() }
    works("rows.empty") {
      try expect(F([[Float]]()), [])
      try expect(F([[], []] as [[Float]]), [])
      try expect(F([[[Float]]]()), [])
    }
    works("poison.can-be-looked-at") {
      let poison = F.zeros([-1])
      _ = "\(poison) \(poison.shape) \(poison.rank) \(poison.count) \(poison[0])"
      _ = poison.split(into: 3).count + poison.split(at: [1]).count
    }
  }

  mutating func addSizesInMemory() {
    poisons("memory.zeros", .sizeOverflow, "more elements") { F.zeros([.max, .max]) }
    poisons("memory.wraps-to-zero", .sizeOverflow, "elements") { F.zeros([1 << 32, 1 << 32]) }
    poisons("memory.empty-and-huge", .sizeOverflow, "elements") { F.zeros([0, .max, .max]) }
    poisons("memory.bytes", .sizeOverflow, "bytes") { F.zeros([1 << 61]) }
    poisons("memory.outer-product", .sizeOverflow, "elements") {
      outer(F.ones([1 << 40]), F.ones([1 << 40]))
    }
    poisons("memory.broadcast-product", .sizeOverflow, "elements") {
      F.ones([1 << 40, 1]) * F.ones([1, 1 << 40])
    }
    poisons("memory.contraction", .sizeOverflow, "elements") {
      matmul(F.ones([1 << 40, 1]), F.ones([1, 1 << 40]))
    }
    poisons("memory.reduced-product", .sizeOverflow, "elements") {
      (F.ones([1 << 40, 1]) * F.ones([1, 1 << 40])).sum()
    }
    failsOnDevice("memory.terabytes", .allocationFailed, "4398046511104 bytes") {
      _ = try F.full([1 << 40], 1).scalars()
    }
    failsOnDevice("memory.bytes-of-bool", .allocationFailed, "bytes") {
      _ = try B.full([1 << 42], true).scalars()
    }
    failsOnDevice("memory.iota", .allocationFailed, "bytes") {
      _ = try Tensor<Int64>.arange(1 << 50).scalars()
    }
    failsOnDevice("memory.eye", .allocationFailed, "bytes") { _ = try F.eye(1 << 25).scalars() }
    failsOnDevice("memory.batch", .allocationFailed, "bytes") {
      _ = try vmap(inAxes: nil, axisSize: 1 << 40) { (x: F) in x + 1 }(F(1)).scalars()
    }
    failsOnDevice("memory.chunked", .allocationFailed, "bytes") {
      _ = try vmap(inAxes: 0, chunk: 8) { (x: F) in x + F.ones([1 << 40]) }(ones(16)).scalars()
    }
    failsOnDevice("memory.nested-maps", .allocationFailed, "f32[200000,200000]", "are left") {
      let x = F.zeros([200_000])
      let add: @Sendable (F, F) -> F = { $0 + $1 }
      _ = try vmap(vmap(add, inAxes: [nil, 0]), inAxes: [0, nil])(x, x)
    }
    fails("memory.batch-overflow", .sizeOverflow) {
      _ = try vmap(inAxes: nil, axisSize: .max) { (x: F) in x + 1 }(F(1)).scalars()
    }
    fails("memory.batch-times-example", .sizeOverflow) {
      _ = try vmap(inAxes: nil, axisSize: 1 << 40) { (x: F) in x + ones(1 << 40) }(F(1)).scalars()
    }
    fails("memory.two-batches", .sizeOverflow) {
      let inner = vmap(inAxes: nil, axisSize: 1 << 40) { (x: F) in x + 1 }
      _ = try vmap(inner, inAxes: nil, axisSize: 1 << 40)(F(1)).scalars()
    }
    works("memory.after-exhaustion") {
      _ = try? F.full([1 << 40], 1).scalars()
      try expect(ones(2) + 1, [2, 2])
    }
  }
}
