import VMap

// What reads memory in another order or elsewhere, and computes nothing.

extension FamilyList {
  mutating func addViews() {
    add("transposes") { n in
      let x = Samples<Float>.random([n, 3, 4], 1)
      try expect("each", vmap { (x: F) in x.transposed() }(x.tensor), [n, 4, 3]) { i in
        x[i[0], i[2], i[1]]
      }
      for (axis, place) in [(0, 2), (1, 0), (2, 1), (2, 2)] {
        let moved = vmap(inAxes: .axis(axis), outAxes: .axis(place)) { (x: F) in x.transposed() }
        // The dimensions that an example sees are swapped, then the batch is put in its place.
        var order = [2, 1, 0].filter { $0 != axis }
        order.insert(axis, at: place)
        try expect("axis \(axis) to \(place)", moved(x.tensor), order.map { x.shape[$0] }) { i in
          var index = [0, 0, 0]
          for (dimension, source) in order.enumerated() { index[source] = i[dimension] }
          return x[index]
        }
      }
      let y = Samples<Float>.random([2, n, 3, 2], 2)
      let turned = vmap(inAxes: 1) { (y: F) in y.transposed(2, 0, 1) * 2 }
      try expect("permuted", turned(y.tensor), [n, 2, 2, 3]) { i in
        y[i[2], i[0], i[3], i[1]] * 2
      }
    }
    add("slices") { n in
      let x = Samples<Float>.random([n, 7, 5], 1)
      let part = vmap { (x: F) in x[2..<6, .slice(nil, nil, by: 2)] }
      try expect("steps", part(x.tensor), [n, 4, 3]) { i in x[i[0], i[1] + 2, 2 * i[2]] }
      let reversed = vmap { (x: F) in x.flipped(0, 1) + x }
      try expect("reversed", reversed(x.tensor), [n, 7, 5]) { i in
        x[i[0], 6 - i[1], 4 - i[2]] + x[i]
      }
      let back = vmap(inAxes: 1, outAxes: -1) { (x: F) in x[-1, .slice(4, 0, by: -2)] }
      try expect("backwards", back(x.tensor), [2, 7]) { i in x[n - 1, i[1], 4 - 2 * i[0]] }
      let rolled = vmap { (x: F) in x.rolled(by: 3, axis: 0) }
      try expect("rolled", rolled(x.tensor), [n, 7, 5]) { i in x[i[0], (i[1] + 4) % 7, i[2]] }
    }
    add("reshapes") { n in
      let x = Samples<Float>.random([n, 6, 4], 1)
      let folded = vmap { (x: F) in x.reshaped(to: [3, 8]) }
      try expect("folded", folded(x.tensor), [n, 3, 8]) { i in
        let position = i[1] * 8 + i[2]
        return x[i[0], position / 4, position % 4]
      }
      let flat = vmap(inAxes: 2) { (x: F) in x.transposed().flattened() }
      try expect("flat", flat(x.tensor), [4, 6 * n]) { i in x[i[1] % n, i[1] / n, i[0]] }
      let spread = vmap { (x: F) in x[0].broadcast(to: [3, 4]) }
      try expect("spread", spread(x.tensor), [n, 3, 4]) { i in x[i[0], 0, i[2]] }
      let repeated = vmap { (x: F) in x[0].repeated(2) }
      try expect("repeated", repeated(x.tensor), [n, 8]) { i in x[i[0], 0, i[1] / 2] }
    }
  }

  mutating func addJoining() {
    add("joining") { n in
      let (x, y) = (Samples<Float>.random([n, 2, 3], 1), Samples<Float>.random([n, 4, 3], 2))
      let rows = vmap { (x: F, y: F) in concatenate([x, y, x * 2]) }
      try expect("rows", rows(x.tensor, y.tensor), [n, 8, 3]) { i in
        if i[1] < 2 { return x[i] }
        return i[1] < 6 ? y[i[0], i[1] - 2, i[2]] : x[i[0], i[1] - 6, i[2]] * 2
      }
      let columns = vmap { (x: F) in concatenate([x, x.flipped(1)], axis: 1) }
      try expect("columns", columns(x.tensor), [n, 2, 6]) { i in
        x[i[0], i[1], i[2] < 3 ? i[2] : 5 - i[2]]
      }
      let stacked = vmap(inAxes: [0, 0], outAxes: 1) { (x: F, y: F) in
        stack([x[0], y[1], y[3]], axis: 1)
      }
      try expect("stacked", stacked(x.tensor, y.tensor), [3, n, 3]) { i in
        [x[i[1], 0, i[0]], y[i[1], 1, i[0]], y[i[1], 3, i[0]]][i[2]]
      }
    }
    add("padding") { n in
      let x = Samples<Float>.random([n, 3, 4], 1)
      let around = vmap { (x: F) in x.padded(low: [1, 0], high: [2, 3], value: -1) }
      try expect("around", around(x.tensor), [n, 6, 7]) { i in
        (1...3).contains(i[1]) && i[2] < 4 ? x[i[0], i[1] - 1, i[2]] : -1
      }
      let between = vmap { (x: F) in
        x.padded(low: [0, -1], high: [-1, 1], interior: [2, 1], value: 0.5)
      }
      try expect("between", between(x.tensor), [n, 6, 7]) { i in
        let column = i[2] + 1
        let isOwn = i[1] % 3 == 0 && column % 2 == 0 && column / 2 < 4
        return isOwn ? x[i[0], i[1] / 3, column / 2] : 0.5
      }
    }
  }

  mutating func addTaking() {
    add("taking") { n in
      let (x, table) = (Samples<Float>.random([n, 6], 1), Samples<Float>.random([9, 3], 2))
      // Also indices from the end and such that are outside.
      let ids = Samples<Int32>.random([n, 2], 3, in: -12...12)
      func position(_ index: Int32, _ count: Int) -> Int {
        min(max(Int(index) < 0 ? Int(index) + count : Int(index), 0), count - 1)
      }
      let rows = vmap(inAxes: [nil, 0]) { (table: F, ids: I) in table.take(ids, axis: 0) }
      try expect("of a table", rows(table.tensor, ids.tensor), [n, 2, 3]) { i in
        table[position(ids[i[0], i[1]], 9), i[2]]
      }
      let own = vmap { (x: F, ids: I) in x.take(ids, axis: 0) * 2 }
      try expect("of its own", own(x.tensor, ids.tensor), [n, 2]) { i in
        x[i[0], position(ids[i], 6)] * 2
      }
      let one = vmap { (x: F, ids: I) in x[ids[1]] + x[0] }
      try expect("of one", one(x.tensor, ids.tensor), [n]) { i in
        x[i[0], position(ids[i[0], 1], 6)] + x[i[0], 0]
      }
      let shared = vmap(inAxes: [0, nil]) { (x: F, ids: I) in x.take(ids, axis: 0) }
      let few = Samples<Int32>.random([4], 4, in: -6...5)
      try expect("of the same", shared(x.tensor, few.tensor), [n, 4]) { i in
        x[i[0], position(few[i[1]], 6)]
      }
      // What is taken from was computed, so that it is a private array.
      let sorted = vmap { (x: F) in x.softmax().take(x.argmax(), axis: 0) .>= x.softmax().max() }
      try expect("of a softmax", sorted(x.tensor), [n]) { _ in true }
    }
  }
}
