import VMap

// Values of traced functions, read too early or used too late, and names of axes.

extension CaseList {
  mutating func addTracers() {
    fails("tracer.scalars", .valueOfTracer, "f32[3]", "whileLoop") {
      _ = try vmap { (x: F) in F(try x.scalars()) }(ones(2, 3))
    }
    fails("tracer.scalar", .valueOfTracer, "f32[]") {
      _ = try vmap { (x: F) in F(try x.scalar()) }(ones(2))
    }
    fails("tracer.condition", .valueOfTracer, "bool[]") {
      _ = try vmap { (x: F) in try (x .> 0).scalar() ? x : -x }(ones(2))
    }
    fails("tracer.in-jit", .valueOfTracer, "f32[2]") {
      _ = try jit { (x: F) in F(try x.scalars()) }(ones(2))
    }
    fails("tracer.bytes", .valueOfTracer, "f32[3]") {
      _ = try vmap { (x: F) in F(Float(try x.npyBytes().count)) }(ones(2, 3))
    }
    fails("tracer.file", .valueOfTracer, "f32[3]") {
      _ = try vmap { (x: F) in
        try x.write(toNPY: "/dev/null")
        return x
      }(ones(2, 3))
    }
    fails("tracer.in-a-loop", .valueOfTracer, "f32[3]") {
      _ = try vmap { (x: F) in
        whileLoop(x, while: { $0.sum() .< 9 }, do: { F(try $0.scalars()) })
      }(ones(2, 3))
    }
    fails("tracer.in-a-loop-outside", .valueOfTracer, "f32[3]") {
      _ = try whileLoop(ones(3), while: { $0.sum() .< 9 }, do: { F(try $0.scalars()) }).scalars()
    }
    fails("tracer.inner", .valueOfTracer, "f32[]") {
      _ = try vmap { (x: F) in try vmap { (y: F) in F(try y.scalars()) }(x) }(ones(2, 3))
    }
    works("tracer.description") {
      let text = Box("")
      _ = try vmap { (x: F) in
        text.set("\(x) \(x.shape) \(x.count)")
        return x
      }(ones(2, 3))
      guard text.value == "Tensor<f32[3]>(traced) [3] 3" else {
        throw WrongResult(text: text.value)
      }
    }
    addEscapes()
  }

  private mutating func addEscapes() {
    /// A value of a traced function, which has ended.
    @Sendable func escaped() throws -> F {
      let box = Box(ones(1))
      _ = try vmap { (x: F) in
        box.set(x * 2)
        return x
      }(ones(2, 3))
      return box.value
    }
    fails("escape.read", .tracerEscaped, "after the function had returned") {
      _ = try escaped().scalars()
    }
    fails("escape.argument", .tracerEscaped, "after the function") {
      let box = Box(ones(1))
      _ = try vmap { (x: F) in
        box.set(x)
        return x
      }(ones(2, 3))
      _ = try box.value.scalar()
    }
    poisons("escape.operation", .tracerEscaped, "after the function") { try escaped() + 1 }
    poisons("escape.second-operand", .tracerEscaped) { try ones(3) * escaped() }
    poisons("escape.reduction", .tracerEscaped) { try escaped().sum() }
    poisons("escape.join", .tracerEscaped) { try concatenate([ones(3), escaped()]) }
    poisons("escape.matmul", .tracerEscaped) { try matmul(ones(3, 3), escaped()) }
    poisons("escape.index", .tracerEscaped) { try ones(5)[escaped().asType(Int32.self)] }
    fails("escape.bytes", .tracerEscaped) { _ = try escaped().npyBytes() }
    fails("escape.into-vmap", .tracerEscaped) { _ = try vmap { (x: F) in x }(escaped()) }
    fails("escape.into-jit", .tracerEscaped) { _ = try jit { (x: F) in x + 1 }(escaped()) }
    fails("escape.lowered", .tracerEscaped) { _ = try vmap { (x: F) in x }.lowered(escaped()) }
    fails("escape.captured", .tracerEscaped) {
      let late = try escaped()
      _ = try vmap { (x: F) in x + late }(ones(2, 3))
    }
    fails("escape.captured-first", .tracerEscaped) {
      let late = try escaped()
      _ = try vmap { (x: F) in late + x }(ones(2, 3))
    }
    fails("escape.captured-alone", .tracerEscaped) {
      let late = try escaped()
      _ = try vmap { (x: F) in late.sum() }(ones(2, 3))
    }
    fails("escape.returned", .tracerEscaped) {
      let late = try escaped()
      _ = try vmap { (x: F) in late }(ones(2, 3))
    }
    poisons("escape.state", .tracerEscaped) {
      whileLoop(try escaped(), while: { $0.sum() .< 9 }, do: { $0 + 1 })
    }
    poisons("escape.bound", .tracerEscaped) {
      fori(Tensor<Int32>(0), try escaped().sum().asType(Int32.self), ones(3)) { _, x in x + 1 }
    }
    works("escape.description") { _ = "\(try escaped()) \(try escaped().shape)" }
    fails("escape.from-a-failed-trace", .tracerEscaped) {
      let box = Box(ones(1))
      _ = try? vmap { (x: F) -> F in
        box.set(x)
        throw OwnError()
      }(ones(2, 3))
      _ = try box.value.scalars()
    }
    poisons("escape.from-a-failed-jit", .tracerEscaped) {
      let box = Box(ones(1))
      _ = try? jit { (x: F) -> F in
        box.set(x)
        return x + ones(7)
      }(ones(3))
      return box.value + 1
    }
    fails("escape.second-call", .tracerEscaped) {
      let box = Box(ones(3))
      let f = vmap { (x: F) in
        let last = box.value
        box.set(x)
        return x + last
      }
      _ = try f(ones(2, 3))
      _ = try f(ones(2, 3).reshaped(to: [3, 2]).transposed()[.all, 0..<3]).scalars()
      _ = try f(ones(2, 1)).scalars()
    }
  }

