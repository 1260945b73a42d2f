public import CDLPack

extension AnyTensor {
  /// A tensor that another library lends through DLPack.
  ///
  ///     let x = try AnyTensor(dlpack: pointer)     // what a capsule of Python's points to
  ///
  /// Elements in row-major order that kernels reach where they are stay there, and nobody may change them
  /// until the lender's deleter is called, by any thread, when they are not used any more. Others are
  /// copied, and the deleter is called at once: those with other strides, truth values, those that are not
  /// aligned, and all where the device has memory of its own.
  ///
  /// - Parameters:
  ///   - tensor: A tensor in memory of the host, which belongs to this one from here on.
  ///   - copying: Whether elements are always copied.
  /// - Throws: ``VMapError`` where it is on another device, has another major version, elements of a type
  ///   that is not supported, or sizes that are impossible; the tensor stays with its lender then.
  public init(
    dlpack tensor: UnsafeMutablePointer<DLManagedTensorVersioned>, copying: Bool = false
  ) throws(VMapError) {
    self = try AnyTensor.lent(tensor, copying: copying)
  }

  /// A tensor that another library lends through DLPack before version 1, as
  /// ``init(dlpack:copying:)-(UnsafeMutablePointer<DLManagedTensorVersioned>,_)`` takes it.
  public init(
    dlpack tensor: UnsafeMutablePointer<DLManagedTensor>, copying: Bool = false
  ) throws(VMapError) {
    self = try AnyTensor.lent(tensor, copying: copying)
  }

  /// The elements lent to another library through DLPack 1.1, computed first where they are not yet.
  ///
  /// Where the device shares the host's memory, nothing is copied, and the flag for what must not be
  /// written is set. Whoever gets the pointer calls its deleter once, from any thread; the elements are kept
  /// until then, also when this tensor is gone.
  ///
  /// - Throws: ``VMapError`` where an operation before failed, or inside a traced function.
  public func dlpack() throws(VMapError) -> UnsafeMutablePointer<DLManagedTensorVersioned> {
    DLManagedTensorVersioned.lending(try LentElements(handle.storage()))
  }

  /// The elements lent to another library through DLPack before version 1, as ``dlpack()`` does it; no flag
  /// says that they must not be written.
  public func dlpackUnversioned() throws(VMapError) -> UnsafeMutablePointer<DLManagedTensor> {
    DLManagedTensor.lending(try LentElements(handle.storage()))
  }

  /// Takes over what is lent, or leaves it with its lender and throws.
  ///
  /// - Parameter element: The element type that is asked for, if one is.
  static func lent(
    _ tensor: UnsafeMutablePointer<some LendingTensor>, as element: ElementType? = nil,
    copying: Bool
  ) throws(VMapError) -> AnyTensor {
    do throws(VMapError) {
      try tensor.pointee.checkVersion()
      let elements = try StridedElements(tensor.pointee.dl_tensor)
      guard element ?? elements.type.element == elements.type.element else {
        throw VMapError(
          .typeMismatch,
          "the elements are \(elements.type.element.rawValue), not \(element?.rawValue ?? "")")
      }
      let loan = Loan(of: tensor)
      let storage = try elements.storage(keeping: loan, copying: copying)
      loan.accept()
      return AnyTensor(handle: TensorHandle(storage))
    } catch {
      throw error.prefixed("dlpack: ")
    }
  }
}

extension Tensor {
  /// A tensor that another library lends through DLPack, as
  /// ``AnyTensor/init(dlpack:copying:)-(UnsafeMutablePointer<DLManagedTensorVersioned>,_)`` takes it.
  ///
  /// - Throws: ``VMapError`` as there, and of kind `typeMismatch` where the elements have another type.
  public init(
    dlpack tensor: UnsafeMutablePointer<DLManagedTensorVersioned>, copying: Bool = false
  ) throws(VMapError) {
    try self.init(AnyTensor.lent(tensor, as: Scalar.elementType, copying: copying))
  }

  /// A tensor that another library lends through DLPack before version 1.
  ///
  /// - Throws: ``VMapError`` as ``AnyTensor/init(dlpack:copying:)-(UnsafeMutablePointer<DLManagedTensor>,_)``,
  ///   and of kind `typeMismatch` where the elements have another type.
  public init(
    dlpack tensor: UnsafeMutablePointer<DLManagedTensor>, copying: Bool = false
  ) throws(VMapError) {
    try self.init(AnyTensor.lent(tensor, as: Scalar.elementType, copying: copying))
  }

  /// The elements lent to another library through DLPack, as ``AnyTensor/dlpack()`` does it.
  public func dlpack() throws(VMapError) -> UnsafeMutablePointer<DLManagedTensorVersioned> {
    try AnyTensor(self).dlpack()
  }
}
