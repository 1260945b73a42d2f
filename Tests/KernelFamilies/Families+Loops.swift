import VMap

// Loops in kernels, with trip counts that differ, and loops that the host runs.

extension FamilyList {
  mutating func addLoops() {
    add("while") { n in
      let x = Samples<Float>.random([n], 1, in: 0.25, 200)
      // Each example has a number of steps of its own.
      let steps = vmap { (x: F) in
        whileLoop(x, I(0)) { x, _ in
          x .< 100
        } do: { (x: F, steps: I) in
          (x * 2, steps + 1)
        }
      }
      let (values, counts) = try steps(x.tensor)
      try expect("value", values, [n]) { i in doubled(x[i[0]]).value }
      try expect("count", counts, [n]) { i in doubled(x[i[0]]).steps }
      let always = vmap { (x: F) in
        let (value, _) = whileLoop(x, I(0)) { (_: F, steps: I) in
          steps .< 5
        } do: { (x: F, steps: I) in
          (x * 0.5 + 1, steps + 1)
        }
        return value
      }
      try expect("uniform", near: always(x.tensor), [n]) { i in
        var value = Double(x[i[0]])
        for _ in 0..<5 { value = value * 0.5 + 1 }
        return value
      }
    }
    add("while-windows") { n in
      // Larger than a work-item keeps, with places that differ from example to example, some outside
      // and some counted from the end.
      for size in [5, 1100] {
        let x = Samples<Float>.random([n, size], 1, in: 0, 1)
        let places = Samples<Int32>.random([n, 4], 2, in: -1...size + 1)
        let moved = vmap { (x: F, places: I) in
          fori(0, 3, x) { i, x in
            fori(i, I(4), x) { j, y in
              y.at(places[j]).add(y[j] + x[i]).at(j).multiply(0.5)
            }
          }
        }
        let result = try moved(x.tensor, places.tensor)
        let expected = (0..<n).map { example in
          var state = (0..<size).map { Double(x[example, $0]) }
          for i in 0..<3 {
            let outer = state[i]
            for j in i..<4 {
              var place = Int(places[example, j])
              if place < 0 { place += size }
              let sum = state[j] + outer
              if state.indices.contains(place) { state[place] += sum }
              state[j] *= 0.5
            }
          }
          return state
        }
        try expect("windows of \(size)", near: result, [n, size]) { expected[$0[0]][$0[1]] }
      }
    }
    add("while-arrays") { n in
      let x = Samples<Float>.random([n, 3], 1, in: 0, 1)
      let turned = vmap { (x: F) in
        whileLoop(x) {
          $0.sum() .< 4
        } do: {
          $0.rolled(by: -1) + $0 * 0.5
        }
      }
      try expect("array", near: turned(x.tensor), [n, 3]) { i in
        var state = (0..<3).map { Double(x[i[0], $0]) }
        while state.reduce(0, +) < 4 {
          state = (0..<3).map { state[($0 + 1) % 3] + state[$0] * 0.5 }
        }
        return state[i[1]]
      }
      let nested = vmap { (x: F) in
        let (value, _) = whileLoop(x[0] + 1, I(0)) { (y: F, outer: I) in
          (y .< 50) .&& (outer .< 20)
        } do: { (y: F, outer: I) in
          let inner = whileLoop(y, while: { $0 .< 10 }, do: { $0 * 3 })
          return (inner + 1.5, outer + 1)
        }
        return value
      }
      try expect("nested", near: nested(x.tensor), [n]) { i in
        var (y, outer) = (Double(x[i[0], 0]) + 1, 0)
        while y < 50, outer < 20 {
          while y < 10 { y *= 3 }
          y += 1.5
          outer += 1
        }
        return y
      }
    }
    add("fori") { n in
      let x = Samples<Float>.random([n, 4], 1)
      let ends = Samples<Int32>.random([n], 2, in: 0...4)
      let prefix = vmap { (x: F, end: I) in
        fori(I(0), end, F(0)) { i, sum in sum + x[i] }
      }
      try expect("varying", near: prefix(x.tensor, ends.tensor), [n]) { i in
        total(Int(ends[i[0]])) { Double(x[i[0], $0]) }
      }
      let horner = vmap { (x: F) in
        fori(0, 4, F(1)) { i, value in value * 0.5 + x[3 - i] }
      }
      try expect("fixed", near: horner(x.tensor), [n]) { i in
        (0..<4).reduce(1) { $0 * 0.5 + Double(x[i[0], 3 - $1]) }
      }
    }
  }

  mutating func addHostLoops() {
    add("host-loops") { n in
      // The state is too large for a work-item, so that each step is a launch.
      let x = Samples<Float>.random([n, 150], 1)
      let smoothed = vmap { (x: F) in
        fori(0, 3, x) { _, x in (x + x.rolled(by: 1)) * 0.5 }
      }
      func smooth(_ row: Int) -> [Double] {
        (0..<3).reduce((0..<150).map { Double(x[row, $0]) }) { state, _ in
          state.indices.map { (state[$0] + state[($0 + 149) % 150]) * 0.5 }
        }
      }
      let rows = (0..<n).map(smooth)
      try expect("fixed", near: smoothed(x.tensor), [n, 150]) { i in rows[i[0]][i[1]] }
      // Other examples decide when it ends.
      let until = vmap(inAxes: 0, axisName: "batch") { (x: F) in
        whileLoop(x[0]) {
          $0.max(over: "batch") .< 9
        } do: {
          $0 + 1.25
        }
      }
      try expect("for all", near: until(x.tensor), [n]) { i in
        var largest = (0..<n).map { Double(x[$0, 0]) }.max() ?? 0
        var value = Double(x[i[0], 0])
        while largest < 9 {
          largest += 1.25
          value += 1.25
        }
        return value
      }
    }
  }
}

/// A number doubled until it is 100 or more, and how often that was.
private func doubled(_ x: Float) -> (value: Float, steps: Int32) {
  var (value, steps) = (x, Int32(0))
  while value < 100 {
    value *= 2
    steps += 1
  }
  return (value, steps)
}