  mutating func addCollectives() {
    func add<Scalar>(
      _ name: String, _ words: String, _ call: @escaping @Sendable () -> Tensor<Scalar>
    ) {
      poisons(
        "name.\(name)-outside", .unboundAxisName, words, "no enclosing vmap", "\"i\"", by: call)
      fails("name.\(name)-unknown", .unboundAxisName, words, "\"i\"", "\"rows\"") {
        _ = try vmap({ (x: F) in call() }, axisName: "rows")(ones(3))
      }
    }
    add("sum", "sum(over:") { ones(3).sum(over: "i") }
    add("max", "max(over:") { ones(3).max(over: "i") }
    add("min", "min(over:") { ones(3).min(over: "i") }
    add("mean", "mean(over:") { ones(3).mean(over: "i") }
    add("any", "any(over:") { B(true).any(over: "i") }
    add("all", "all(over:") { B(true).all(over: "i") }
    add("gather", "allGather(over:") { ones(3).allGather(over: "i") }
    fails("name.gather-axis", .invalidArgument, "allGather", "axis 3", "2 dimensions") {
      _ = try vmap({ (x: F) in x.allGather(over: "i", axis: 3) }, axisName: "i")(ones(2, 3))
    }
    add("index", "axisIndex") { axisIndex("i") }
    add("size", "axisSize(") { axisSize("i") }
    fails("name.none-bound", .unboundAxisName, "bound here: none") {
      _ = try vmap { (x: F) in x.sum(over: "i") }(ones(3))
    }
    fails("name.empty", .unboundAxisName, "\"\"") {
      _ = try vmap { (x: F) in x.sum(over: "") }(ones(3))
    }
    fails("name.in-jit", .unboundAxisName, "\"i\"") {
      _ = try jit { (x: F) in x.sum(over: "i") }(ones(3))
    }
    fails("name.of-an-inner-map", .unboundAxisName, "\"inner\"", "bound here: \"outer\"") {
      _ = try vmap(inAxes: 0, axisName: "outer") { (x: F) in
        let y = try vmap(inAxes: 0, axisName: "inner") { (y: F) in y }(x)
        return y.sum(over: "inner")
      }(ones(3, 4))
    }
    fails("name.after-an-inner-failure", .unboundAxisName, "bound here: \"outer\"") {
      _ = try vmap(inAxes: 0, axisName: "outer") { (x: F) in
        _ = try? vmap(inAxes: 0, axisName: "inner") { (y: F) -> F in throw OwnError() }(x)
        return x.sum(over: "inner")
      }(ones(3, 4))
    }
    poisons("name.in-a-loop", .unboundAxisName, "\"i\"") {
      whileLoop(ones(3), while: { $0.sum() .< 9 }, do: { $0.sum(over: "i") })
    }
    works("name.shadowed") {
      let f = vmap(
        vmap(inAxes: 0, axisName: "i") { (x: F) in x.sum(over: "i") }, axisName: "i")
      try expect(f(ones(2, 3)), [3, 3, 3, 3, 3, 3])
    }
  }
}
