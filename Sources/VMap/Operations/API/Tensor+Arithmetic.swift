// Arithmetic on tensors of one type, and of tensors and scalars, where shapes broadcast as in NumPy:
//
//     let y = 2 * x + bias          // x: [4, 3], bias: [3] → [4, 3]
//
// Shapes that do not broadcast give a tensor whose reading throws.

extension Tensor where Scalar: TensorNumber {
  /// The sums of elements; integers wrap around.
  ///
  /// After `jnp.add`.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "add", a.handle, b.handle)
  }

  /// The sums of elements; integers wrap around.
  ///
  /// After `jnp.add`.
  public static func + (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "add", a.handle, b.constant)
  }

  /// The sums of elements; integers wrap around.
  ///
  /// After `jnp.add`.
  public static func + (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "add", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The differences of elements; integers wrap around.
  ///
  /// After `jnp.subtract`.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "sub", a.handle, b.handle)
  }

  /// The differences of elements; integers wrap around.
  ///
  /// After `jnp.subtract`.
  public static func - (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "sub", a.handle, b.constant)
  }

  /// The differences of elements; integers wrap around.
  ///
  /// After `jnp.subtract`.
  public static func - (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "sub", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The products of elements; integers wrap around.
  ///
  /// After `jnp.multiply`.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "mul", a.handle, b.handle)
  }

  /// The products of elements; integers wrap around.
  ///
  /// After `jnp.multiply`.
  public static func * (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "mul", a.handle, b.constant)
  }

  /// The products of elements; integers wrap around.
  ///
  /// After `jnp.multiply`.
  public static func * (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "mul", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The quotients of elements; of integers truncated, −1 by zero.
  ///
  /// After `lax.div`.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "div", a.handle, b.handle)
  }

  /// The quotients of elements; of integers truncated, −1 by zero.
  ///
  /// After `lax.div`.
  public static func / (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "div", a.handle, b.constant)
  }

  /// The quotients of elements; of integers truncated, −1 by zero.
  ///
  /// After `lax.div`.
  public static func / (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "div", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The remainders of elements, with the sign of the dividend.
  ///
  /// After `lax.rem`.
  public static func % (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "rem", a.handle, b.handle)
  }

  /// The remainders of elements, with the sign of the dividend.
  ///
  /// After `lax.rem`.
  public static func % (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "rem", a.handle, b.constant)
  }

  /// The remainders of elements, with the sign of the dividend.
  ///
  /// After `lax.rem`.
  public static func % (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "rem", a.constant, b.handle)
  }
}

extension Tensor where Scalar: TensorNumber {
  /// The negated elements; unsigned integers wrap around.
  ///
  /// After `jnp.negative`.
  public static prefix func - (a: Tensor) -> Tensor {
    Tensor(elementwise: "neg", a.handle)
  }

  /// The tensor itself.
  public static prefix func + (a: Tensor) -> Tensor { a }
}
