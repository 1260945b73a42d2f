extension Tensor {
  /// A tensor of one value everywhere; a negative size gives one whose reading throws.
  ///
  ///     let x = Tensor<Float>.full([2, 3], 0.5)
  ///
  /// After `jnp.full`.
  public static func full(_ shape: [Int], _ value: Scalar) -> Tensor {
    Tensor { try TensorHandle.filled(shape, value.literal) }
  }

  /// A tensor of the shape of another, of one value everywhere.
  ///
  /// It is made from the shape alone, and so varies over no mapped axis. After `jnp.full_like`.
  public func filled(with value: Scalar) -> Tensor {
    Tensor(handle) { try TensorHandle.filled(handle.sizes, value.literal) }
  }
}

extension Tensor where Scalar: TensorNumber {
  /// A tensor of zeros.
  ///
  /// After `jnp.zeros`.
  public static func zeros(_ shape: [Int]) -> Tensor { full(shape, 0) }

  /// A tensor of ones.
  ///
  /// After `jnp.ones`.
  public static func ones(_ shape: [Int]) -> Tensor { full(shape, 1) }

  /// Ones on a diagonal, zeros elsewhere.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns; as many as rows where it is nil.
  ///   - offset: Which diagonal: 0 for the main one, positive ones above it.
  ///
  /// After `jnp.eye`.
  public static func eye(_ rows: Int, _ columns: Int? = nil, offset: Int = 0) -> Tensor {
    Tensor {
      let shape = [rows, columns ?? rows]
      let row = try TensorHandle.iota(.int64, shape, along: 0)
      let column = try TensorHandle.iota(.int64, shape, along: 1)
      let shift = Int64(offset).constant
      let isOne = try TensorHandle.elementwise(
        "eq", offset == 0 ? row : .elementwise("add", row, shift), column)
      return try isOne.converted(to: Scalar.elementType)
    }
  }

  /// A tensor that counts 0, 1, 2, … along one dimension.
  ///
  /// After `lax.broadcasted_iota`.
  public static func iota(_ shape: [Int], dimension: Int = 0) -> Tensor {
    Tensor {
      try TensorHandle.iota(
        Scalar.elementType, shape, along: shape.dimension(dimension, for: "iota"))
    }
  }
}

/// Zeros of the shape of a tensor, which vary over no mapped axis.
///
/// After `jnp.zeros_like`.
public func zerosLike<Scalar: TensorNumber>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.filled(with: 0)
}

/// Ones of the shape of a tensor, which vary over no mapped axis.
///
/// After `jnp.ones_like`.
public func onesLike<Scalar: TensorNumber>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.filled(with: 1)
}

/// A value everywhere in the shape of a tensor, varying over no mapped axis.
///
/// After `jnp.full_like`.
public func fullLike<Scalar>(_ x: Tensor<Scalar>, _ value: Scalar) -> Tensor<Scalar> {
  x.filled(with: value)
}

extension Tensor {
  /// A tensor of rank 3 from nested arrays; uneven ones give a tensor whose reading throws.
  @_disfavoredOverload public init(_ matrices: [[[Scalar]]]) {
    let rows = matrices.first?.count ?? 0
    let columns = matrices.first?.first?.count ?? 0
    do throws(VMapError) {
      guard
        matrices.allSatisfy({ matrix in
          matrix.count == rows && matrix.allSatisfy { $0.count == columns }
        })
      else {
        throw VMapError(.countMismatch, "the nested arrays of a tensor have differing lengths")
      }
      try self.init(
        shape: [matrices.count, rows, columns], scalars: matrices.flatMap { $0.flatMap { $0 } })
    } catch {
      self.init(handle: .failed(error, Scalar.elementType))
    }
  }
}

extension TensorHandle {
  /// A constant everywhere in a shape.
  static func filled(_ shape: [Int], _ value: ScalarLiteral) throws(VMapError) -> TensorHandle {
    try shape.check()
    return try apply(Literal(value: value), []).broadcast(to: shape)
  }

  /// Indices along a dimension, as elements.
  static func iota(
    _ element: ElementType, _ shape: [Int], along dimension: Int
  ) throws(VMapError) -> TensorHandle {
    try shape.check()
    return try .step(Iota(type: TensorType(element: element, shape: shape), dimension: dimension))
  }
}

extension [Int] {
  /// Checks that sizes are possible ones.
  func check() throws(VMapError) { _ = try filter { !$0.isRagged }.checkedCount() }

  /// The number of elements, where the sizes are possible ones.
  func checkedCount() throws(VMapError) -> Int {
    guard allSatisfy({ $0 >= 0 }) else {
      throw VMapError(.invalidArgument, "shape \(shapeText) has a negative size")
    }
    return try elementCount()
  }
}
