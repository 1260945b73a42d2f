// One of two elements per truth value, where shapes broadcast as in NumPy:
//
//     select(x .> 0, x, 0.1 * x)

/// The first element where the condition holds, else the second.
///
/// After `jnp.where`.
public func select<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.handle, y.handle)
}

/// The first element where the condition holds, else the second.
///
/// After `jnp.where`.
public func select<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Tensor<Scalar>, _ y: Scalar
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.handle, y.constant)
}

/// The first element where the condition holds, else the second.
///
/// After `jnp.where`.
public func select<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Scalar, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.constant, y.handle)
}

/// The first number where the condition holds, else the second.
///
///     let y = x * select(x .> 0, 1, -1)
///
/// After `jnp.where`.
public func select<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Scalar, _ y: Scalar
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.constant, y.constant)
}

/// The same as ``select(_:_:_:)-(_,Tensor<Scalar>,Tensor<Scalar>)`` under its NumPy name, which Swift
/// wants in backticks or after the module's: `VMap.where(x .> 0, x, y)`.
public func `where`<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.handle, y.handle)
}

/// The form of `where` with a scalar.
///
/// After `jnp.where`.
public func `where`<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Tensor<Scalar>, _ y: Scalar
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.handle, y.constant)
}

/// The form of `where` with a scalar.
///
/// After `jnp.where`.
public func `where`<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Scalar, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.constant, y.handle)
}

/// The form of `where` with two scalars.
///
/// After `jnp.where`.
public func `where`<Scalar: TensorScalar>(
  _ condition: Tensor<Bool>, _ x: Scalar, _ y: Scalar
) -> Tensor<Scalar> {
  Tensor(elementwise: "select", condition.handle, x.constant, y.constant)
}
