// Operations on the bits of integers, where shapes broadcast as in NumPy.

extension Tensor where Scalar: TensorInteger {
  /// The bits set in both.
  ///
  /// After `jnp.bitwise_and`.
  public static func & (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "and", a.handle, b.handle)
  }

  /// The bits set in both.
  ///
  /// After `jnp.bitwise_and`.
  public static func & (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "and", a.handle, b.constant)
  }

  /// The bits set in both.
  ///
  /// After `jnp.bitwise_and`.
  public static func & (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "and", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The bits set in either.
  ///
  /// After `jnp.bitwise_or`.
  public static func | (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "or", a.handle, b.handle)
  }

  /// The bits set in either.
  ///
  /// After `jnp.bitwise_or`.
  public static func | (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "or", a.handle, b.constant)
  }

  /// The bits set in either.
  ///
  /// After `jnp.bitwise_or`.
  public static func | (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "or", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The bits set in exactly one.
  ///
  /// After `jnp.bitwise_xor`.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "xor", a.handle, b.handle)
  }

  /// The bits set in exactly one.
  ///
  /// After `jnp.bitwise_xor`.
  public static func ^ (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "xor", a.handle, b.constant)
  }

  /// The bits set in exactly one.
  ///
  /// After `jnp.bitwise_xor`.
  public static func ^ (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "xor", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The bits shifted up; by the width or more, zero.
  ///
  /// After `jnp.left_shift`.
  public static func << (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "shift_left", a.handle, b.handle)
  }

  /// The bits shifted up; by the width or more, zero.
  ///
  /// After `jnp.left_shift`.
  public static func << (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "shift_left", a.handle, b.constant)
  }

  /// The bits shifted up; by the width or more, zero.
  ///
  /// After `jnp.left_shift`.
  public static func << (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "shift_left", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The bits shifted down, keeping the sign.
  ///
  /// After `jnp.right_shift`.
  public static func >> (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: shiftRight, a.handle, b.handle)
  }

  /// The bits shifted down, keeping the sign.
  ///
  /// After `jnp.right_shift`.
  public static func >> (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: shiftRight, a.handle, b.constant)
  }

  /// The bits shifted down, keeping the sign.
  ///
  /// After `jnp.right_shift`.
  public static func >> (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: shiftRight, a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The inverted bits.
  ///
  /// After `jnp.bitwise_not`.
  public static prefix func ~ (a: Tensor) -> Tensor {
    Tensor(elementwise: "not", a.handle)
  }

  private static var shiftRight: String {
    Scalar.isSigned ? "shift_right_arithmetic" : "shift_right_logical"
  }
}
