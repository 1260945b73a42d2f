extension Random {
  /// Numbers of gamma distributions with scale 1.
  ///
  ///     let waits = Random.gamma(key, Tensor<Float>([0.5, 2, 9]))
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - a: The parameters: a tensor that broadcasts to the shape.
  ///   - shape: The shape of the result; that of the parameters where it is nil.
  /// - Returns: One number for each parameter, found by rejection, for which each element and each
  ///   example of a batch makes as many attempts as it needs (Marsaglia and Tsang, *A simple method for
  ///   generating gamma variables*, 2000). A parameter of 0 gives 0, a negative one NaN.
  ///
  /// The derivative for the parameter is that of the distribution, by implicit reparametrization. After
  /// `jax.random.gamma`, with which it agrees to some units in the last place.
  public static func gamma<Scalar: TensorFloatingPoint>(
    _ key: Key, _ a: Tensor<Scalar>, _ shape: [Int]? = nil
  ) -> Tensor<Scalar> {
    eachElement(key, a, shape, isLogarithm: false)
  }

  /// The logarithms of numbers of gamma distributions, which are exact where the numbers would be 0.
  ///
  /// Parameters as for ``gamma(_:_:_:)``. After `jax.random.loggamma`.
  public static func logGamma<Scalar: TensorFloatingPoint>(
    _ key: Key, _ a: Tensor<Scalar>, _ shape: [Int]? = nil
  ) -> Tensor<Scalar> {
    eachElement(key, a, shape, isLogarithm: true)
  }

  /// Numbers of beta distributions.
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - a: The first parameters: a tensor that broadcasts to the shape.
  ///   - b: The second ones.
  ///   - shape: The shape of the result; that of the parameters together where it is nil.
  ///
  /// After `jax.random.beta`.
  public static func beta<Scalar: TensorFloatingPoint>(
    _ key: Key, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ shape: [Int]? = nil
  ) -> Tensor<Scalar> {
    let keys = key.split()
    let common = shape ?? (a + b).shape
    let (first, second) = (logGamma(keys[0], a, common), logGamma(keys[1], b, common))
    let greater = maximum(first, second)
    let (x, y) = (exp(first - greater), exp(second - greater))
    return x / (x + y)
  }

  /// Vectors of Dirichlet distributions: positive numbers that sum to 1 along the last dimension.
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - alpha: The parameters along the last dimension; the others broadcast to the shape.
  ///   - shape: The shape of the result without its last dimension; that of the parameters where it is
  ///     nil.
  ///
  /// After `jax.random.dirichlet`.
  public static func dirichlet<Scalar: TensorFloatingPoint>(
    _ key: Key, _ alpha: Tensor<Scalar>, _ shape: [Int]? = nil
  ) -> Tensor<Scalar> {
    guard let size = alpha.shape.last else {
      return Tensor(alpha.handle) {
        throw VMapError(
          .shapeMismatch, "dirichlet: the parameters should have a dimension, they are a scalar")
      }
    }
    return logGamma(key, alpha, shape.map { $0 + [size] }).softmax(axis: -1)
  }

  /// A number for each parameter and a key of its own.
  ///
  /// Elements are the examples of a batch: each of them leaves a loop when it is done.
  private static func eachElement<Scalar: TensorFloatingPoint>(
    _ key: Key, _ a: Tensor<Scalar>, _ shape: [Int]?, isLogarithm: Bool
  ) -> Tensor<Scalar> {
    let shape = shape ?? a.shape
    let parameters = a.broadcast(to: shape).flattened()
    return Tensor(parameters.handle, key.words.handle) {
      let keys = key.split(parameters.count)
      let numbers = vmap { (key: Key, a: Tensor<Scalar>) in
        try reparametrized(
          gammaElement(key, stopGradient(a), isLogarithm: isLogarithm), a, isLogarithm: isLogarithm)
      }
      return try numbers(keys, parameters).reshaped(to: shape).handle
    }
  }

  /// One number, from attempts that are accepted or not.
  private static func gammaElement<Scalar: TensorFloatingPoint>(
    _ key: Key, _ a: Tensor<Scalar>, isLogarithm: Bool
  ) -> Tensor<Scalar> {
    let third = Scalar(1) / 3
    // A parameter below 1 is that of 1 more, times a power of a uniform number.
    let isLarge = a .>= 1
    let d = select(isLarge, a, a + 1) - third
    let c = third / sqrt(d)
    let keys = key.split()
    let start = Tuple(keys[0], Tensor<Scalar>(0), Tensor<Scalar>(1), Tensor<Scalar>(2))
    let accepted = whileLoop(start) { (state) -> Tensor<Bool> in
      let (_, x, v, u) = state.elements
      let bound = x * 0.5 + d * ((1 - v) + log(v))
      return u .>= 1 - x * x * 0.0331 .&& log(u) .>= bound
    } do: { (state) in
      let keys = state.elements.0.split(3)
      let attempt = whileLoop(Tuple(keys[1], Tensor<Scalar>(0), Tensor<Scalar>(-1))) {
        $0.elements.2 .<= 0
      } do: { (state) in
        let keys = state.elements.0.split()
        let x = normal(keys[1], of: Scalar.self)
        return Tuple(keys[0], x, x * c + 1)
      }
      let (_, x, v) = attempt.elements
      let u = uniform(keys[2], of: Scalar.self)
      return Tuple(keys[0], x * x, v * v * v, u)
    }
    let v = accepted.elements.2
    if isLogarithm {
      let power = -exponential(keys[1], of: Scalar.self)
      let boost = select(isLarge .|| (power .== 0), zerosLike(a), power * (1 / a))
      return log(d) + log(v) + boost
    }
    let power = 1 - uniform(keys[1], of: Scalar.self)
    return d * v * select(isLarge, onesLike(a), pow(power, 1 / a))
  }
}
