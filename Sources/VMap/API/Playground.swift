// temporary
import Device
public func play() throws {
  @Sendable func op(_ n: String) -> Elementwise { Elementwise.all.first { $0.name == n }! }
  func bench(_ name: String, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    try body(); try body()
    var best = Duration.seconds(100)
    for _ in 0..<10 { best = min(best, try clock.measure { try body() }) }
    print(name, best)
  }
  func random(_ shape: [Int]) throws -> Tensor<Float> {
    try Tensor<Float>(shape: shape, scalars: (0..<shape.reduce(1, *)).map { Float(($0 &* 7919) % 1000) * 0.001 - 0.5 })
  }
  let add = vmap { (a: Tensor<Float>, b: Tensor<Float>) in Tensor<Float>(handle: .apply(op("add"), [a.handle, b.handle])) }
  let (p, q) = (try random([16, 100]), try random([16, 100]))
  try bench("add 16x100") { _ = try add(p, q) }
  let model: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, v in
    let d = TensorHandle.apply(DotGeneral(contracting: ([1], [0]), batch: ([], [])), [w.handle, v.handle])
    let e = TensorHandle.apply(op("add"), [d, Tensor<Float>(1).handle])
    let f = TensorHandle.apply(op("tanh"), [e])
    return Tensor<Float>(handle: .apply(Reduce(kind: .sum, dimensions: [0]), [f]))
  }
  let w = try random([3, 5]), vs = try random([1_000_000, 5])
  let b = vmap(model, inAxes: [nil, 0])
  try bench("neuron 1M") { let y = try b(w, vs); _ = try y.handle.storage().buffer.withHostBytes { $0[0] } }
  let sm = vmap { (v: Tensor<Float>) in
    let m = TensorHandle.apply(Reduce(kind: .maximum, dimensions: [0]), [v.handle])
    let s = TensorHandle.apply(op("sub"), [v.handle, m])
    let e = TensorHandle.apply(op("exp"), [s])
    let t = TensorHandle.apply(Reduce(kind: .sum, dimensions: [0]), [e])
    return Tensor<Float>(handle: .apply(op("div"), [e, t]))
  }
  let big = try random([10000, 1000])
  try bench("softmax 10000x1000") { let y = try sm(big); _ = try y.handle.storage().buffer.withHostBytes { $0[0] } }
  let dot: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { a, b in
    Tensor<Float>(handle: .apply(DotGeneral(contracting: ([0], [0]), batch: ([], [])), [a.handle, b.handle])) }
  let mm = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
  for n in [128, 512, 1024] {
    let A = try random([n, n]), B = try random([n, n])
    try bench("mm \(n)") { let y = try mm(A, B); _ = try y.handle.storage().buffer.withHostBytes { $0[0] } }
  }
  let mmT = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 0], outAxes: 1)
  for n in [512, 1024] {
    let A = try random([n, n]), B = try random([n, n])
    try bench("mmT \(n)") { let y = try mmT(A, B); _ = try y.handle.storage().buffer.withHostBytes { $0[0] } }
  }
  let mat: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { a, b in
    Tensor<Float>(handle: .apply(DotGeneral(contracting: ([1], [0]), batch: ([], [])), [a.handle, b.handle])) }
  for (k, n) in [(4, 100_000), (8, 50_000), (16, 20_000), (32, 5_000)] {
    let A = try random([n, k, k]), B = try random([n, k, k])
    let f = vmap(mat)
    try bench("bmm \(k)") { let y = try f(A, B); _ = try y.handle.storage().buffer.withHostBytes { $0[0] } }
    print(try f.lowered(A, B).plan)
  }
}
