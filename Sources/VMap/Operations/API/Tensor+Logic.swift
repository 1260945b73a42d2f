infix operator .&& : LogicalConjunctionPrecedence
infix operator .|| : LogicalDisjunctionPrecedence

// Logic on truth values and bits, where shapes broadcast as in NumPy:
//
//     let inside = (x .> 0) .&& (x .< 1)

extension Tensor where Scalar == Bool {
  /// Where both hold.
  ///
  /// After `jnp.logical_and`.
  public static func .&& (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "and", a.handle, b.handle)
  }

  /// Where both hold.
  ///
  /// After `jnp.logical_and`.
  public static func .&& (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "and", a.handle, b.constant)
  }

  /// Where both hold.
  ///
  /// After `jnp.logical_and`.
  public static func .&& (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "and", a.constant, b.handle)
  }
}

extension Tensor where Scalar == Bool {
  /// Where one of both holds.
  ///
  /// After `jnp.logical_or`.
  public static func .|| (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "or", a.handle, b.handle)
  }

  /// Where one of both holds.
  ///
  /// After `jnp.logical_or`.
  public static func .|| (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "or", a.handle, b.constant)
  }

  /// Where one of both holds.
  ///
  /// After `jnp.logical_or`.
  public static func .|| (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "or", a.constant, b.handle)
  }
}

extension Tensor where Scalar == Bool {
  /// Where exactly one of both holds.
  ///
  /// After `jnp.logical_xor`.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "xor", a.handle, b.handle)
  }

  /// Where it does not hold.
  ///
  /// After `jnp.logical_not`.
  public static prefix func .! (a: Tensor) -> Tensor {
    Tensor(elementwise: "not", a.handle)
  }
}
