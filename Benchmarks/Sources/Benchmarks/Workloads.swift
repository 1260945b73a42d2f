import VMap

typealias F = Tensor<Float>

/// The functions of `workloads.json` in Swift: each takes its inputs once and gives a call to time.
enum Workloads {
  /// A call whose results are finished when it returns.
  typealias Call = () throws -> [AnyTensor]

  static func call(_ function: String, _ inputs: [AnyTensor]) throws -> Call {
    func input(_ position: Int) throws -> F { try F(inputs[position]) }
    switch function {
    case "add":
      return try pair(vmap { (x: F, y: F) in x + y }, input(0), input(1))
    case "neuron":
      let model = vmap(inAxes: [nil, 0]) { (w: F, v: F) in tanh(matmul(w, v) + 1).sum() }
      return try pair(model, input(0), input(1))
    case "product":
      let product = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
      return try pair(product, input(0), input(1))
    case "matmul":
      return try pair(vmap { (x: F, y: F) in matmul(x, y) }, input(0), input(1))
    case "softmax":
      return try single(vmap { (x: F) in x.softmax() }, input(0))
    case "layer_norm":
      return try pair(vmap(layerNorm, inAxes: [0, nil]), input(0), input(1))
    case "custom_dot_rows":
      return try pair(vmap(squaredDot), input(0), input(1))
    case "custom_dot_columns":
      return try pair(vmap(squaredDot, inAxes: 1), input(0), input(1))
    case "linear":
      let linear = vmap(inAxes: [nil, 0]) { (w: F, x: F) in matmul(w, x) }
      return try pair(linear, input(0), input(1))
    case "mandelbrot":
      let pixels = vmap(vmap(escapeTime, inAxes: [0, nil]), inAxes: [nil, 0])
      let (x, y) = (try input(0), try input(1))
      return { try [AnyTensor(pixels(x, y).ready())] }
    case "skewed_while":
      let steps = vmap(decay)
      let counts = try Tensor<Int32>(inputs[0])
      return { try [AnyTensor(steps(counts).ready())] }
    case "black_scholes":
      let price = vmap(blackScholes)
      let (s, k, t) = (try input(0), try input(1), try input(2))
      return { try [AnyTensor(price(s, k, t).ready())] }
    default: throw BenchmarkError("there is no workload \(function)")
    }
  }

  private static func single(_ function: Vectorized<F, F>, _ x: F) -> Call {
    { try [AnyTensor(function(x).ready())] }
  }

  private static func pair(_ function: Vectorized<F, F, F>, _ x: F, _ y: F) -> Call {
    { try [AnyTensor(function(x, y).ready())] }
  }

  private static let squaredDot: @Sendable (F, F) -> F = { x, y in
    let d = dot(x, y)
    return d * d
  }

  private static let layerNorm: @Sendable (F, F) -> F = { v, g in
    let centered = v - v.mean()
    return centered / sqrt(v.variance() + 1e-5) * g
  }

  /// How many steps z² + c stays within a radius of 2, at most 256.
  private static let escapeTime: @Sendable (F, F) -> Tensor<Int32> = { cx, cy in
    let (_, _, n) = whileLoop(F(0), F(0), Tensor<Int32>(0)) { x, y, n in
      let radius = x * x + y * y
      return (radius .< 4) .&& (n .< 256)
    } do: { x, y, n in
      let real = x * x - y * y + cx
      let imaginary = 2 * x * y + cy
      return (real, imaginary, n + 1)
    }
    return n
  }

  private static let decay: @Sendable (Tensor<Int32>) -> F = { n in
    let (_, x) = whileLoop(Tensor<Int32>(0), F(1)) { i, _ in
      i .< n
    } do: { i, x in
      (i + 1, x * 0.999 + 0.1)
    }
    return x
  }

  private static let blackScholes: @Sendable (F, F, F) -> F = { s, k, t in
    let (rate, volatility): (Float, Float) = (0.05, 0.2)
    let drift = (rate + volatility * volatility / 2) * t
    let spread = volatility * sqrt(t)
    let d1 = (log(s / k) + drift) / spread
    let d2 = d1 - spread
    let discounted = k * exp(-rate * t)
    return s * normalCDF(d1) - discounted * normalCDF(d2)
  }

  private static func normalCDF(_ x: F) -> F { 0.5 * (1 + erf(x / Float(2).squareRoot())) }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
