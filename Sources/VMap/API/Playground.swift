// temporary
public func play() throws {
  func t<S>(_ h: TensorHandle, _ s: S.Type) -> Tensor<S> { Tensor<S>(handle: h) }
  @Sendable func op(_ n: String) -> Elementwise { Elementwise.all.first { $0.name == n }! }
  let x = Tensor<Float>([1, 2, 3]), y = Tensor<Float>([10, 20, 30])
  let z = Tensor<Float>(handle: .apply(op("add"), [x.handle, y.handle]))
  print(try z.scalars())
  let add = vmap { (a: Tensor<Float>, b: Tensor<Float>) in Tensor<Float>(handle: .apply(op("add"), [a.handle, b.handle])) }
  print(try add(x, y).scalars())
  let model: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, v in
    let d = TensorHandle.apply(DotGeneral(contracting: ([1], [0]), batch: ([], [])), [w.handle, v.handle])
    let e = TensorHandle.apply(op("add"), [d, Tensor<Float>(1).handle])
    let f = TensorHandle.apply(op("tanh"), [e])
    return Tensor<Float>(handle: .apply(Reduce(kind: .sum, dimensions: [0]), [f]))
  }
  let w = try Tensor<Float>(shape: [3, 5], scalars: (0..<15).map { Float($0) * 0.1 - 0.7 })
  let vs = try Tensor<Float>(shape: [4, 5], scalars: (0..<20).map { Float($0) * 0.1 - 1 })
  let b = vmap(model, inAxes: [nil, 0])
  let l = try b.lowered(w, vs)
  print(l.plan); print(l.source)
  print(try b(w, vs).scalars())
  let sm = vmap { (v: Tensor<Float>) in
    let m = TensorHandle.apply(Reduce(kind: .maximum, dimensions: [0]), [v.handle])
    let s = TensorHandle.apply(op("sub"), [v.handle, m])
    let e = TensorHandle.apply(op("exp"), [s])
    let t = TensorHandle.apply(Reduce(kind: .sum, dimensions: [0]), [e])
    return Tensor<Float>(handle: .apply(op("div"), [e, t]))
  }
  print(try sm(vs).scalars())
  print(try sm.lowered(vs).plan)
  let big = try Tensor<Float>(shape: [4, 50], scalars: (0..<200).map { Float($0 % 7) * 0.1 - 1 })
  print(try sm.lowered(big).plan, try sm.lowered(big).source)
  print(try sm(big).scalars()[..<5])
  let dot: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { a, b in
    Tensor<Float>(handle: .apply(DotGeneral(contracting: ([0], [0]), batch: ([], [])), [a.handle, b.handle])) }
  let mm = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
  let A = try Tensor<Float>(shape: [3, 4], scalars: (0..<12).map { Float($0) })
  let B = try Tensor<Float>(shape: [4, 5], scalars: (0..<20).map { Float($0) })
  print(try mm(A, B).scalars(), try mm(A, B).shape)
  print(try mm.lowered(A, B).plan, try mm.lowered(A, B).source)
}
