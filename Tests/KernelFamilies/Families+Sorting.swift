import VMap

// Loops that keep something from iteration to iteration: scans, sorting networks, windows.

extension FamilyList {
  mutating func addScans() {
    add("scans") { n in
      for length in [1, 5, 40] {
        let x = Samples<Float>.random([n, length, 2], length)
        let up = vmap { (x: F) in x.cumsum(axis: 0) }
        try expect("cumsum of \(length)", near: up(x.tensor), x.shape) { i in
          total(i[1] + 1) { Double(x[i[0], $0, i[2]]) }
        }
        let down = vmap(inAxes: 1, outAxes: 1) { (x: F) in x.cummax(axis: 1, reverse: true) * 2 }
        try expect("cummax of \(length)", down(x.tensor), x.shape) { i in
          2 * ((i[2]..<2).map { x[i[0], i[1], $0] }.max() ?? 0)
        }
      }
    }
  }

  mutating func addSorting() {
    add("sorting") { n in
      for length in [1, 2, 7, 20] {
        let x = Samples<Float>([n, length]) { Float(($0 * 7 + $0 / 5) % 11) }
        func order(_ row: Int) -> [Int] {
          (0..<length).sorted { (x[row, $0], $0) < (x[row, $1], $1) }
        }
        let sorted = vmap { (x: F) in x.sorted() }
        try expect("sorted \(length)", sorted(x.tensor), x.shape) { i in
          x[i[0], order(i[0])[i[1]]]
        }
        let places = vmap { (x: F) in x.argsort() }
        try expect("argsort \(length)", places(x.tensor), x.shape) { i in
          Int32(order(i[0])[i[1]])
        }
        let count = min(3, length)
        let greatest = vmap { (x: F) in x.topK(count).values }
        try expect("topK \(length)", greatest(x.tensor), [n, count]) { i in
          x[i[0], order(i[0])[length - 1 - i[1]]]
        }
      }
    }
  }

  mutating func addWindows() {
    add("windows") { n in
      let x = Samples<Float>.random([n, 5, 6], 1)
      let pool = vmap { (x: F) in x.maxPool([2, 3], strides: [2, 1]) }
      try expect("maxPool", pool(x.tensor), [n, 2, 4]) { i in
        (0..<6).map { x[i[0], 2 * i[1] + $0 / 3, i[2] + $0 % 3] }.max() ?? 0
      }
      let sums = vmap { (x: F) in
        x.reduceWindow(0, [1, 4], padding: .explicit([(0, 0), (3, 0)])) { $0 + $1 }
      }
      try expect("sums", near: sums(x.tensor), x.shape) { i in
        total(4) { i[2] - $0 < 0 ? 0 : Double(x[i[0], i[1], i[2] - $0]) }
      }
    }
    // Features enough for a vector, and places enough for several at once and a rest.
    add("convolutions") { n in
      let (image, kernel) = (
        Samples<Float>.random([n, 2, 11, 2], 2), Samples<Float>.random([3, 3, 2, 16], 3)
      )
      let conv = vmap(inAxes: [0, nil]) { (x: F, k: F) in
        convGeneralDilated(
          x[.newAxis], k, windowStrides: [1, 1], padding: .same,
          dimensionNumbers: ("NHWC", "HWIO", "NHWC"))[0]
      }
      try expect("same", near: conv(image.tensor, kernel.tensor), [n, 2, 11, 16]) { i in
        total(18) { tap in
          let (y, x) = (i[1] + tap / 6 - 1, i[2] + tap / 2 % 3 - 1)
          guard (0..<2).contains(y), (0..<11).contains(x) else { return 0 }
          return Double(image[i[0], y, x, tap % 2])
            * Double(kernel[tap / 6, tap / 2 % 3, tap % 2, i[3]])
        }
      }
    }
  }
}
