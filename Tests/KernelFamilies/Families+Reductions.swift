import Glibc
import VMap

// Reductions of one example, and reductions over the batch.

extension FamilyList {
  mutating func addSoftmax() {
    for length in [7, 40] {
      add("softmax-\(length)") { n in
        let x = Samples<Float>.random([n, length], 1, in: -4, 4)
        func sum(_ row: Int) -> Double { total(length) { exp(Double(x[row, $0])) } }
        try expect("softmax", near: vmap { (x: F) in x.softmax() }(x.tensor), x.shape) { i in
          exp(Double(x[i])) / sum(i[0])
        }
        let logs = vmap { (x: F) in x.logSoftmax() }
        try expect("logSoftmax", near: logs(x.tensor), x.shape) { Double(x[$0]) - log(sum($0[0])) }
        // The batch is the fast dimension in memory.
        let columns = vmap(inAxes: 1, outAxes: 1) { (x: F) in x.softmax() }
        try expect("softmax of columns", near: columns(x.tensor), x.shape) { i in
          exp(Double(x[i])) / total(n) { exp(Double(x[$0, i[1]])) }
        }
        // Two rows of each example, which are kept as one array.
        let pairs = Samples<Float>.random([n, 2, length], 2, in: -4, 4)
        let both = vmap { (x: F) in exp(x - x.max()) / exp(x - x.max()).sum() }
        try expect("softmax of two rows", near: both(pairs.tensor), pairs.shape) { i in
          exp(Double(pairs[i]))
            / total(2) { row in total(length) { exp(Double(pairs[i[0], row, $0])) } }
        }
        let norms = vmap { (x: F) in (x - x.mean()) / (x.variance() + 1e-3) }
        try expect("normalized", near: norms(x.tensor), x.shape) { i in
          let mean = total(length) { Double(x[i[0], $0]) } / Double(length)
          let variance = total(length) { pow(Double(x[i[0], $0]) - mean, 2) } / Double(length)
          return (Double(x[i]) - mean) / (variance + 1e-3)
        }
      }
    }
  }

  mutating func addReductions() {
    add("reductions") { n in
      let x = Samples<Float>.random([n, 3, 5], 1)
      let rows = vmap { (x: F) in stack([x.sum(axis: 1), x.max(axis: 1), x.min(axis: 1)]) }
      try expect("rows", near: rows(x.tensor), [n, 3, 3]) { i in
        let row = (0..<5).map { Double(x[i[0], i[2], $0]) }
        return [row.reduce(0, +), row.max() ?? 0, row.min() ?? 0][i[1]]
      }
      let columns = vmap { (x: F) in stack([x.sum(axis: 0), x.product(axis: 0)]) }
      try expect("columns", near: columns(x.tensor), [n, 2, 5]) { i in
        let column = (0..<3).map { Double(x[i[0], $0, i[2]]) }
        return i[1] == 0 ? column.reduce(0, +) : column.reduce(1, *)
      }
      let middle = vmap(inAxes: 1, outAxes: 1) { (x: F) in x.sum(axis: 0) }
      try expect("from the middle", near: middle(x.tensor), [5, 3]) { i in
        total(n) { Double(x[$0, i[1], i[0]]) }
      }
    }
    // Around the numbers of lanes, and of vectors that are added up side by side.
    add("reduction-lengths") { n in
      for length in [1, 15, 16, 17, 63, 65, 130] {
        let x = Samples<Float>.random([n, length], length)
        let sum = vmap { (x: F) in x.sum() }
        try expect("sum of \(length)", near: sum(x.tensor), [n]) { i in
          total(length) { Double(x[i[0], $0]) }
        }
        let most = vmap { (x: F) in x.argmax() }
        try expect("argmax of \(length)", most(x.tensor), [n]) { i in
          Int32(indexOfLargest((0..<length).map { x[i[0], $0] }))
        }
      }
    }
    add("argmax") { n in
      // Few different numbers, so that there are ties.
      let x = Samples<Float>([n, 4, 6]) { Float(($0 * 7 + $0 / 5) % 4) }
      let rows = vmap { (x: F) in stack([x.argmax(axis: 1), (-x).argmin(axis: 1)]) }
      try expect("rows", rows(x.tensor), [n, 2, 4]) { i in
        Int32(indexOfLargest((0..<6).map { x[i[0], i[2], $0] }))
      }
      let columns = vmap(inAxes: 2, outAxes: 1) { (x: F) in x.argmax(axis: 1) }
      try expect("columns", columns(x.tensor), [n, 6]) { i in
        Int32(indexOfLargest((0..<4).map { x[i[0], $0, i[1]] }))
      }
      let all = vmap { (x: F) in x.argmax() }
      try expect("all", all(x.tensor), [n]) { i in
        Int32(indexOfLargest((0..<24).map { x[i[0], $0 / 6, $0 % 6] }))
      }
    }
  }

  mutating func addBatchReductions() {
    add("batch-reductions") { n in
      let (x, w) = (Samples<Float>.random([n, 3], 1), Samples<Float>.random([3], 2))
      let loss = vmap(inAxes: [0, nil], outAxes: nil, axisName: "batch") { (x: F, w: F) in
        ((x * w).sum() ** 2).mean(over: "batch")
      }
      try expect("mean", near: loss(x.tensor, w.tensor), []) { _ in
        total(n) { row in pow(total(3) { Double(x[row, $0]) * Double(w[$0]) }, 2) } / Double(n)
      }
      let largest = vmap(inAxes: 0, outAxes: nil, axisName: "batch") { (x: F) in
        x.max(over: "batch")
      }
      try expect("max", largest(x.tensor), [3]) { i in (0..<n).map { x[$0, i[0]] }.max() ?? 0 }
    }
    // Long enough for two blocks with the largest batch. Each has a fixed length, whatever the batch.
    add("split-reductions") { n in
      let x = Samples<Float>.random([n, 130], 1)
      let sum = vmap(inAxes: 0, outAxes: nil, axisName: "batch") { (x: F) in
        x.sum().sum(over: "batch")
      }
      try expect("sum", near: sum(x.tensor), []) { _ in total(n * 130) { Double(x.scalars[$0]) } }
    }
  }
}

/// The position of the first of the largest numbers.
func indexOfLargest(_ numbers: [Float]) -> Int {
  numbers.indices.reduce(0) { numbers[$1] > numbers[$0] ? $1 : $0 }
}
