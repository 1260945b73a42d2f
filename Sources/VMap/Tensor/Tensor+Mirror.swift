// What `dump` and test failures show of a tensor: not what it is made of, down to the driver.

extension Tensor: CustomReflectable {
  /// The element type and the shape.
  public var customMirror: Mirror { Mirror(self, handle) }
}

extension AnyTensor: CustomReflectable {
  /// The element type and the shape.
  public var customMirror: Mirror { Mirror(self, handle) }
}

extension Mirror {
  fileprivate init<Subject>(_ tensor: Subject, _ handle: TensorHandle) {
    self.init(
      tensor, children: ["elementType": handle.element, "shape": handle.shape],
      displayStyle: .struct)
  }
}
