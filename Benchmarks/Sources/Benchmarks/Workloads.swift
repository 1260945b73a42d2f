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
    case "normal": try on(inputs, vmap { (key: Random.Key) in Random.normal(key, [8]) })
    case "lorenz": try on(inputs, vmap(Examples.lorenz))
    case "cartpole": try on(inputs, vmap(Examples.cartPole))
    case "van_der_pol": try on(inputs, vmap(Examples.vanDerPol))
    case "nearest": try on(inputs, vmap(Examples.nearest, inAxes: [0, nil]))
    case "kalman": try on(inputs, vmap(Examples.kalman))
    case "logistic_fit": try on(inputs, vmap(Examples.logisticFit))
    case "no_u_turn": try on(inputs, vmap(NoUTurn.sample))
    case "mlp_gradients":
      try on(inputs, vmap(Gradients.perExample, inAxes: [nil, nil, 0, 0]))
    case "mlp_norms": try on(inputs, vmap(Gradients.norm, inAxes: [nil, nil, 0, 0]))
    case "mlp_clipped_sum": try on(inputs, jit(Gradients.clippedSum))
    case "mlp_shared": try on(inputs, jit(Gradients.shared))
    case "hessian": try on(inputs, vmap(hessian(Gradients.rosenbrock)))
    case "skewed_gradient": try on(inputs, vmap(Gradients.skewed))
    case "attention_gradient": try on(inputs, vmap(Gradients.attention))
    case "bitonic_sort": try on(inputs, vmap(Examples.bitonicSort))
    case "roll_chain": try on(inputs, vmap(Examples.rollChain))
    case "stencil": try on(inputs, vmap(Examples.stencil))
    case "adam": try on(inputs, vmap(Adam.losses, inAxes: [0, 0, nil, nil]))
    case "linear_algebra": try on(inputs, vmap(Examples.linearAlgebra))
    case "samplers": try on(inputs, vmap(Examples.samplers))
    case "conjugate_gradient": try on(inputs, vmap(Examples.conjugateGradient))
    case "value_iteration": try on(inputs, vmap(Examples.valueIteration))
    case "quantum_circuit": try on(inputs, vmap(Examples.quantumCircuit))
    default: throw BenchmarkError("there is no workload \(function)")
    }
  }

  private static func on<R, each A: Input>(
    _ inputs: [AnyTensor], _ function: Vectorized<Tensor<R>, repeat each A>
  ) throws -> Call {
    var rest = inputs[...]
    func next<Kind: Input>(_: Kind.Type) throws -> Kind { try Kind(rest.removeFirst()) }
    let arguments = (repeat try next((each A).self))
    return Call {
      try [AnyTensor(function(repeat each arguments).ready())]
    } lowered: {
      try function.lowered(repeat each arguments)
    }
  }
}

/// What an argument can be that was read from a file.
private protocol Input: TensorTree {
  init(_ tensor: AnyTensor) throws(VMapError)
}

extension Tensor: Input {}

extension Random.Key: Input {
  init(_ words: AnyTensor) throws(VMapError) { self.init(words: try Tensor(words)) }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
