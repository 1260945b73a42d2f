import VMap

// Choices whose predicate or index is no scalar, or whose branches differ.

extension CaseList {
  mutating func addBranches() {
    poisons("cond.vector", .shapeMismatch, "cond: the predicate", "scalar", "bool[2]") {
      cond(B([true, false]), then: { ones(3) }, else: { ones(3) })
    }
    poisons("cond.size-one", .shapeMismatch, "predicate", "bool[1]") {
      cond(B([true]), then: { ones(3) }, else: { ones(3) })
    }
    fails("cond.vector-in-vmap", .shapeMismatch, "cond", "predicate", "bool[3]") {
      _ = try vmap { (x: F) in cond(x .> 0, then: { x }, else: { -x }) }(ones(2, 3))
    }
    poisons("cond.poisoned", .invalidArgument, "negative size") {
      cond(F.zeros([-1]).sum() .> 0, then: { ones(3) }, else: { ones(3) })
    }
    poisons(
      "cond.shapes", .branchMismatch, "then gives (f32[3])", "else gives (f32[])"
    ) {
      cond(B(true), then: { ones(3) }, else: { F(1) })
    }
    fails(
      "cond.keys", .branchMismatch, "else gives result.b where then gives result.a"
    ) {
      let result = cond(B(true), then: { ["a": F(1)] }, else: { ["b": F(1)] })
      _ = try result["a"]?.scalars()
    }
    fails("cond.arrays", .branchMismatch, "then gives 2 tensors and else gives 1") {
      _ = try cond(B(true), then: { [F(1), F(2)] }, else: { [F(1)] })[0].scalars()
    }
    poisons(
      "cond.tuples", .branchMismatch, "then gives (f32[3], f32[])", "else gives (f32[3], f32[3])"
    ) {
      cond(B(true), then: { (ones(3), F(1)) }, else: { (ones(3), ones(3)) }).1
    }
    poisons("switch.vector", .shapeMismatch, "switchCase: the index", "scalar", "i32[2]") {
      switchCase(I([1, 2]), { ones(3) }, { ones(3) }, { ones(3) })
    }
    poisons("switch.vector-of-one-branch", .shapeMismatch, "index", "i32[2]") {
      switchCase(I([1, 2]), { ones(3) })
    }
    fails("switch.vector-in-vmap", .shapeMismatch, "the index", "i32[3]") {
      _ = try vmap { (x: F) in switchCase(x.asType(Int32.self), { x }, { -x }) }(ones(2, 3))
    }
    poisons(
      "switch.shapes", .branchMismatch, "branch 0 gives (f32[3])", "branch 2 gives (f32[4])"
    ) {
      switchCase(I(1), { ones(3) }, { ones(3) }, { ones(4) })
    }
    fails("switch.structure", .branchMismatch, "branch 0 gives 1 tensor and branch 1 gives 2") {
      _ = try switchCase(I(0), { [F(1)] }, { [F(1), F(2)] })[0].scalars()
    }
  }
}
