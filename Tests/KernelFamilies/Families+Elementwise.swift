import Glibc
import VMap

// Operations on elements, one by one.

extension FamilyList {
  mutating func addElementwise() {
    add("elementwise") { n in
      let (x, y) = (Samples<Float>.random([n, 3], 1), Samples<Float>.random([n, 3], 2))
      let w = Samples<Float>.random([3], 3)
      let sums = vmap(inAxes: [0, 0, nil]) { (x: F, y: F, w: F) in
        let z = (x + w) * y - 0.5
        return maximum(z, -y) + minimum(x, w)
      }
      try expect("arithmetic", near: sums(x.tensor, y.tensor, w.tensor), [n, 3]) { i in
        let (x, y, w) = (Double(x[i]), Double(y[i]), Double(w[i[1]]))
        return max((x + w) * y - 0.5, -y) + min(x, w)
      }
      let chosen = vmap { (x: F, y: F) in select(x .< y, clamp(x, min: -1, max: 1), -y) }
      try expect("select", chosen(x.tensor, y.tensor), [n, 3]) { i in
        x[i] < y[i] ? min(max(x[i], -1), 1) : -y[i]
      }
      let rounded = vmap { (x: F) in floor(x) + 8 * ceil(x) + 64 * trunc(x) + 512 * round(x) }
      try expect("rounding", rounded(x.tensor), [n, 3]) { i in
        floor(x[i]) + 8 * ceil(x[i]) + 64 * trunc(x[i]) + 512 * rint(x[i])
      }
      let quotient = vmap { (x: F, y: F) in x / (y * y + 1) + x % (abs(y) + 1) }
      try expect("division", near: quotient(x.tensor, y.tensor), [n, 3]) { i in
        let (x, y) = (Double(x[i]), Double(y[i]))
        return x / (y * y + 1) + fmod(x, abs(y) + 1)
      }
    }
    add("scalars") { n in
      let x = Samples<Float>.random([n], 1)
      try expect("scalar", vmap { (x: F) in x * 2 + 1 }(x.tensor), [n]) { x[$0] * 2 + 1 }
      let constant = vmap { (x: F) in F.ones([2]) }
      try expect("constant", constant(x.tensor), [n, 2]) { _ in 1 }
    }
    add("narrow") { n in
      try checkNarrow(Float16.self, n)
      try checkNarrow(BFloat16.self, n)
    }
    add("double") { n in
      let x = Samples<Double>.random([n, 3], 1)
      let y = vmap { (x: D) in exp(x) * x + (x * x).sum() }
      try expect("double", near: y(x.tensor), [n, 3], within: 1e-13) { i in
        exp(x[i]) * x[i] + total(3) { x[i[0], $0] * x[i[0], $0] }
      }
      let narrow = vmap { (x: D) in x.asType(Float.self) }
      try expect("to float", narrow(x.tensor), [n, 3]) { Float(x[$0]) }
    }
  }

  mutating func addMath() {
    typealias Function = (name: String, tensor: @Sendable (F) -> F, scalar: (Double) -> Double)
    add("math") { n in
      // Several in one kernel, as compiling takes longer than running.
      let anywhere: [Function] = [
        ("exp", { exp($0) }, exp), ("exp2", { exp2($0) }, exp2), ("expm1", { expm1($0) }, expm1),
        ("sin", { sin($0) }, sin), ("cos", { cos($0) }, cos), ("tan", { tan($0 * 0.5) }, half(tan)),
        ("atan", { atan($0) }, atan), ("sinh", { sinh($0) }, sinh), ("cosh", { cosh($0) }, cosh),
        ("tanh", { tanh($0) }, tanh), ("asinh", { asinh($0) }, asinh), ("cbrt", { cbrt($0) }, cbrt),
        ("erf", { erf($0) }, erf), ("erfc", { erfc($0) }, erfc),
        ("sigmoid", { sigmoid($0) }, { 1 / (1 + exp(-$0)) }),
      ]
      let positive: [Function] = [
        ("log", { log($0) }, log), ("log2", { log2($0) }, log2), ("log10", { log10($0) }, log10),
        ("log1p", { log1p($0) }, log1p), ("sqrt", { sqrt($0) }, { $0.squareRoot() }),
        ("rsqrt", { rsqrt($0) }, { 1 / $0.squareRoot() }),
        ("acosh", { acosh($0 + 1) }, above(acosh)),
      ]
      let inside: [Function] = [
        ("asin", { asin($0) }, asin), ("acos", { acos($0) }, acos), ("atanh", { atanh($0) }, atanh),
      ]
      try check(anywhere, Samples.random([n], 1, in: -3, 3))
      try check(positive, Samples.random([n], 2, in: 0.01, 9))
      try check(inside, Samples.random([n], 3, in: -0.99, 0.99))
      let (x, y) = (Samples<Float>.random([n], 4, in: 0.1, 3), Samples<Float>.random([n], 5))
      let powers = vmap { (x: F, y: F) in stack([x ** y, atan2(y, x), hypot(x, y), y ** 3]) }
      try expect("powers", near: powers(x.tensor, y.tensor), [n, 4], within: 4e-6) { i in
        let (x, y) = (Double(x[i[0]]), Double(y[i[0]]))
        return [pow(x, y), atan2(y, x), hypot(x, y), y * y * y][i[1]]
      }
    }

    @Sendable func half(_ f: @escaping (Double) -> Double) -> (Double) -> Double { { f($0 * 0.5) } }
    @Sendable func above(_ f: @escaping (Double) -> Double) -> (Double) -> Double { { f($0 + 1) } }

    @Sendable func check(_ functions: [Function], _ x: Samples<Float>) throws {
      let tensors = functions.map(\.tensor)
      let all = vmap { (x: F) in stack(tensors.map { $0(x) }) }
      let names = functions.map(\.name).joined(separator: ", ")
      try expect(names, near: all(x.tensor), [x.shape[0], functions.count], within: 4e-6) { i in
        functions[i[1]].scalar(Double(x[i[0]]))
      }
    }
  }
}

/// Numbers of 16 bits, next to one another and apart, in sums and in products.
private func checkNarrow<Scalar: TensorFloatingPoint>(_ type: Scalar.Type, _ n: Int) throws {
  let (x, y) = (Samples<Scalar>.random([n, 3], 1), Samples<Scalar>.random([3, n], 2))
  let mixed = vmap(inAxes: [0, 1]) { (x: Tensor<Scalar>, y: Tensor<Scalar>) in x * y + x }
  try expect("\(type)", mixed(x.tensor, y.tensor), [n, 3]) { i in
    x[i] * y[i[1], i[0]] + x[i]
  }
  let dots = vmap(inAxes: [0, 1]) { (x: Tensor<Scalar>, y: Tensor<Scalar>) in dot(x, y) }
  try expect("dot of \(type)", near: dots(x.tensor, y.tensor), [n], within: 0.01) { i in
    total(3) { Double(x[i[0], $0]) * Double(y[$0, i[0]]) }
  }
  let wide = vmap(inAxes: 1) { (y: Tensor<Scalar>) in y.asType(Float.self).flipped(0) }
  try expect("\(type) to Float", wide(y.tensor), [n, 3]) { i in Float(y[2 - i[1], i[0]]) }
}
