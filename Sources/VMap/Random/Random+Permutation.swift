import Foundation

extension Random {
  /// The numbers from 0 on in random order.
  ///
  ///     let order = Random.permutation(key, 52)
  ///
  /// A negative count gives a tensor whose reading throws. After `jax.random.permutation`, bit for bit.
  public static func permutation(_ key: Key, _ count: Int) -> Tensor<Int32> {
    shuffled(key, Tensor<Int32>.iota([count]), axis: 0)
  }

  /// A tensor in random order along a dimension.
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - x: A tensor.
  ///   - axis: The dimension.
  ///   - independent: Whether each vector along the dimension gets an order of its own.
  ///
  /// A dimension that is not there gives a tensor whose reading throws. After
  /// `jax.random.permutation`, bit for bit.
  public static func permutation<Scalar: TensorScalar>(
    _ key: Key, _ x: Tensor<Scalar>, axis: Int = 0, independent: Bool = false
  ) -> Tensor<Scalar> {
    if independent || x.rank <= 1 { return shuffled(key, x, axis: axis) }
    return Tensor(x.handle) {
      let dimension = try x.shape.dimension(axis, for: "permutation")
      return x.take(permutation(key, x.shape[dimension]), axis: dimension).handle
    }
  }

  /// Sorts by random words, as often as makes equal words unlikely to have kept an order.
  private static func shuffled<Scalar: TensorScalar>(
    _ key: Key, _ x: Tensor<Scalar>, axis: Int
  ) -> Tensor<Scalar> {
    Tensor(x.handle) {
      let shape = x.shape
      let dimension = try shape.dimension(axis, for: "permutation")
      let count = Double(max(1, try shape.elementCount()))
      let rounds = Int((3 * log(count) / log(Double(UInt32.max))).rounded(.up))
      var (key, result) = (key, AnyTensor(x))
      for _ in 0..<rounds {
        let keys = key.split()
        key = keys[0]
        let order = AnyTensor(bits(keys[1], shape))
        result = try AnyTensor.sorted([order, result], along: dimension) { elements in
          [try .applying("lt", to: [elements[0], elements[1]])]
        }[1]
      }
      return result.handle
    }
  }

  /// Indices below a count, drawn with or without putting them back.
  ///
  ///     let rows = Random.choice(key, 1000, [32], replace: false)
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - count: How many there are to choose from.
  ///   - shape: The shape of the result.
  ///   - replace: Whether an index may come twice.
  ///   - probabilities: Of each index; all are as likely where it is nil.
  ///
  /// Nothing to choose from, more draws than there are indices, and probabilities of another shape give
  /// a tensor whose reading throws. After `jax.random.choice`.
  public static func choice(
    _ key: Key, _ count: Int, _ shape: [Int] = [], replace: Bool = true,
    probabilities: Tensor<Float>? = nil
  ) -> Tensor<Int32> {
    Tensor(probabilities?.handle ?? key.words.handle) {
      let draws = try shape.checkedCount()
      guard draws == 0 || count > 0 && (replace || draws <= count), count <= Int(Int32.max) else {
        throw VMapError(
          .invalidArgument,
          "choice: \(draws) of \(count) cannot be drawn \(replace ? "with" : "without") replacement"
        )
      }
      if draws == 0 { return Tensor<Int32>.zeros(shape).handle }
      guard let probabilities else {
        if replace { return integers(key, shape, in: 0..<Int32(count)).handle }
        return permutation(key, count)[0..<draws].reshaped(to: shape).handle
      }
      guard probabilities.shape == [count] else {
        throw VMapError(
          .shapeMismatch,
          "choice: there should be \(count) probabilities, their shape is "
            + probabilities.shape.shapeText)
      }
      if replace {
        let sums = probabilities.cumsum()
        let u: Tensor<Float> = uniform(key, shape)
        return sums.searchSorted(sums[count - 1] * (1 - u)).handle
      }
      let scores = gumbel(key, [count]) + log(probabilities)
      return scores.topK(draws).indices.reshaped(to: shape).handle
    }
  }

  /// Parts of a tensor along a dimension, drawn with or without putting them back.
  ///
  /// - Parameters:
  ///   - key: One key.
  ///   - x: What to choose from.
  ///   - shape: The shape that comes in the dimension's place.
  ///   - replace: Whether a part can be drawn again.
  ///   - probabilities: Of each part, as for ``choice(_:_:_:replace:probabilities:)``.
  ///   - axis: The dimension.
  public static func choice<Scalar: TensorScalar>(
    _ key: Key, _ x: Tensor<Scalar>, _ shape: [Int] = [], replace: Bool = true,
    probabilities: Tensor<Float>? = nil, axis: Int = 0
  ) -> Tensor<Scalar> {
    Tensor(x.handle) {
      let dimension = try x.shape.dimension(axis, for: "choice")
      let indices = choice(
        key, x.shape[dimension], shape, replace: replace, probabilities: probabilities)
      return x.take(indices, axis: dimension).handle
    }
  }
}
