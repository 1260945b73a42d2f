// Division that rounds down, as Python's `//` and `%` do.

/// The quotients of integers, rounded down; −1 by zero.
///
/// After `jnp.floor_divide`.
public func floorDivide<Scalar: TensorInteger>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  let quotient = x / y
  guard Scalar.isSigned else { return quotient }
  let rest = x % y
  return select((rest .!= 0) .&& (sign(x) .!= sign(y)), quotient - 1, quotient)
}

/// The quotients of integers by one, rounded down.
///
/// After `jnp.floor_divide`.
public func floorDivide<Scalar: TensorInteger>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  floorDivide(x, Tensor(y))
}

/// The quotients of numbers, rounded down.
///
/// After `jnp.floor_divide`.
///
/// As in Python it fits `mod`: `floorDivide(x, y) * y + mod(x, y)` is `x`.
@_disfavoredOverload
public func floorDivide<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  let rest = x % y
  let quotient = (x - rest) / y
  let isAbove = (rest .!= 0) .&& (sign(y) .!= sign(rest))
  return round(select(isAbove, quotient - 1, quotient))
}

/// The quotients of numbers by one, rounded down.
///
/// After `jnp.floor_divide`.
@_disfavoredOverload
public func floorDivide<Scalar: TensorFloatingPoint>(
  _ x: Tensor<Scalar>, _ y: Scalar
) -> Tensor<Scalar> {
  floorDivide(x, Tensor(y))
}

/// The remainders with the sign of the divisor, as Python's `%`.
///
/// After `jnp.mod`.
///
///     try mod(Tensor<Int32>([-7, 7]), 3).scalars()     // [2, 1]
public func mod<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>
) -> Tensor<Scalar> {
  let rest = x % y
  let differs = (rest .< 0) .!= (y .< 0)
  return select(differs .&& (rest .!= 0), rest + y, rest)
}

/// The remainders by one number, with its sign.
///
/// After `jnp.mod`.
public func mod<Scalar: TensorNumber>(_ x: Tensor<Scalar>, _ y: Scalar) -> Tensor<Scalar> {
  mod(x, Tensor(y))
}
