import VMap

// Functions of elements, on shapes that do not broadcast, and reductions.

extension CaseList {
  mutating func addElementwise() {
    let (x, y) = (ones(2, 3), ones(2, 4))
    let (i, j) = (I.ones([2, 3]), I.ones([2, 4]))
    let (p, q) = (B.full([2, 3], true), B.full([2, 4], true))
    func add<Scalar>(
      _ name: String, as words: String? = nil,
      _ call: @autoclosure @escaping @Sendable () -> Tensor<Scalar>
    ) {
      poisons("elements.\(name)", .shapeMismatch, "\(words ?? name): ", "[2,3]", "[2,4]", by: call)
    }
    add("add", x + y)
    add("sub", x - y)
    add("mul", x * y)
    add("div", x / y)
    add("rem", x % y)
    add("pow", x ** y)
    add("atan2", atan2(x, y))
    add("nextafter", nextafter(x, y))
    add("max", maximum(x, y))
    add("min", minimum(x, y))
    add("lt", x .< y)
    add("le", x .<= y)
    add("gt", x .> y)
    add("ge", x .>= y)
    add("eq", x .== y)
    add("ne", x .!= y)
    add("and", i & j)
    add("or", i | j)
    add("xor", i ^ j)
    add("shift-left", as: "shift_left", i << j)
    add("both", as: "and", p .&& q)
    add("either", as: "or", p .|| q)
    add("exclusive", as: "xor", p ^ q)
    add("select-condition", as: "select", select(q, x, 0))
    add("select-operands", as: "select", select(p, x, y))
    add("where", as: "select", `where`(p, 0, y))
    add("clamp-low", as: "clamp", clamp(x, min: y, max: x))
    add("clamp-high", as: "clamp", clamp(x, min: x, max: y))
    poisons("elements.shift-right", .shapeMismatch, "[2,3]", "[2,4]") { i >> j }
    poisons("elements.pow-function", .shapeMismatch, "pow", "[2,3]") { pow(x, y) }
    poisons("elements.hypot", .shapeMismatch, "[2,3]", "[2,4]") { hypot(x, y) }
    poisons("elements.logaddexp", .shapeMismatch, "[2,3]", "[2,4]") { logaddexp(x, y) }
    poisons("elements.floor-divide", .shapeMismatch, "[2,3]", "[2,4]") { floorDivide(x, y) }
    poisons("elements.floor-divide-integers", .shapeMismatch, "[2,3]") { floorDivide(i, j) }
    poisons("elements.mod", .shapeMismatch, "[2,3]", "[2,4]") { mod(x, y) }
    poisons("elements.ranks", .shapeMismatch, "[4]", "[4,3]") { ones(4) + ones(4, 3) }
    poisons("elements.empty-and-two", .shapeMismatch, "[0]", "[2]") { ones(0) + ones(2) }
    fails("elements.in-vmap", .shapeMismatch, "add", "[3]", "[4]") {
      _ = try vmap { (x: F, y: F) in x + y }(ones(2, 3), ones(2, 4))
    }
    poisons("elements.first-failure", .shapeMismatch, "mul", "[2]", "[3]") {
      tanh(ones(2) * ones(3)).sum() + ones(4) - ones(5)
    }
    poisons("elements.negative-power", .typeMismatch, "integer_pow", "i32", "-1") { i ** -1 }
    poisons("elements.least-power", .typeMismatch, "-9223372036854775808") { i ** .min }
    works("elements.extreme-powers") {
      try expect(ones(2) ** .max, [1, 1])
      try expect(ones(2) ** .min, [1, 1])
      try expect(i[0] ** .max, [1, 1, 1])
    }
    works("elements.division-by-zero") {
      try expect(isfinite(ones(2) / 0), [false, false])
      _ = try (i / 0).scalars()
      _ = try (i % 0).scalars()
      _ = try floorDivide(i, 0).scalars()
      _ = try mod(i, 0).scalars()
      _ = try (I([.min]) / -1).scalars()
      _ = try (I([.min]) % -1).scalars()
    }
    works("elements.extreme-shifts") {
      for shift in [Int32.min, -1, 31, 32, .max] {
        _ = try (i << shift).scalars()
        _ = try (i >> shift).scalars()
      }
    }
    poisons("elements.bitcast", .typeMismatch, "f32", "f64") { x.bitcast(to: Double.self) }
    poisons("elements.bitcast-small", .typeMismatch, "f32", "u8") { x.bitcast(to: UInt8.self) }
    poisons("elements.bitcast-bool", .typeMismatch, "bool") { p.bitcast(to: UInt8.self) }
    poisons("elements.bitcast-to-bool", .typeMismatch, "bool") {
      Tensor<UInt8>.ones([2]).bitcast(to: Bool.self)
    }
  }

