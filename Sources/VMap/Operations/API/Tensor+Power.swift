/// The precedence of powers: above products, and from the right.
precedencegroup TensorPowerPrecedence {
  associativity: right
  higherThan: MultiplicationPrecedence
}

infix operator ** : TensorPowerPrecedence

extension Tensor where Scalar: TensorNumber {
  /// The elements to an integer power, by repeated multiplication.
  ///
  /// After `lax.integer_pow`.
  ///
  /// A negative power of integers gives a tensor whose reading throws. A sign in front binds first:
  /// write `-(x ** 2)`.
  ///
  ///     let cubes = x ** 3
  public static func ** (a: Tensor, exponent: Int) -> Tensor {
    Tensor(a.handle) { try .step(IntegerPower(exponent: exponent), a.handle) }
  }
}

extension Tensor where Scalar: TensorInexact {
  /// The elements to a power.
  ///
  /// After `jnp.power`.
  public static func ** (a: Tensor, b: Tensor) -> Tensor {
    Tensor(elementwise: "pow", a.handle, b.handle)
  }

  /// The elements to a power.
  ///
  /// After `jnp.power`.
  public static func ** (a: Tensor, b: Scalar) -> Tensor {
    Tensor(elementwise: "pow", a.handle, b.constant)
  }

  /// The elements to a power.
  ///
  /// After `jnp.power`.
  public static func ** (a: Scalar, b: Tensor) -> Tensor {
    Tensor(elementwise: "pow", a.constant, b.handle)
  }
}
