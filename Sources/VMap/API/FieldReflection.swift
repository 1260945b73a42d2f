/// What trees hold besides the tensors that they visit, as reflection shows it.
///
/// A function may look at numbers, texts, cases of enums and unvisited tensors while it is traced: its
/// program is good for those alone. What cannot be compared, such as functions, is left out.
struct FieldReflection {
  private let visited: Set<ObjectIdentifier>?
  private var hasher = Hasher()
  private var isEmpty = true
  /// The tensors that were not visited: as long as they live, no other tensor has their identity.
  private(set) var unvisited: [TensorHandle] = []

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

  /// Looks at a value and what is in it.
  mutating func add(_ value: Any) {
    if value is any PlainTree { return }
    if let tensor = value as? any SingleTensor {
      let identity = ObjectIdentifier(tensor.handle)
      guard let visited, !visited.contains(identity) else { return }
      unvisited.append(tensor.handle)
      return mix(identity)
    }
    let isTree = value is any TensorTree
    if !isTree, let value = value as? AnyHashable { return mix(value) }
    if type(of: value) is AnyClass { return mix(ObjectIdentifier(value as AnyObject)) }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .enum: mix(mirror.children.first?.label ?? "\(value)")
    // The structure of trees shows how many children there are.
    case .collection where !isTree, .optional where !isTree: mix(mirror.children.count)
    case .dictionary:
      return addEntries(mirror, isTree)
    default: break
    }
    for child in mirror.children { add(child.value) }
  }

  /// Looks at a dictionary's values in the order of their names; one without names is only counted.
  private mutating func addEntries(_ dictionary: Mirror, _ isTree: Bool) {
    guard isTree else { return mix(dictionary.children.count) }
    let entries = dictionary.children.map { Array(Mirror(reflecting: $0.value).children) }
    let named = entries.map { (name: $0[0].value as? String ?? "", value: $0[1].value) }
    for entry in named.sorted(by: { $0.name < $1.name }) { add(entry.value) }
  }
}

/// A tree that visits all that it holds, or has it in the names that it visits.
protocol PlainTree: TensorTree {}

extension ArgumentList: PlainTree {}
extension Random.Key: PlainTree {}
