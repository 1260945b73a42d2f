import Glibc
import VMap

// What examples know of one another, maps in maps, and batches in pieces.

extension FamilyList {
  mutating func addCollectives() {
    add("collectives") { n in
      let x = Samples<Float>.random([n, 3], 1)
      let centered = vmap(inAxes: 0, axisName: "batch") { (x: F) in x - x.mean(over: "batch") }
      try expect("mean", near: centered(x.tensor), [n, 3]) { i in
        Double(x[i]) - total(n) { Double(x[$0, i[1]]) } / Double(n)
      }
      let ends = vmap(inAxes: 0, axisName: "batch") { (x: F) in
        stack([x[0].max(over: "batch"), x[1].min(over: "batch"), x[2].sum(over: "batch")])
      }
      try expect("max, min, sum", near: ends(x.tensor), [n, 3]) { i in
        let column = (0..<n).map { Double(x[$0, i[1]]) }
        return [column.max() ?? 0, column.min() ?? 0, column.reduce(0, +)][i[1]]
      }
      let weighted = vmap(inAxes: 0, axisName: "batch") { (x: F) in
        exp(x[0]) / exp(x[0]).sum(over: "batch")
      }
      try expect("softmax over the batch", near: weighted(x.tensor), [n]) { i in
        exp(Double(x[i[0], 0])) / total(n) { exp(Double(x[$0, 0])) }
      }
      let places = vmap(inAxes: 0, axisName: "batch") { (x: F) in
        axisIndex("batch") * 2 + axisSize("batch")
      }
      try expect("places", places(x.tensor), [n]) { Int32($0[0] * 2 + n) }
      let flags = vmap(inAxes: 0, axisName: "batch") { (x: F) in
        stack([(x[0] .> 1.9).any(over: "batch"), (x[1] .> -1.9).all(over: "batch")])
      }
      try expect("any, all", flags(x.tensor), [n, 2]) { i in
        i[1] == 0
          ? (0..<n).contains { x[$0, 0] > 1.9 } : (0..<n).allSatisfy { x[$0, 1] > -1.9 }
      }
    }
  }

  mutating func addMaps() {
    add("nested-maps") { n in
      let (x, y) = (Samples<Float>.random([n, 3], 1), Samples<Float>.random([5, 3], 2))
      let distance: @Sendable (F, F) -> F = { x, y in ((x - y) ** 2).sum() }
      let table = vmap(vmap(distance, inAxes: [nil, 0]), inAxes: [0, nil])
      try expect("pairs", near: table(x.tensor, y.tensor), [n, 5]) { i in
        total(3) { pow(Double(x[i[0], $0]) - Double(y[i[1], $0]), 2) }
      }
      let turned = vmap(vmap(distance, inAxes: [0, nil]), inAxes: [nil, 0], outAxes: 1)
      try expect("pairs, turned", near: turned(x.tensor, y.tensor), [n, 5]) { i in
        total(3) { pow(Double(x[i[0], $0]) - Double(y[i[1], $0]), 2) }
      }
      let z = Samples<Float>.random([2, n, 3, 4], 3)
      let deep = vmap(
        vmap({ (z: F) in tanh(z).sum(axis: 0) }, inAxes: 2, outAxes: 1), inAxes: 1, outAxes: 2)
      try expect("deep", near: deep(z.tensor), [3, 4, n]) { i in
        total(2) { tanh(Double(z[$0, i[2], i[0], i[1]])) }
      }
      let inside = vmap { (x: F) in try vmap { (e: F) in e * x.sum() }(x) }
      try expect("called inside", near: inside(x.tensor), [n, 3]) { i in
        Double(x[i]) * total(3) { Double(x[i[0], $0]) }
      }
    }
    add("chunks") { n in
      let x = Samples<Float>.random([n, 4], 1)
      for chunk in [1, 4, 16] {
        let scores = vmap(inAxes: 0, chunk: chunk) { (x: F) in x.softmax() * x.sum() }
        try expect("of \(chunk)", near: scores(x.tensor), [n, 4]) { i in
          let row = (0..<4).map { Double(x[i[0], $0]) }
          return exp(row[i[1]]) / row.reduce(0) { $0 + exp($1) } * row.reduce(0, +)
        }
      }
    }
  }
  mutating func addScatters() {
    add("scatters") { n in
      let ids = Samples<Int32>.random([n, 60], 1, in: -6...43)
      let weights = Samples<Int32>.random([n, 60], 2, in: -9...9)
      let add: @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32> = { ids, weights in
        Tensor<Int32>.zeros([40]).at(ids).add(weights)
      }
      /// What a row adds up to at a place; the last places are reached from the end, too.
      func sum(_ row: Int, _ place: Int) -> Int32 {
        (0..<60).reduce(0) { total, k in
          let id = Int(ids[row, k])
          return total &+ ((id < 0 ? id + 40 : id) == place ? weights[row, k] : 0)
        }
      }
      try expect("histograms", vmap(add)(ids.tensor, weights.tensor), [n, 40]) { sum($0[0], $0[1]) }
      let rows = vmap(inAxes: [0, nil]) { (weights: Tensor<Int32>, ids: Tensor<Int32>) in
        Tensor<Int32>.zeros([40, 3]).at(ids).add(weights.expandedDimension(at: 1))
      }
      try expect("rows", rows(weights.tensor, ids.tensor[0]), [n, 40, 3]) { i in
        (0..<60).reduce(0) { total, k in
          let id = Int(ids[0, k])
          return total &+ ((id < 0 ? id + 40 : id) == i[1] ? weights[i[0], k] : 0)
        }
      }
    }
  }
}
