import VMap

// Truth values, and integers of every width.

extension FamilyList {
  mutating func addIntegers() {
    add("integers") { n in
      try checkIntegers(Int8.self, n)
      try checkIntegers(UInt8.self, n)
      try checkIntegers(Int16.self, n)
      try checkIntegers(UInt16.self, n)
      try checkIntegers(Int32.self, n)
      try checkIntegers(UInt32.self, n)
      try checkIntegers(Int64.self, n)
      try checkIntegers(UInt64.self, n)
    }
    add("bool") { n in
      let (a, b) = (Samples<Bool>.random([n, 5], 1), Samples<Bool>.random([n, 5], 2))
      let mixed = vmap { (a: B, b: B) in (a .&& .!b) .|| (a ^ b) }
      try expect("logic", mixed(a.tensor, b.tensor), [n, 5]) { i in
        (a[i] && !b[i]) || (a[i] != b[i])
      }
      let ends = vmap { (a: B) in stack([a.any(), a.all(), a[0]]) }
      try expect("any, all", ends(a.tensor), [n, 3]) { i in
        let row = (0..<5).map { a[i[0], $0] }
        return [row.contains(true), !row.contains(false), row[0]][i[1]]
      }
      let count = vmap { (a: B) in a.sum() }
      try expect("count", count(a.tensor), [n]) { i in
        Int32((0..<5).filter { a[i[0], $0] }.count)
      }
      let columns = vmap(inAxes: 1, outAxes: 1) { (a: B) in a.asType(Float.self) }
      try expect("to float", columns(a.tensor), [n, 5]) { a[$0] ? 1 : 0 }
    }
  }
}

/// Arithmetic that wraps around, bits, shifts, comparisons and reductions.
private func checkIntegers<Scalar: TensorInteger>(_ type: Scalar.Type, _ n: Int) throws {
  let range = Scalar.isSigned ? -120...120 : 0...250
  let x = Samples<Scalar>.random([n, 3], 1, in: range)
  let y = Samples<Scalar>.random([n, 3], 2, in: 1...7)
  let arithmetic = vmap { (x: Tensor<Scalar>, y: Tensor<Scalar>) in
    let sum = x * y + y
    return stack([sum, x / y, x % y, sum - x])
  }
  try expect("\(type)", arithmetic(x.tensor, y.tensor), [n, 4, 3]) { i in
    let (x, y) = (x[i[0], i[2]], y[i[0], i[2]])
    let sum = x &* y &+ y
    return [sum, x / y, x % y, sum &- x][i[1]]
  }
  let bits = vmap { (x: Tensor<Scalar>, y: Tensor<Scalar>) in
    let masked = (x & 0x55) | y
    return stack([masked ^ ~x, x << y, x >> y, populationCount(x), countLeadingZeros(y)])
  }
  try expect("bits of \(type)", bits(x.tensor, y.tensor), [n, 5, 3]) { i in
    let (x, y) = (x[i[0], i[2]], y[i[0], i[2]])
    let masked = (x & 0x55) | y
    let counts = [x.nonzeroBitCount, y.leadingZeroBitCount]
    return [masked ^ ~x, x << y, x >> y, Scalar(counts[0]), Scalar(counts[1])][i[1]]
  }
  let compared = vmap { (x: Tensor<Scalar>, y: Tensor<Scalar>) in
    select((x .< y) .|| (x .== 7), x, maximum(x, y))
  }
  try expect("\(type) compared", compared(x.tensor, y.tensor), [n, 3]) { i in
    x[i] < y[i] || x[i] == 7 ? x[i] : max(x[i], y[i])
  }
  let reduced = vmap { (x: Tensor<Scalar>) in stack([x.sum(), x.max(), x.min(), x.product()]) }
  try expect("\(type) reduced", reduced(x.tensor), [n, 4]) { i in
    let row = (0..<3).map { x[i[0], $0] }
    return [row.reduce(0, &+), row.max() ?? 0, row.min() ?? 0, row.reduce(1, &*)][i[1]]
  }
  let asFloat = vmap { (x: Tensor<Scalar>) in x.asType(Float.self) }
  try expect("\(type) to float", asFloat(x.tensor), [n, 3]) { Float(x[$0]) }
}
