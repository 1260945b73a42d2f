/// Maps a function written for one example over a batch.
///
///     let model: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, v in
///       tanh(matmul(w, v) + 1).sum()
///     }
///     let y = try vmap(model, inAxes: [nil, 0])(w, vs)      // w: [3, 5], vs: [4, 5] → [4]
///
/// - Parameters:
///   - function: The per-example function. It is run once, on stand-ins without the mapped
///     dimension, to be compiled.
///   - inAxes: The dimension of each argument to map over, or nil: see ``Axes``.
///   - outAxes: Where the batch goes in each result; nil for a result that does not vary, ``Axes/sum`` for
///     the sum over the batch.
///   - axisName: A name for collectives such as ``Tensor/sum(over:_:)``.
///   - axisSize: The size of the batch, needed where no argument is mapped.
///   - chunk: The most examples to run at once; as many as fit the memory by default.
///   - devices: The devices that share the batch out; by default the one that tensors live on.
///   - mesh: The processes that share the batch out: see ``ProcessMesh``.
///   - argumentNames: What errors call the arguments.
/// - Returns: The batched function. After `jax.vmap`.
public func vmap<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output,
  inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = []
) -> Vectorized<Output, repeat each Input> {
  Vectorized(
    function: function,
    levels: MapLevel.levels(
      inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize, chunk: chunk,
      devices: devices, mesh: mesh, argumentNames: argumentNames), output: .tree)
}

/// Maps a batched function over one more axis.
///
///     let mm = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
public func vmap<each Input: TensorTree, Output>(
  _ function: Vectorized<Output, repeat each Input>,
  inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = []
) -> Vectorized<Output, repeat each Input> {
  let levels = MapLevel.levels(
    inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize, chunk: chunk,
    devices: devices, mesh: mesh, argumentNames: argumentNames)
  return Vectorized(
    function: function.function, levels: levels + function.levels, output: function.output)
}

/// Maps a trailing closure over a batch.
///
///     let deviations = vmap(axisName: "i") { (x: Tensor<Float>) in x - x.mean(over: "i") }
@_disfavoredOverload
public func vmap<each Input: TensorTree, Output: TensorTree>(
  inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = [],
  _ function: @escaping @Sendable (repeat each Input) throws -> Output
) -> Vectorized<Output, repeat each Input> {
  vmap(
    function, inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize,
    chunk: chunk, devices: devices, mesh: mesh, argumentNames: argumentNames)
}

/// Compiles a function as it is, without mapping it.
///
///     let f = jit { (x: Tensor<Float>) in (x * x).sum() }
///
/// After `jax.jit`.
public func jit<each Input: TensorTree, Output: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> Output
) -> Vectorized<Output, repeat each Input> {
  Vectorized(function: function, levels: [], output: .tree)
}

/// The batched function itself, which is compiled: `jit(vmap(f))` is `vmap(f)`.
public func jit<each Input: TensorTree, Output>(
  _ function: Vectorized<Output, repeat each Input>
) -> Vectorized<Output, repeat each Input> { function }

// The forms for functions whose arguments are known at run time come last: the compiler tells of a
// mistake in a closure by the form it tried first, and of these it can say nothing.

/// Maps a function whose arguments are known at run time over a batch.
///
///     let results = try vmap(f, inAxes: [nil, 0])([weights, images])
///
/// - Parameters:
///   - function: The per-example function.
///   - inAxes: The dimension of each argument to map over, or nil: see ``Axes``.
///   - outAxes: Where the batch goes in each result; nil for a result that does not vary.
///   - axisName: A name for collectives.
///   - axisSize: The size of the batch, needed where no argument is mapped.
///   - chunk: The most examples to run at once; as many as fit the memory by default.
///   - devices: The devices that share the batch out; by default the one that tensors live on.
///   - mesh: The processes that share the batch out: see ``ProcessMesh``.
/// - Returns: The batched function.
public func vmap(
  _ function: AnyFunction, inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil,
  axisSize: Int? = nil, chunk: Int? = nil, devices: Devices? = nil,
  mesh: (any ProcessMesh)? = nil
) -> AnyVectorized {
  vmap(
    jit(function), inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize,
    chunk: chunk, devices: devices, mesh: mesh)
}

/// Maps a batched function whose arguments are known at run time over one more axis.
public func vmap(
  _ function: AnyVectorized, inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil,
  axisSize: Int? = nil, chunk: Int? = nil, devices: Devices? = nil,
  mesh: (any ProcessMesh)? = nil
) -> AnyVectorized {
  let levels = MapLevel.levels(
    inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize, chunk: chunk,
    devices: devices, mesh: mesh)
  return AnyVectorized(function.function, levels + function.levels)
}

/// Compiles a function whose arguments are known at run time as it is.
public func jit(_ function: AnyFunction) -> AnyVectorized { AnyVectorized(function, []) }
