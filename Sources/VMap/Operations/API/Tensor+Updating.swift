/// Elements of a tensor that are to be replaced: what ``Tensor/at(_:)`` gives.
///
/// Each function gives a new tensor. Where an index comes several times, its values are applied one
/// after another, in order; a tensor's index that lies outside is left out.
public struct TensorUpdate<Scalar: TensorScalar>: Sendable {
  let tensor: Tensor<Scalar>
  let indices: [TensorIndex]

  private var operands: [TensorHandle] {
    var operands = [tensor.handle]
    for index in indices {
      if case .tensor(let tensor) = index.kind { operands.append(tensor) }
    }
    return operands
  }

  private func updated(
    with values: Tensor<Scalar>, _ name: String? = nil
  ) -> Tensor<Scalar> {
    Tensor(
      handle: .checked(operands + [values.handle], as: Scalar.elementType) {
        try WindowIndexing(indices, of: tensor.handle.sizes, for: "at").scatter(
          tensor.handle, values.handle
        ) { elements in
          guard let name else { return [elements[1]] }
          return [try .elementwise(name, elements[0], elements[1])]
        }
      })
  }

  /// The elements, as the subscript gives them: indices outside are brought to the nearest edge.
  public func get() -> Tensor<Scalar> {
    Tensor(
      handle: .checked(operands, as: Scalar.elementType) {
        try WindowIndexing(indices, of: tensor.handle.sizes, for: "at").gather(tensor.handle)
      })
  }

  /// The elements, with a value in the place of those whose index lies outside.
  ///
  /// After `x.at[i].get(mode="fill")` of `jax.numpy`.
  public func get(fill value: Scalar) -> Tensor<Scalar> {
    Tensor(
      handle: .checked(operands, as: Scalar.elementType) {
        try WindowIndexing(indices, of: tensor.handle.sizes, for: "at").gather(
          tensor.handle, outside: value.constant)
      })
  }

  /// The tensor with these elements replaced by others, which are repeated as NumPy does.
  public func set(_ values: Tensor<Scalar>) -> Tensor<Scalar> { updated(with: values) }

  /// The tensor with these elements replaced by a value.
  public func set(_ value: Scalar) -> Tensor<Scalar> { set(Tensor(value)) }

  /// The tensor with these elements replaced where others are less.
  public func min(_ values: Tensor<Scalar>) -> Tensor<Scalar> { updated(with: values, "min") }

  /// The tensor with these elements replaced where others are greater.
  public func max(_ values: Tensor<Scalar>) -> Tensor<Scalar> { updated(with: values, "max") }
}

extension TensorUpdate where Scalar: TensorNumber {
  /// The tensor with others added to these elements.
  public func add(_ values: Tensor<Scalar>) -> Tensor<Scalar> { updated(with: values, "add") }

  /// The tensor with a value added to these elements.
  public func add(_ value: Scalar) -> Tensor<Scalar> { add(Tensor(value)) }

  /// The tensor with others subtracted from these elements.
  public func subtract(_ values: Tensor<Scalar>) -> Tensor<Scalar> {
    updated(with: values, "sub")
  }

  /// The tensor with these elements multiplied by others.
  public func multiply(_ values: Tensor<Scalar>) -> Tensor<Scalar> {
    updated(with: values, "mul")
  }

  /// The tensor with these elements multiplied by a value.
  public func multiply(_ value: Scalar) -> Tensor<Scalar> { multiply(Tensor(value)) }
}

extension Tensor {
  /// Elements to read or to replace, by the indices that a subscript takes.
  ///
  ///     x.at(1).set(0)                      // row 1 zero
  ///     counts.at(ids).add(1)               // a histogram: an id that comes twice counts twice
  ///     x.at(rows, columns).set(values)     // tensors are broadcast together
  ///     x.at(.all, 2..<4).multiply(w)
  ///     x.at(ids).get(fill: 0)
  ///
  /// An `Int` outside its dimension, too many indices, and values of another shape give a tensor
  /// whose reading throws. Indices in tensors that lie outside replace nothing. After `x.at[…]` of
  /// `jax.numpy`.
  public func at(_ indices: any TensorIndexing...) -> TensorUpdate<Scalar> {
    TensorUpdate(tensor: self, indices: indices.map(\.tensorIndex))
  }
}
