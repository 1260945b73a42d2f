// `vmap(dot)` says nothing about element types: these overloads make it a function of `Float`.

/// The dot product of `Float` tensors: the one that is meant where no element type is said.
///
///     let mm = vmap(vmap(dot, inAxes: [0, nil]), inAxes: [nil, 1], outAxes: 1)
@Sendable public func dot(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
  anyDot(a, b)
}

/// The matrix product of `Float` tensors: the one that is meant where no element type is said.
///
///     let products = vmap(matmul)
@Sendable public func matmul(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
  anyMatmul(a, b)
}

// Inside a generic function the generic overload is the only one.
private func anyDot<S: TensorNumber>(_ a: Tensor<S>, _ b: Tensor<S>) -> Tensor<S> { dot(a, b) }
private func anyMatmul<S: TensorNumber>(_ a: Tensor<S>, _ b: Tensor<S>) -> Tensor<S> {
  matmul(a, b)
}
