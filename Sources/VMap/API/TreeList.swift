/// The arguments of a call one after another, without their types.
struct TreeList {
  private final class Box<Tree> {
    let tree: Tree
    init(_ tree: Tree) { self.tree = tree }
  }

  private var boxes: [AnyObject] = []
  private var position = 0

  mutating func append<Tree: TensorTree>(_ tree: Tree) { boxes.append(Box(tree)) }

  /// The next argument, which must be asked for by its type.
  mutating func next<Tree: TensorTree>(_: Tree.Type) -> Tree {
    defer { position += 1 }
    // A cast would look into optionals.
    return unsafeDowncast(boxes[position], to: Box<Tree>.self).tree
  }
}