  mutating func addReductions() {
    let x = ones(2, 3)
    let p = B.full([2, 3], true)
    func add<Scalar>(
      _ name: String, _ function: String, _ call: @escaping @Sendable (Int) -> Tensor<Scalar>
    ) {
      for axis in [2, -3, .max, .min] {
        poisons(
          "axis.\(name)(\(axis))", .invalidArgument, "\(function): axis \(axis) ", "shape [2,3]"
        ) {
          call(axis)
        }
      }
    }
    add("sum", "sum") { x.sum(axis: $0) }
    add("product", "product") { x.product(axis: $0) }
    add("max", "max") { x.max(axis: $0) }
    add("min", "min") { x.min(axis: $0) }
    add("any", "any") { p.any(axis: $0) }
    add("all", "all") { p.all(axis: $0) }
    add("count", "sum") { p.sum(axis: $0) }
    add("mean", "mean") { x.mean(axis: $0) }
    add("variance", "variance") { x.variance(axis: $0) }
    add("deviation", "standardDeviation") { x.standardDeviation(axis: $0) }
    add("norm", "norm") { x.norm(axis: $0) }
    add("log-sum-exp", "logSumExp") { x.logSumExp(axis: $0) }
    add("softmax", "softmax") { x.softmax(axis: $0) }
    add("log-softmax", "logSoftmax") { logSoftmax(x, axis: $0) }
    add("argmax", "argmax") { x.argmax(axis: $0) }
    add("argmin", "argmin") { x.argmin(axis: $0, keepDims: true) }
    func addAxes<Scalar>(_ name: String, _ call: @escaping @Sendable ([Int]) -> Tensor<Scalar>) {
      poisons("axes.\(name)-twice", .invalidArgument, "[1,-1]", "twice") { call([1, -1]) }
      poisons("axes.\(name)-outside", .invalidArgument, "axis 5", "[2,3]") { call([0, 5]) }
    }
    addAxes("sum") { x.sum(axes: $0) }
    addAxes("product") { x.product(axes: $0, keepDims: true) }
    addAxes("max") { x.max(axes: $0) }
    addAxes("min") { x.min(axes: $0) }
    addAxes("any") { p.any(axes: $0) }
    addAxes("all") { p.all(axes: $0) }
    addAxes("mean") { x.mean(axes: $0) }
    addAxes("variance") { x.variance(axes: $0) }
    addAxes("log-sum-exp") { x.logSumExp(axes: $0) }
    for k in [-1, 4] {
      poisons("topk.count(\(k))", .invalidArgument, "topK: k ", "\(k)", "[2,3]") {
        x.topK(k).values
      }
    }
    poisons("topk.scalar", .invalidArgument, "topK", "[]") { F(1).topK(1).indices }
    poisons("axis.of-a-scalar", .invalidArgument, "axis 0", "shape []") { F(1).sum(axis: 0) }
    poisons("axis.last-of-a-scalar", .invalidArgument, "axis -1") { F(1).softmax() }
    fails("axis.in-vmap", .invalidArgument, "axis 1", "shape [3]") {
      _ = try vmap { (x: F) in x.sum(axis: 1) }(ones(2, 3))
    }
    poisons("argmax.empty", .invalidArgument, "argmax", "[0]", "empty") { ones(0).argmax() }
    poisons("argmin.empty", .invalidArgument, "argmin", "empty") { ones(3, 0).argmin() }
    poisons("argmax.empty-axis", .invalidArgument, "axis 1", "[3,0]") { ones(3, 0).argmax(axis: 1) }
    fails("argmax.empty-in-vmap", .invalidArgument, "argmax", "[0]") {
      _ = try vmap { (x: F) in x.argmax() }(ones(3, 0))
    }
    works("reductions.of-nothing") {
      try expect(ones(0).sum(), [0])
      try expect(ones(0).product(), [1])
      try expect(ones(0).max(), [-.infinity])
      try expect(isnan(ones(0).mean()), [true])
      try expect(ones(2, 0).sum(axis: 1), [0, 0])
      try expect(ones(0, 2).argmax(axis: 1), [])
      try expect(x.sum(axes: []), [1, 1, 1, 1, 1, 1])
      _ = try x.variance(ddof: .max).scalars()
      _ = try x.variance(ddof: .min).scalars()
      _ = try ones(0).logSumExp().scalars()
      _ = try ones(0).softmax().scalars()
    }
  }
}
