import Synchronization

/// Extends a function of tensors with a few dimensions to tensors with more, along which it is repeated
/// as NumPy broadcasts.
///
///     let distances = vectorize("(n),(n)->()") { (x: Tensor<Float>, y: Tensor<Float>) in
///       sqrt(square(x - y).sum())
///     }
///     try distances(points, center)           // [8, 5, 3] and [3] → [8, 5]
///
/// - Parameters:
///   - signature: The core dimensions of each argument and of each tensor of the result, which the
///     function sees. Dimensions with one name are of one size; a number is a size itself.
///   - function: Takes a tensor with the core dimensions for each argument.
/// - Returns: A function of tensors that have loop dimensions before the core dimensions. Those are
///   brought to one shape by NumPy's rules of broadcasting, and come first in the result. Nothing is
///   compiled for other sizes of them, but once for each way in which they are broadcast.
/// - Throws: ``VMapError`` of kind `invalidArgument` for a signature that cannot be read, and of kinds
///   `arityMismatch` and `shapeMismatch` for arguments and results that do not fit it.
///
/// After `jnp.vectorize` and NumPy's generalized universal functions.
public func vectorize<each Scalar: TensorScalar, Output: TensorTree>(
  _ signature: String, _ function: @escaping @Sendable (repeat Tensor<each Scalar>) throws -> Output
) -> @Sendable (repeat Tensor<each Scalar>) throws -> Output {
  let parsed = Result { () throws(VMapError) in try GeneralizedSignature(signature) }
  let known = KnownLoops<Vectorized<Output, repeat Tensor<each Scalar>>>()
  return { (inputs: repeat Tensor<each Scalar>) in
    let signature = try parsed.get()
    var shapes: [[Int]] = []
    for input in repeat each inputs {
      if case .failed(let error) = input.handle.current { throw error }
      shapes.append(input.handle.shape)
    }
    let loops = try LoopDimensions(shapes, signature)
    let mapped = known.value(for: loops) {
      Vectorized(
        function: { (inputs: repeat Tensor<each Scalar>) in
          var core = CoreArguments(signature)
          let arguments = (repeat try core.next(each inputs))
          let output = try function(repeat each arguments)
          try core.check(output)
          return output
        }, levels: loops.levels, output: .tree)
    }
    return try mapped(repeat each inputs)
  }
}

/// The functions for the ways in which loop dimensions were broadcast so far.
private final class KnownLoops<Function: Sendable>: Sendable {
  private let known = Mutex<[LoopDimensions: Function]>([:])

  func value(for loops: LoopDimensions, _ make: () -> Function) -> Function {
    if let function = known.withLock({ $0[loops] }) { return function }
    let function = make()
    return known.withLock { known in
      if let other = known[loops] { return other }
      known[loops] = function
      return function
    }
  }
}

extension LoopDimensions {
  /// The maps over the loop dimensions.
  fileprivate var levels: [MapLevel] {
    axes.flatMap { axes in
      MapLevel.levels(
        inAxes: .each(axes.map { $0.map(Axes.axis) ?? .unmapped }), outAxes: 0, axisName: nil,
        axisSize: nil, chunk: nil)
    }
  }
}

/// The arguments of one example as the function wants them.
private struct CoreArguments {
  private var sizes: CoreSizes
  private var position = 0

  init(_ signature: GeneralizedSignature) { sizes = CoreSizes(signature) }

  /// The next argument, with core dimensions alone.
  mutating func next<Scalar>(_ input: Tensor<Scalar>) throws(VMapError) -> Tensor<Scalar> {
    let names = sizes.signature.inputs[position]
    let shape = input.handle.sizes
    try sizes.note(shape, names, of: "argument \(position)")
    position += 1
    return Tensor(handle: try input.handle.reshaped(to: shape.suffix(names.count)))
  }

  /// Checks the result of the function.
  mutating func check(_ output: some TensorTree) throws(VMapError) {
    let leaves = try argumentLeaves(of: output)
    let outputs = sizes.signature.outputs
    guard leaves.count == outputs.count else {
      throw VMapError(
        .arityMismatch,
        "vectorize: \"\(sizes.signature.text)\" has \(quantity(outputs.count, "result")), "
          + "the function gives \(quantity(leaves.count, "tensor"))")
    }
    for (number, (leaf, names)) in zip(leaves, outputs).enumerated() {
      let place = "result \(number) of the function"
      if case .failed(let error) = leaf.handle.current { throw error }
      guard leaf.handle.sizes.count == names.count else {
        throw VMapError(
          .shapeMismatch,
          "vectorize: \(place) should have the dimensions (\(names.joined(separator: ","))) of "
            + "\"\(sizes.signature.text)\", its shape is \(leaf.handle.shape.shapeText)")
      }
      try sizes.note(leaf.handle.sizes, names, of: place)
    }
  }
}
