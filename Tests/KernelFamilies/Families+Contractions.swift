import Glibc
import VMap

// Sums of products: a vector at a time, in tiles, and over the batch.

extension FamilyList {
  mutating func addContractions() {
    add("dot") { n in
      let (x, y) = (Samples<Float>.random([n, 9], 1), Samples<Float>.random([n, 9], 2))
      try expect("dot", near: vmap { dot($0 as F, $1 as F) }(x.tensor, y.tensor), [n]) { i in
        total(9) { Double(x[i[0], $0]) * Double(y[i[0], $0]) }
      }
      let products = vmap(vmap({ (x: F, y: F) in dot(x, y) }, inAxes: [0, nil]), inAxes: [nil, 0])
      try expect("all pairs", near: products(x.tensor, y.tensor), [n, n]) { i in
        total(9) { Double(x[i[1], $0]) * Double(y[i[0], $0]) }
      }
      let outers = vmap { (x: F, y: F) in outer(x, y) }
      try expect("outer", outers(x.tensor, y.tensor), [n, 9, 9]) { i in
        x[i[0], i[1]] * y[i[0], i[2]]
      }
    }
    add("matmul") { n in
      let (x, y) = (Samples<Float>.random([n, 3, 4], 1), Samples<Float>.random([n, 4, 5], 2))
      let w = Samples<Float>.random([4, 5], 3)
      let each = vmap { (x: F, y: F) in matmul(x, y) }
      try expect("of each", near: each(x.tensor, y.tensor), [n, 3, 5]) { i in
        total(4) { Double(x[i[0], i[1], $0]) * Double(y[i[0], $0, i[2]]) }
      }
      let shared = vmap(inAxes: [0, nil]) { (x: F, w: F) in matmul(x, w) + 1 }
      try expect("with a shared one", near: shared(x.tensor, w.tensor), [n, 3, 5]) { i in
        total(4) { Double(x[i[0], i[1], $0]) * Double(w[$0, i[2]]) } + 1
      }
      let layer = vmap(inAxes: [nil, 1], outAxes: 1) { (w: F, x: F) in matmul(x, w) }
      try expect("of columns", near: layer(w.tensor, x.tensor), [n, 3, 5]) { i in
        total(4) { Double(x[i[0], i[1], $0]) * Double(w[$0, i[2]]) }
      }
    }
    // Large enough for several rows, columns and vectors at once, and not a multiple of them.
    add("tiles") { n in
      let (x, w) = (Samples<Float>.random([n, 19], 1), Samples<Float>.random([19, 70], 2))
      let layer = vmap(inAxes: [0, nil]) { (x: F, w: F) in matmul(x, w) }
      try expect("layer", near: layer(x.tensor, w.tensor), [n, 70]) { i in
        total(19) { Double(x[i[0], $0]) * Double(w[$0, i[1]]) }
      }
      let (a, b) = (Samples<Float>.random([9, 6], 3), Samples<Float>.random([6, 34], 4))
      let each = vmap(inAxes: [0, nil, nil]) { (x: F, a: F, b: F) in x[0] * matmul(a, b) }
      try expect("scaled", near: each(x.tensor, a.tensor, b.tensor), [n, 9, 34]) { i in
        Double(x[i[0], 0]) * total(6) { Double(a[i[1], $0]) * Double(b[$0, i[2]]) }
      }
      let gram = vmap(inAxes: 0, outAxes: nil, axisName: "batch") { (x: F) in
        outer(x[0..<5], x[0..<5]).sum(over: "batch")
      }
      try expect("over the batch", near: gram(x.tensor), [5, 5], within: 1e-4) { i in
        total(n) { Double(x[$0, i[0]]) * Double(x[$0, i[1]]) }
      }
    }
    add("einsum") { n in
      let (x, y) = (Samples<Float>.random([2, n, 3], 1), Samples<Float>.random([3, 4, n], 2))
      let chain = vmap(inAxes: [1, 2]) { (x: F, y: F) in einsum("ij,jk->ki", x, y) }
      try expect("einsum", near: chain(x.tensor, y.tensor), [n, 4, 2]) { i in
        total(3) { Double(x[i[2], i[0], $0]) * Double(y[$0, i[1], i[0]]) }
      }
      let layers = vmap(inAxes: [1, 2]) { (x: F, y: F) in
        tanh(matmul(relu(matmul(x, y)), y.transposed())).sum()
      }
      try expect("layers", near: layers(x.tensor, y.tensor), [n]) { i in
        network(x, y, i[0])
      }
    }
  }
}

/// What the family `einsum` computes of one example in two layers.
private func network(_ x: Samples<Float>, _ y: Samples<Float>, _ n: Int) -> Double {
  total(6) { number in
    let (row, column) = (number / 3, number % 3)
    let sum = total(4) { k in
      max(0, total(3) { Double(x[row, n, $0]) * Double(y[$0, k, n]) }) * Double(y[column, k, n])
    }
    return tanh(sum)
  }
}
