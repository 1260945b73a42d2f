extension Random {
  /// Numbers of events of Poisson distributions.
  ///
  ///     let counts = Random.poisson(key, Tensor<Float>([0.5, 3, 40]))
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - rate: The mean numbers, of at least 0: a tensor that broadcasts to the shape.
  ///   - shape: The shape of the result; that of the rates where it is nil.
  /// - Returns: Below a rate of 10 by products of uniform numbers (Knuth), above by transformed rejection
  ///   (Hörmann). All elements of one example go on until the last of them is accepted, as in JAX.
  ///
  /// After `jax.random.poisson`, with which it agrees but where a rounding decides.
  public static func poisson(
    _ key: Key, _ rate: Tensor<Float>, _ shape: [Int]? = nil
  ) -> Tensor<Int32> {
    let rates = rate.broadcast(to: shape ?? rate.shape)
    let isSmall = rates .< 10 .|| isnan(rates)
    let few = countedProducts(key, select(isSmall, rates, zerosLike(rates)))
    let many = transformedRejection(
      key, select(isSmall, zerosLike(rates) + 1e5, rates))
    return select(rates .== 0, zerosLike(few), select(isSmall, few, many))
  }

  /// How many uniform numbers have a product above the exponential of minus the rate.
  private static func countedProducts(_ key: Key, _ rate: Tensor<Float>) -> Tensor<Int32> {
    let shape = rate.shape
    let start = Tuple(key, Tensor<Int32>.zeros(shape), Tensor<Float>.zeros(shape))
    let counted = whileLoop(start) {
      ($0.elements.2 .> -rate).any()
    } do: { (state) in
      let (key, count, logarithm) = state.elements
      let keys = key.split()
      let u: Tensor<Float> = uniform(keys[1], shape)
      return Tuple(keys[0], select(logarithm .> -rate, count + 1, count), logarithm + log(u))
    }
    return counted.elements.1 - 1
  }

  private static func transformedRejection(
    _ key: Key, _ rate: Tensor<Float>
  ) -> Tensor<Int32> {
    let shape = rate.shape
    let logRate = log(rate)
    let b = 0.931 + 2.53 * sqrt(rate)
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let ratio = 0.9277 - 3.6224 / (b - 2)
    let start = Tuple(key, Tensor<Float>.full(shape, -1), Tensor<Bool>.full(shape, false))
    let found = whileLoop(start) {
      (.!$0.elements.2).any()
    } do: { (state) in
      let (key, count, isDone) = state.elements
      let keys = key.split(3)
      let u = Random.uniform(keys[1], shape) - Tensor<Float>(0.5)
      let v: Tensor<Float> = uniform(keys[2], shape)
      let shifted = 0.5 - abs(u)
      let k = floor((2 * a / shifted + b) * u + rate + 0.43)
      let s = log(v * inverseAlpha / (a / (shifted * shifted) + b))
      let t = -rate + k * logRate - lgamma(k + 1)
      let isInside = shifted .>= 0.07 .&& v .<= ratio
      let isOutside = k .< 0 .|| (shifted .< 0.013 .&& v .> shifted)
      let isAccepted = isInside .|| (.!isOutside .&& s .<= t)
      return Tuple(keys[0], select(isAccepted, k, count), isDone .|| isAccepted)
    }
    return found.elements.1.asType(Int32.self)
  }
}
