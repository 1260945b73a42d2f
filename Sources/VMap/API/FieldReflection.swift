/// What trees hold besides the tensors that they visit, as reflection shows it.
///
/// A function may look at numbers, texts and cases of enums while it is traced: its program is good for
/// those alone. What cannot be compared, such as functions, is left out.
struct FieldReflection {
  private let visited: Set<ObjectIdentifier>?
  private var hasher = Hasher()
  private var isEmpty = true
  private var depth = 0
  /// How many fields there are that could hold trees and hold none: optionals, arrays, dictionaries.
  private var emptyTrees = 0

  /// - Parameter visited: The tensors that were visited; where it is nil, no tensor counts.
  init(visited: [TensorHandle]?) {
    self.visited = visited.map { Set($0.map(ObjectIdentifier.init)) }
  }

  /// A hash of what trees hold besides tensors.
  static func hash<each Tree: TensorTree>(of trees: repeat each Tree) -> Int {
    var fields = FieldReflection(visited: nil)
    for tree in repeat each trees { fields.add(tree) }
    return fields.hash
  }

  /// A hash of what was found; 0 if that is nothing.
  var hash: Int { isEmpty ? 0 : hasher.finalize() | 1 }

  private mutating func mix(_ value: some Hashable) {
    hasher.combine(value)
    isEmpty = false
  }

  /// Notes how many children without tensors were visited.
  ///
  /// Where there are more fields that hold none, a field is not visited, or not always. It may have
  /// tensors in the next call, which only a look at the fields can tell.
  mutating func add(emptyChildren: Int) {
    if emptyTrees > emptyChildren { mix(emptyTrees) }
  }

  /// Looks at a value and what is in it.
  mutating func add(_ value: Any) {
    switch HeldValue(value) {
    case .plain: break
    case .tensor(let handle):
      let identity = ObjectIdentifier(handle)
      if let visited, !visited.contains(identity) { mix(identity) }
    case .hashable(let value): mix(value)
    case .object(let object): mix(ObjectIdentifier(object))
    case .parts(let mirror, let isTree):
      switch mirror.displayStyle {
      case .enum: mix(mirror.children.first?.label ?? "\(value)")
      // The structure of trees shows how many children there are.
      case .collection where !isTree, .optional where !isTree, .dictionary where !isTree:
        mix(mirror.children.count)
      case .collection, .optional, .dictionary:
        if depth > 0, mirror.children.isEmpty { emptyTrees += 1 }
      default: break
      }
      depth += 1
      for child in children(of: mirror, isTree) { add(child) }
      depth -= 1
    }
  }

  /// The parts of a value; a dictionary's values in the order of their names, and none of one without.
  private func children(of mirror: Mirror, _ isTree: Bool) -> [Any] {
    guard mirror.displayStyle == .dictionary else { return mirror.children.map(\.value) }
    guard isTree else { return [] }
    let entries = mirror.children.map { Array(Mirror(reflecting: $0.value).children) }
    let named = entries.map { (name: $0[0].value as? String ?? "", value: $0[1].value) }
    return named.sorted { $0.name < $1.name }.map(\.value)
  }
}
