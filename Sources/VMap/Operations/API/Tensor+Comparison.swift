// Comparisons of elements to truth values, where shapes broadcast as in NumPy:
//
//     let mask = x .> 0             // x: [4, 3] → Tensor<Bool> [4, 3]
//
// A comparison with a NaN is false, but for `.!=`.

extension Tensor where Scalar: TensorNumber {
  /// Where elements are less.
  ///
  /// After `jnp.less`.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "lt", a.handle, b.handle)
  }

  /// Where elements are less.
  ///
  /// After `jnp.less`.
  public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "lt", a.handle, b.constant)
  }

  /// Where elements are less.
  ///
  /// After `jnp.less`.
  public static func .< (a: Scalar, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "lt", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// Where elements are less or equal.
  ///
  /// After `jnp.less_equal`.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "le", a.handle, b.handle)
  }

  /// Where elements are less or equal.
  ///
  /// After `jnp.less_equal`.
  public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "le", a.handle, b.constant)
  }

  /// Where elements are less or equal.
  ///
  /// After `jnp.less_equal`.
  public static func .<= (a: Scalar, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "le", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// Where elements are greater.
  ///
  /// After `jnp.greater`.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "gt", a.handle, b.handle)
  }

  /// Where elements are greater.
  ///
  /// After `jnp.greater`.
  public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "gt", a.handle, b.constant)
  }

  /// Where elements are greater.
  ///
  /// After `jnp.greater`.
  public static func .> (a: Scalar, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "gt", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// Where elements are greater or equal.
  ///
  /// After `jnp.greater_equal`.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "ge", a.handle, b.handle)
  }

  /// Where elements are greater or equal.
  ///
  /// After `jnp.greater_equal`.
  public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "ge", a.handle, b.constant)
  }

  /// Where elements are greater or equal.
  ///
  /// After `jnp.greater_equal`.
  public static func .>= (a: Scalar, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "ge", a.constant, b.handle)
  }
}

extension Tensor {
  /// Where elements are equal.
  ///
  /// After `jnp.equal`.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "eq", a.handle, b.handle)
  }

  /// Where elements are equal.
  ///
  /// After `jnp.equal`.
  public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "eq", a.handle, b.constant)
  }

  /// Where elements are equal.
  ///
  /// After `jnp.equal`.
  public static func .== (a: Scalar, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "eq", a.constant, b.handle)
  }
}

extension Tensor {
  /// Where elements differ.
  ///
  /// After `jnp.not_equal`.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "ne", a.handle, b.handle)
  }

  /// Where elements differ.
  ///
  /// After `jnp.not_equal`.
  public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "ne", a.handle, b.constant)
  }

  /// Where elements differ.
  ///
  /// After `jnp.not_equal`.
  public static func .!= (a: Scalar, b: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(elementwise: "ne", a.constant, b.handle)
  }
}
