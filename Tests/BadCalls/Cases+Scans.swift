import VMap

// Loops over rows whose state, rows or body do not fit.

extension CaseList {
  mutating func addScans() {
    poisons("scan.lengths", .shapeMismatch, "scan", "xs[0] is f32[3,2]", "xs[1] is f32[4]") {
      scan(F(0), [ones(3, 2), ones(4)]) { c, x in (c, x[1]) }.1
    }
    poisons("scan.scalar-row", .shapeMismatch, "scan", "xs.b", "dimension", "f32[]") {
      scan(F(0), ["a": ones(3), "b": ones()]) { c, x in (c, c) }.0
    }
    poisons("scan.no-rows", .invalidArgument, "scan", "no tensor in xs") {
      scan(F(0), [F]()) { c, x in (c, c) }.0
    }
    poisons("scan.length", .invalidArgument, "scan", "length", "-1") {
      scan(F(0), length: -1) { c in (c, c) }.1
    }
    poisons("scan.long", .invalidArgument, "scan", "length", "32 bits") {
      scan(F(0), length: 1 << 40) { c in (c, c) }.1
    }
    poisons("scan.huge-outputs", .sizeOverflow) {
      scan(F(0), length: 1 << 30) { c in (c, F.zeros([1 << 30, 1 << 20])) }.1
    }
    poisons("scan.carry-shape", .loopStateMismatch, "scan", "carry[1]", "f32[3]", "f32[]") {
      scan([F(0), ones(3)], ones(4, 3)) { c, x in ([c[0], c[1].sum()], x) }.1
    }
    poisons("scan.carry-type", .loopStateMismatch, "scan", "carry.bias", "f32[3]", "f32[4]") {
      scan(Layer(), length: 2) {
        (Layer(weights: $0.weights, bias: $0.weights.sum(axis: 0)), $0.bias)
      }.0.bias
    }
    poisons("scan.carry-structure", .loopStateMismatch, "scan", "carry.b", "carry.a") {
      scan(["a": ones(3)], length: 2) { c in (["b": c["a"] ?? ones(3)], F(0)) }.1
    }
    poisons("scan.carry-grows", .loopStateMismatch, "1 tensor", "returns 2", "carry[1]") {
      scan([ones(3)], length: 2) { c in (c + c, F(0)) }.0[0]
    }
    poisons("scan.body-fails", .shapeMismatch, "add", "[2]", "[3]") {
      scan(ones(2), ones(4, 3)) { c, x in (c, c + x) }.1
    }
    fails("scan.lengths-in-vmap", .shapeMismatch, "xs[0]", "f32[3]", "xs[1]", "f32[4]") {
      _ = try vmap { (x: F, y: F) in scan(F(0), [x, y]) { c, x in (c, x[0]) }.1 }(
        ones(2, 3), ones(2, 4))
    }
    poisons("scan.poisoned-carry", .invalidArgument, "negative size") {
      scan(F.zeros([-1]), length: 2) { c in (c, c) }.1
    }
    poisons("scan.poisoned-rows", .invalidArgument, "negative size") {
      scan(F(0), [ones(2), F.zeros([-1])]) { c, x in (c, x[0]) }.1
    }
    poisons("scan.body-value-outside", .tracerEscaped) {
      let box = Box(ones())
      _ = scan(F(0), ones(3)) { c, x in
        box.set(x)
        return (c, x)
      }
      return box.value + 1
    }
    poisons("map.lengths", .shapeMismatch, "map", "xs[0]", "xs[1]") {
      map([ones(3), ones(4)]) { $0[0] }
    }
  }
}
