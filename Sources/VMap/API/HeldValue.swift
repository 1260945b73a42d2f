/// What reflection makes of a value that a tree holds.
enum HeldValue {
  /// Nothing that counts besides what is visited: see ``PlainTree``.
  case plain
  case tensor(TensorHandle)
  case hashable(AnyHashable)
  case object(AnyObject)
  /// Something made of other values, a tree or not.
  case parts(Mirror, isTree: Bool)

  init(_ value: Any) {
    if value is any PlainTree {
      self = .plain
    } else if let tensor = value as? any SingleTensor {
      self = .tensor(tensor.handle)
    } else {
      let isTree = value is any TensorTree
      if !isTree, let value = value as? AnyHashable {
        self = .hashable(value)
      } else if type(of: value) is AnyClass {
        self = .object(value as AnyObject)
      } else {
        self = .parts(Mirror(reflecting: value), isTree: isTree)
      }
    }
  }
}

/// A tree that visits all that it holds, or has it in the names that it visits.
protocol PlainTree: TensorTree {}

extension ArgumentList: PlainTree {}
extension Random.Key: PlainTree {}
