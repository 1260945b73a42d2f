/// A hash of the names and the nesting of trees, in the order in which they are visited (FNV-1a).
struct StructureHash: Hashable, Sendable {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325
  /// How many children had neither children nor a tensor.
  private(set) var emptyChildren = 0
  private var isChildEmpty = false

  mutating func beginArgument() { mix(0xff) }
  mutating func beginChild(_ name: String = "") {
    for byte in name.utf8 { mix(byte) }
    mix(0xfd)
    isChildEmpty = true
  }
  mutating func endChild() {
    mix(0xfe)
    if isChildEmpty { emptyChildren += 1 }
    isChildEmpty = false
  }
  mutating func addTensor() {
    mix(0xfc)
    isChildEmpty = false
  }

  private mutating func mix(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
}

/// A visitor for which only the tensors of a tree and their structure count.
protocol StructureVisitor: TreeVisitor {
  /// The structure of what was visited.
  var structure: StructureHash { get set }
}

extension StructureVisitor {
  mutating func callAsFunction<Child: TensorTree>(_ name: String, _ child: inout Child) throws {
    structure.beginChild(name)
    try child.visitChildren(&self)
    structure.endChild()
  }

  mutating func callAsFunction<Child: TensorTree>(_ position: Int, _ child: inout Child) throws {
    structure.beginChild()
    try child.visitChildren(&self)
    structure.endChild()
  }
}
