/// Decompositions of small and medium matrices, and what is solved with them.
///
///     let x = LinearAlgebra.solve(a, b)                       // [n, n], [n] → [n]
///     let xs = try vmap(LinearAlgebra.solve)(matrices, bs)    // [k, n, n], [k, n] → [k, n]
///
/// Names and meanings are those of `jax.numpy.linalg` and `jax.lax.linalg`. Matrices are the last two
/// dimensions, others before them are a batch, as under `vmap`. Each function is written as loops on
/// one matrix: on a batch each example runs its own, and one that fails (a matrix that is singular, or
/// not positive definite) changes no other. A matrix that does not vary over a batch is decomposed
/// once. Numbers of 16 bits are computed with as `Float`, and the results are rounded.
///
/// A matrix that is not square, sizes that do not fit together, and elements that a function does not
/// take, give a tensor whose reading throws.
///
/// Sources: G. H. Golub and C. F. Van Loan, *Matrix Computations*, 4th edition (GVL below); N. J.
/// Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd edition, for the bounds of errors.
public enum LinearAlgebra {
  /// An argument: how many of its last dimensions one example has.
  struct Operand {
    let handle: TensorHandle
    let rank: Int

    init(_ handle: TensorHandle, rank: Int) {
      self.handle = handle
      self.rank = rank
    }
  }

  /// Runs a function of one example on operands that may have dimensions of a batch before it.
  ///
  /// - Parameters:
  ///   - name: What errors call it.
  ///   - results: The element types of the results; of what was computed in a wider type than the
  ///     first operand's, those it is rounded to.
  static func perExample(
    _ name: String, _ operands: [Operand], as results: [ElementType],
    _ body: ([Term]) throws(VMapError) -> [Term]
  ) -> [TensorHandle] {
    runTraced(reading: operands.map(\.handle), failing: results) { trace throws(VMapError) in
      var shapes: [(batch: [Int], own: [Int])] = []
      for operand in operands {
        let shape = operand.handle.sizes
        guard shape.count >= operand.rank else {
          let wanted = operand.rank == 2 ? "matrices" : "at least \(operand.rank) dimensions"
          throw VMapError(.shapeMismatch, "\(name): takes \(wanted), got shape \(shape.shapeText)")
        }
        let split = shape.count - operand.rank
        shapes.append((Array(shape[..<split]), Array(shape[split...])))
      }
      let batch = try [Int].broadcasting(shapes.map(\.batch), for: name)
      let count = try batch.elementCount()
      let axis = batch.isEmpty ? nil : trace.makeAxis(name: nil, extent: .constant(count))
      var terms: [Term] = []
      for (operand, shape) in zip(operands, shapes) {
        var handle = try trace.traced(operand.handle)
        if let axis, !shape.batch.isEmpty {
          handle = try handle.broadcast(to: batch + shape.own).reshaped(to: [count] + shape.own)
          handle = trace.emit(BindAxis(axis: axis, dimension: 0), [handle])[0]
        }
        let element = handle.element
        terms.append(Term(try handle.converted(to: element.isNarrow ? .float32 : element)))
      }
      var handles: [TensorHandle] = []
      for (term, element) in zip(try body(terms), results) {
        var handle = try term.handle.converted(to: element)
        if let axis {
          let own = handle.sizes
          handle = trace.emit(UnbindAxis(axis: axis, dimension: 0), [handle])[0]
          handle = try handle.reshaped(to: batch + own)
        }
        handles.append(handle)
      }
      if let axis { trace.closeAxes([axis]) }
      return handles
    }
  }

  /// Checks that a matrix is square, and gives its size.
  static func order(of matrix: Term, for name: String) throws(VMapError) -> Int {
    let shape = matrix.sizes
    guard shape[0] == shape[1] else {
      throw VMapError(
        .shapeMismatch, "\(name): takes square matrices, got \(shape.shapeText)")
    }
    return shape[0]
  }

  /// An error about operands that do not fit together.
  static func mismatch(_ name: String, _ operands: [Term]) -> VMapError {
    let shapes = operands.map(\.sizes.shapeText).joined(separator: " and ")
    return VMapError(.shapeMismatch, "\(name): shapes \(shapes) do not fit together")
  }
}

extension Trace {
  /// A tensor as a value of this program.
  fileprivate func traced(_ handle: TensorHandle) throws(VMapError) -> TensorHandle {
    TensorHandle(
      element: handle.element, shape: handle.sizes, .traced(self, try value(for: handle)))
  }
}
