import VMap

typealias F = Tensor<Float>

/// The functions of `workloads.json`: each takes its inputs once and gives a call to time.
enum Workloads {
  struct Call {
    /// A call whose results are finished when it returns.
    let run: () throws -> [AnyTensor]
    /// What it is compiled to.
    let lowered: () throws -> Lowered
  }

  static func call(_ function: String, _ inputs: [AnyTensor]) throws -> Call {
    switch function {
    case "add": try on(inputs, vmap { (x: F, y: F) in x + y })
    case "neuron": try on(inputs, vmap(inAxes: [nil, 0]) { tanh(matmul($0, $1) + 1).sum() })
    case "product":
      try on(inputs, vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1))
    case "matmul": try on(inputs, vmap { (x: F, y: F) in matmul(x, y) })
    case "softmax": try on(inputs, vmap { (x: F) in x.softmax() })
    case "layer_norm": try on(inputs, vmap(Examples.layerNorm, inAxes: [0, nil]))
    case "custom_dot_rows": try on(inputs, vmap(Examples.squaredDot))
    case "custom_dot_columns": try on(inputs, vmap(Examples.squaredDot, inAxes: 1))
    case "linear": try on(inputs, vmap(inAxes: [nil, 0]) { (w: F, x: F) in matmul(w, x) })
    case "mandelbrot":
      try on(
        inputs, vmap(vmap(Examples.escapeTime, inAxes: [0, nil]), inAxes: [nil, 0]))
    case "skewed_while": try on(inputs, vmap(Examples.decay))
    case "black_scholes": try on(inputs, vmap(Examples.blackScholes))
    case "sort": try on(inputs, vmap { (x: F) in x.sorted() })
    case "argsort": try on(inputs, vmap { (x: F) in x.argsort() })
    case "top8": try on(inputs, vmap { (x: F) in x.topK(8).values })
    case "cumsum": try on(inputs, vmap { (x: F) in x.cumsum() })
    case "gather": try on(inputs, vmap(inAxes: [nil, 0]) { (x: F, i: Tensor<Int32>) in x[i] })
    case "histogram": try on(inputs, vmap(Examples.histogram))
    case "conv": try on(inputs, vmap(Examples.conv, inAxes: [nil, 0]))
    case "distances":
      try on(inputs, vmap(vmap(Examples.distance, inAxes: [nil, 0]), inAxes: [0, nil]))
    case "n_body": try on(inputs + inputs, vmap(Examples.force, inAxes: [0, nil]))
    case "attention": try on(inputs, vmap(Examples.attention))
    case "rare_cond": try on(inputs, vmap(Examples.rareCond))
    case "cholesky": try on(inputs, vmap { (a: F) in LinearAlgebra.cholesky(a) })
    case "solve": try on(inputs, vmap { (a: F, b: F) in LinearAlgebra.solve(a, b) })
    case "eigh": try on(inputs, vmap(Examples.eigh))
    case "normal": try keys(inputs, vmap { Random.normal($0, [8]) })
    default: throw BenchmarkError("there is no workload \(function)")
    }
  }

  private static func on<A, R>(
    _ inputs: [AnyTensor], _ function: Vectorized<Tensor<R>, Tensor<A>>
  ) throws -> Call {
    let x = try Tensor<A>(inputs[0])
    return Call {
      try [AnyTensor(function(x).ready())]
    } lowered: {
      try function.lowered(x)
    }
  }

  private static func on<A, B, R>(
    _ inputs: [AnyTensor], _ function: Vectorized<Tensor<R>, Tensor<A>, Tensor<B>>
  ) throws -> Call {
    let (x, y) = (try Tensor<A>(inputs[0]), try Tensor<B>(inputs[1]))
    return Call {
      try [AnyTensor(function(x, y).ready())]
    } lowered: {
      try function.lowered(x, y)
    }
  }

  private static func on<A, B, C, R>(
    _ inputs: [AnyTensor], _ function: Vectorized<Tensor<R>, Tensor<A>, Tensor<B>, Tensor<C>>
  ) throws -> Call {
    let (x, y) = (try Tensor<A>(inputs[0]), try Tensor<B>(inputs[1]))
    let z = try Tensor<C>(inputs[2])
    return Call {
      try [AnyTensor(function(x, y, z).ready())]
    } lowered: {
      try function.lowered(x, y, z)
    }
  }

  private static func keys(
    _ inputs: [AnyTensor], _ function: Vectorized<F, Random.Key>
  ) throws -> Call {
    let keys = Random.Key(words: try Tensor(inputs[0]))
    return Call {
      try [AnyTensor(function(keys).ready())]
    } lowered: {
      try function.lowered(keys)
    }
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
