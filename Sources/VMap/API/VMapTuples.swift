// The forms for functions of several results. Swift finds their types with so many results, but not those
// of a pack of them: of that it also takes a function without any. More results are a struct or a
// ``Tuple``.

/// Maps a function of two results over a batch.
///
/// Parameters as for the form with one result; `outAxes` may have one entry for each.
@_disfavoredOverload
public func vmap<each Input: TensorTree, First: TensorTree, Second: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second),
  inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = []
) -> Vectorized<(First, Second), repeat each Input> {
  Vectorized(
    function: function,
    levels: MapLevel.levels(
      inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize, chunk: chunk,
      devices: devices, mesh: mesh, argumentNames: argumentNames),
    output: tupleStructure(First.self, Second.self))
}

/// Maps a trailing closure of two results over a batch.
@_disfavoredOverload
public func vmap<each Input: TensorTree, First: TensorTree, Second: TensorTree>(
  inAxes: Axes, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = [],
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second)
) -> Vectorized<(First, Second), repeat each Input> {
  vmap(
    function, inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize,
    chunk: chunk, devices: devices, mesh: mesh, argumentNames: argumentNames)
}

/// Compiles a function of two results.
@_disfavoredOverload
public func jit<each Input: TensorTree, First: TensorTree, Second: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second)
) -> Vectorized<(First, Second), repeat each Input> {
  Vectorized(function: function, levels: [], output: tupleStructure(First.self, Second.self))
}

/// Maps a function of three results over a batch.
@_disfavoredOverload
public func vmap<each Input: TensorTree, First: TensorTree, Second: TensorTree, Third: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second, Third),
  inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = []
) -> Vectorized<(First, Second, Third), repeat each Input> {
  Vectorized(
    function: function,
    levels: MapLevel.levels(
      inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize, chunk: chunk,
      devices: devices, mesh: mesh, argumentNames: argumentNames),
    output: tupleStructure(First.self, Second.self, Third.self))
}

/// Maps a trailing closure of three results over a batch.
@_disfavoredOverload
public func vmap<each Input: TensorTree, First: TensorTree, Second: TensorTree, Third: TensorTree>(
  inAxes: Axes, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = [],
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second, Third)
) -> Vectorized<(First, Second, Third), repeat each Input> {
  vmap(
    function, inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize,
    chunk: chunk, devices: devices, mesh: mesh, argumentNames: argumentNames)
}

/// Compiles a function of three results.
@_disfavoredOverload
public func jit<each Input: TensorTree, First: TensorTree, Second: TensorTree, Third: TensorTree>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second, Third)
) -> Vectorized<(First, Second, Third), repeat each Input> {
  Vectorized(
    function: function, levels: [], output: tupleStructure(First.self, Second.self, Third.self))
}

/// Maps a function of four results over a batch.
@_disfavoredOverload
public func vmap<
  each Input: TensorTree, First: TensorTree, Second: TensorTree, Third: TensorTree,
  Fourth: TensorTree
>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second, Third, Fourth),
  inAxes: Axes = 0, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = []
) -> Vectorized<(First, Second, Third, Fourth), repeat each Input> {
  Vectorized(
    function: function,
    levels: MapLevel.levels(
      inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize, chunk: chunk,
      devices: devices, mesh: mesh, argumentNames: argumentNames),
    output: tupleStructure(First.self, Second.self, Third.self, Fourth.self))
}

/// Maps a trailing closure of four results over a batch.
@_disfavoredOverload
public func vmap<
  each Input: TensorTree, First: TensorTree, Second: TensorTree, Third: TensorTree,
  Fourth: TensorTree
>(
  inAxes: Axes, outAxes: Axes = 0, axisName: String? = nil, axisSize: Int? = nil,
  chunk: Int? = nil, devices: Devices? = nil, mesh: (any ProcessMesh)? = nil,
  argumentNames: [String] = [],
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second, Third, Fourth)
) -> Vectorized<(First, Second, Third, Fourth), repeat each Input> {
  vmap(
    function, inAxes: inAxes, outAxes: outAxes, axisName: axisName, axisSize: axisSize,
    chunk: chunk, devices: devices, mesh: mesh, argumentNames: argumentNames)
}

/// Compiles a function of four results.
@_disfavoredOverload
public func jit<
  each Input: TensorTree, First: TensorTree, Second: TensorTree, Third: TensorTree,
  Fourth: TensorTree
>(
  _ function: @escaping @Sendable (repeat each Input) throws -> (First, Second, Third, Fourth)
) -> Vectorized<(First, Second, Third, Fourth), repeat each Input> {
  Vectorized(
    function: function, levels: [],
    output: tupleStructure(First.self, Second.self, Third.self, Fourth.self))
}
