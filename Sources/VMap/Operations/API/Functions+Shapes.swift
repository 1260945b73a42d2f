// Methods of tensors under the names that NumPy has as functions: other shapes and orders.

/// The elements under another shape: see ``Tensor/reshaped(to:)``.
///
///     reshape(x, [2, -1])     // [6] → [2, 3]
///
/// After `jnp.reshape`.
public func reshape<Scalar>(_ x: Tensor<Scalar>, _ shape: [Int]) -> Tensor<Scalar> {
  x.reshaped(to: shape)
}

/// The dimensions in another order, by default the reverse: see ``Tensor/transposed(_:)-([Int])``.
///
/// After `jnp.transpose`.
public func transpose<Scalar>(_ x: Tensor<Scalar>, _ permutation: [Int]? = nil) -> Tensor<Scalar> {
  permutation.map { x.transposed($0) } ?? x.transposed()
}

/// The tensor without its dimensions of size 1: see ``Tensor/squeezed()``.
///
/// After `jnp.squeeze`.
public func squeeze<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.squeezed() }

/// The elements in reverse order along dimensions, or along all: see ``Tensor/flipped(_:)``.
///
///     flip(x, axis: 0)
///
/// After `jnp.flip`.
public func flip<Scalar>(_ x: Tensor<Scalar>, axis: Int? = nil) -> Tensor<Scalar> {
  axis.map { x.flipped($0) } ?? x.flipped()
}

/// The elements moved along a dimension, round the end: see ``Tensor/rolled(by:axis:)``.
///
///     roll(x, 1)     // [1, 2, 3] → [3, 1, 2]
///
/// After `jnp.roll`.
public func roll<Scalar>(_ x: Tensor<Scalar>, _ shift: Int, axis: Int? = nil) -> Tensor<Scalar> {
  x.rolled(by: shift, axis: axis)
}

/// The tensor repeated along each dimension: see ``Tensor/tiled(_:)``.
///
///     tile(x, [2, 1])     // [3] → [2, 3]
///
/// After `jnp.tile`.
public func tile<Scalar>(_ x: Tensor<Scalar>, _ counts: [Int]) -> Tensor<Scalar> { x.tiled(counts) }

/// The tensor repeated to fill a shape: see ``Tensor/broadcast(to:)``.
///
/// After `jnp.broadcast_to`.
public func broadcastTo<Scalar>(_ x: Tensor<Scalar>, _ shape: [Int]) -> Tensor<Scalar> {
  x.broadcast(to: shape)
}

/// The elements in order along a dimension: see ``Tensor/sorted(axis:descending:)``.
///
/// After `jnp.sort`.
public func sort<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int = -1, descending: Bool = false
) -> Tensor<Scalar> {
  x.sorted(axis: axis, descending: descending)
}

/// The positions of the elements in order: see ``Tensor/argsort(axis:descending:)``.
///
/// After `jnp.argsort`.
public func argsort<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, axis: Int = -1, descending: Bool = false
) -> Tensor<Int32> {
  x.argsort(axis: axis, descending: descending)
}

/// The greatest elements of each row, and their positions: see ``Tensor/topK(_:)``.
///
/// After `lax.top_k`.
public func topK<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, _ k: Int
) -> (values: Tensor<Scalar>, indices: Tensor<Int32>) {
  x.topK(k)
}

/// The differences of neighbours: see ``Tensor/diff(_:axis:)``.
///
/// After `jnp.diff`.
public func diff<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, _ order: Int = 1, axis: Int = -1
) -> Tensor<Scalar> {
  x.diff(order, axis: axis)
}

/// A number of evenly spaced numbers: see ``Tensor/linspace(_:_:count:)``.
///
///     let t: Tensor<Float> = linspace(0, 1, count: 5)
///
/// After `jnp.linspace`.
public func linspace<Scalar: TensorFloatingPoint>(
  _ start: Scalar, _ stop: Scalar, count: Int = 50
) -> Tensor<Scalar> {
  .linspace(start, stop, count: count)
}
