/// The change of a function's results along changes of arguments: its derivative in forward mode.
///
///     let tangents = jvp(f, arguments: [0])     // (x, y, dx) → (f(x, y), df)
///
/// - Parameters:
///   - function: The per-example function.
///   - arguments: The positions of the arguments that change.
/// - Returns: A function of the arguments and then a change for each of those named, of their types. It
///   gives the results and then the change of each; that of integers and truth values is 0. After
///   `jax.jvp`.
public func jvp(_ function: AnyFunction, arguments: [Int]) -> AnyFunction {
  let count = function.parameters.count
  return AnyFunction(
    name: function.name,
    parameters: function.parameters + function.types(of: arguments),
    results: function.results + function.results
  ) { tensors in
    try function.check(arguments)
    var changes = [TensorHandle?](repeating: nil, count: count)
    for (position, change) in zip(arguments, tensors.dropFirst(count)) {
      changes[position] = change.elementType.isInexact ? change.handle : nil
    }
    let handles = tensors.map(\.handle)
    return try tryTraced(reading: handles) { trace throws(VMapError) in
      let (results, tangents) = try trace.pushForward(Array(handles.prefix(count)), changes) {
        try function.callChecked($0.map(AnyTensor.init(handle:))).map(\.handle)
      }
      return results + zip(results, tangents).map { $1 ?? Term($0).zeros.handle }
    }.map(AnyTensor.init(handle:))
  }
}

/// How much arguments of a function count, from how much its results do: its derivative in reverse
/// mode.
///
///     let cotangents = vjp(f, arguments: [0, 1])     // (x, y, ct) → (f(x, y), ct_x, ct_y)
///
/// - Parameters:
///   - function: The per-example function.
///   - arguments: The positions of the arguments that are meant.
/// - Returns: A function of the arguments and then a cotangent for each result, of their types. It gives
///   the results and then the cotangent of each argument named; that of integers and truth values is 0.
///   After `jax.vjp`.
public func vjp(_ function: AnyFunction, arguments: [Int]) -> AnyFunction {
  let count = function.parameters.count
  return AnyFunction(
    name: function.name, parameters: function.parameters + function.results,
    results: function.results + function.types(of: arguments)
  ) { tensors in
    try function.check(arguments)
    let handles = tensors.map(\.handle)
    return try tryTraced(reading: handles) { trace throws(VMapError) in
      let primals = Array(handles.prefix(count))
      let (results, pullBack) = try trace.pullBack(
        primals, wanted: primals.indices.map(arguments.contains)
      ) { try function.callChecked($0.map(AnyTensor.init(handle:))).map(\.handle) }
      let cotangents = try pullBack(
        handles.dropFirst(count).map { $0.element.isInexact ? $0 : nil })
      return results + arguments.map { cotangents[$0] ?? Term(primals[$0]).zeros.handle }
    }.map(AnyTensor.init(handle:))
  }
}

/// The gradient of a function with one scalar result.
///
///     let gradient = grad(loss, arguments: [0])
///     try vmap(gradient, inAxes: [nil, 0])([weights, images])     // one gradient for each image
///
/// - Parameters:
///   - function: The per-example function.
///   - arguments: The positions of the arguments that it is differentiated for.
/// - Returns: A function of the same arguments that gives a gradient for each of those named. After
///   `jax.grad`.
public func grad(_ function: AnyFunction, arguments: [Int] = [0]) -> AnyFunction {
  let both = valueAndGrad(function, arguments: arguments)
  return AnyFunction(
    name: function.name, parameters: both.parameters, results: Array(both.results.dropFirst())
  ) { Array(try both.body($0).dropFirst()) }
}

/// The value of a function with one scalar result, and then its gradients.
///
/// Parameters as for ``grad(_:arguments:)``. After `jax.value_and_grad`.
public func valueAndGrad(_ function: AnyFunction, arguments: [Int] = [0]) -> AnyFunction {
  let cotangents = vjp(function, arguments: arguments)
  return AnyFunction(
    name: function.name, parameters: function.parameters,
    results: function.results + function.types(of: arguments)
  ) { tensors in
    guard function.results.count == 1, function.results[0].shape.isEmpty,
      function.results[0].element.isFloating
    else {
      throw VMapError(
        .shapeMismatch,
        "grad: \(function.name) should have one floating-point scalar as its result, it has "
          + function.results.map(\.description).joined(separator: ", "))
    }
    let one = try AnyTensor.constant(.one(function.results[0].element))
    return try cotangents.body(tensors + [one])
  }
}

/// The matrix of second derivatives of a function with one scalar result.
///
/// - Parameters:
///   - function: The per-example function.
///   - argument: The position of the argument that it is differentiated for.
/// - Returns: A function of the same arguments; its result has the argument's shape twice. Forward over
///   reverse, after `jax.hessian`.
public func hessian(_ function: AnyFunction, argument: Int = 0) -> AnyFunction {
  let gradient = grad(function, arguments: [argument])
  let type = function.types(of: [argument]).first
  return AnyFunction(
    name: function.name, parameters: function.parameters,
    results: type.map { [TensorType(element: $0.element, shape: $0.shape + $0.shape)] } ?? []
  ) { tensors in
    try function.check([argument])
    let handles = tensors.map(\.handle)
    return try tryTraced(reading: handles) { trace throws(VMapError) in
      var changed = [Bool](repeating: false, count: handles.count)
      changed[argument] = true
      return try trace.forwardJacobian(handles, changed) {
        try gradient.body($0.map(AnyTensor.init(handle:))).map(\.handle)
      }
    }.map(AnyTensor.init(handle:))
  }
}

extension AnyFunction {
  /// The types of some arguments.
  fileprivate func types(of arguments: [Int]) -> [TensorType] {
    arguments.compactMap { parameters.indices.contains($0) ? parameters[$0] : nil }
  }

  /// Checks positions of arguments.
  fileprivate func check(_ arguments: [Int]) throws(VMapError) {
    for argument in arguments where !parameters.indices.contains(argument) {
      throw VMapError(
        .invalidArgument,
        "\(name): there is no argument \(argument), it has \(quantity(parameters.count, "argument"))"
      )
    }
    guard Set(arguments).count == arguments.count else {
      throw VMapError(
        .invalidArgument, "\(name): the arguments \(arguments.shapeText) should be distinct")
    }
  }
}
