import VMap

// Products of matrices, and sums of products.

extension CaseList {
  mutating func addContractions() {
    let x = ones(2, 3)
    poisons("matmul.sizes", .shapeMismatch, "matmul", "[2,3]") { matmul(x, x) }
    poisons("matmul.scalar", .shapeMismatch, "matmul", "scalars", "[]") { matmul(x, F(1)) }
    poisons("matmul.scalar-left", .shapeMismatch, "matmul", "[]") { matmul(F(1), x) }
    poisons("matmul.vectors", .shapeMismatch, "[3]", "[4]") { matmul(ones(3), ones(4)) }
    poisons("matmul.matrix-vector", .shapeMismatch, "[2,3]", "[2]") { matmul(x, ones(2)) }
    poisons("matmul.vector-matrix", .shapeMismatch, "[3]", "[2,3]") { matmul(ones(3), x) }
    poisons("matmul.vector-batch", .shapeMismatch, "[3]", "[2,4,5]") {
      matmul(ones(3), ones(2, 4, 5))
    }
    poisons("matmul.batches", .shapeMismatch, "matmul", "[4]", "[5]") {
      matmul(ones(4, 2, 3), ones(5, 3, 2))
    }
    poisons("matmul.in-a-batch", .shapeMismatch, "matmul") { matmul(ones(4, 2, 3), ones(4, 2, 3)) }
    fails("matmul.in-vmap", .shapeMismatch, "matmul", "[3]", "[4]") {
      _ = try vmap { (x: F) in matmul(x, ones(4)) }(x)
    }
    works("matmul.of-nothing") {
      try expect(matmul(ones(2, 0), ones(0, 2)), [0, 0, 0, 0])
      try expect(matmul(ones(0, 2), ones(2, 0)), [])
    }
    poisons("dot.vectors", .shapeMismatch, "dot", "[3]", "[4]") { dot(ones(3), ones(4)) }
    poisons("dot.matrices", .shapeMismatch, "dot", "[2,3]") { dot(x, x) }
    poisons("dot.high-rank", .shapeMismatch, "dot", "[2,4,5]") { dot(x, ones(2, 4, 5)) }
    poisons("inner.sizes", .shapeMismatch, "inner", "[2,3]", "[4]") { inner(x, ones(4)) }
    poisons("vdot.sizes", .shapeMismatch, "[6]", "[5]") { vdot(x, ones(5)) }
    for count in [3, -1, .max, .min] {
      poisons("tensordot.count(\(count))", .invalidArgument, "tensordot", "\(count)") {
        tensordot(x, x, axes: count)
      }
    }
    poisons("tensordot.default", .invalidArgument, "[3]", "2 dimensions") {
      tensordot(ones(3), ones(3))
    }
    poisons("tensordot.sizes", .shapeMismatch, "tensordot", "[2,3]") { tensordot(x, x, axes: 1) }
    poisons("tensordot.pairs", .shapeMismatch, "[0,1]", "[0]") {
      tensordot(x, x, axes: ([0, 1], [0]))
    }
    poisons("tensordot.pair-sizes", .shapeMismatch, "[1]", "[0]") {
      tensordot(x, x, axes: ([1], [0]))
    }
    poisons("tensordot.twice", .invalidArgument, "twice") {
      tensordot(x, x, axes: ([0, 0], [0, 1]))
    }
    for axis in [2, -3, .max, .min] {
      poisons("tensordot.axis(\(axis))", .invalidArgument, "axis \(axis)") {
        tensordot(x, x, axes: ([0], [axis]))
      }
    }
  }

  mutating func addEinsum() {
    let x = ones(2, 3)
    func add(
      _ name: String, _ kind: VMapError.Kind, _ specification: String, _ words: String,
      _ operands: F...
    ) {
      poisons("einsum.\(name)", kind, "einsum", "\"\(specification)\"", words) { () -> F in
        switch operands.count {
        case 0: einsum(specification)
        case 1: einsum(specification, operands[0])
        case 2: einsum(specification, operands[0], operands[1])
        default: einsum(specification, operands[0], operands[1], operands[2])
        }
      }
    }
    add("too-few-operands", .invalidArgument, "ij,jk->ik", "2 operands, got 1", x)
    add("too-many-operands", .invalidArgument, "ij->ij", "1 operand, got 2", x, x)
    add("no-operands", .invalidArgument, "", "got 0")
    add("two-arrows", .invalidArgument, "ij->ji->ij", "more than one arrow", x)
    add("unknown-label", .invalidArgument, "ij->ik", "label \"k\"", x)
    add("label-twice", .invalidArgument, "ij->ii", "twice", x)
    add("digit", .invalidArgument, "i1->i", "\"1\"", x)
    add("dash", .invalidArgument, "i-j->i", "\"-\"", x)
    add("not-ascii", .invalidArgument, "ié->i", "\"é\"", x)
    add("too-few-labels", .invalidArgument, "i->i", "shape [2,3]", x)
    add("too-many-labels", .invalidArgument, "ijk->i", "shape [2,3]", x)
    add("empty-term", .invalidArgument, "->", "shape [2,3]", x)
    add("trailing-comma", .invalidArgument, "ij,", "shape [2,3]", x, x)
    add("label-of-a-scalar", .invalidArgument, "i", "shape []", F(1))
    add("sizes", .shapeMismatch, "ij,jk->ik", "label \"j\"", x, x)
    add("sizes-of-three", .shapeMismatch, "i,i,i->i", "label \"i\"", ones(3), ones(3), ones(4))
    add("two-ellipses", .invalidArgument, "...i...->i", "ellipsis", x)
    add("two-dots", .invalidArgument, "..i->i", "\".\"", x)
    add("ellipsis-sizes", .shapeMismatch, "...i,...i->...", "ellipsis", x, ones(4, 3))
    add("ellipsis-nowhere", .invalidArgument, "ij->...ijk", "label \"k\"", x)
    add("ellipsis-with-too-many", .invalidArgument, "...ijk->i", "shape [2,3]", x)
    add("uneven-diagonal", .shapeMismatch, "ii->i", "label \"i\"", x)
    poisons("einsum.one-by-many-diagonal", .shapeMismatch, "einsum", "diagonal") {
      einsum("ii", ones(1, 3))
    }
    fails("einsum.in-vmap", .invalidArgument, "einsum", "shape [3]") {
      _ = try vmap { (x: F) in einsum("ij->ji", x) }(x)
    }
    poisons("einsum.overflow", .sizeOverflow, "elements") {
      einsum("i,j->ij", F.ones([1 << 40]), F.ones([1 << 40]))
    }
    works("einsum.unusual") {
      try expect(einsum("", F(2)), [2])
      try expect(einsum("->", F(2)), [2])
      try expect(einsum("...", F(2)), [2])
      try expect(einsum(",->", F(2), F(3)), [6])
      try expect(einsum(" i j -> ", x), [6])
      try expect(einsum("i->i", ones(0)), [])
      try expect(einsum("i,i", ones(0), ones(0)), [0])
    }
  }
}
