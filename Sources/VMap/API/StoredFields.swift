import Synchronization

/// The stored properties of a struct that are trees, and where in its memory they lie.
///
/// The runtime knows them for every struct: this is what `Mirror` reads, which gives copies only.
struct StoredFields: Sendable {
  private struct Field: Sendable {
    let name: String
    let offset: Int
    let type: any TensorTree.Type
  }

  private let fields: [Field]

  /// What is known of each type: a struct's fields never change.
  private static let known = Mutex<[ObjectIdentifier: Result<StoredFields, VMapError>]>([:])

  /// The fields of a struct.
  ///
  /// - Throws: ``VMapError`` where the type is no struct, or has a tree that cannot be replaced.
  static func of(_ type: any TensorTree.Type) throws(VMapError) -> StoredFields {
    let identity = ObjectIdentifier(type)
    if let fields = known.withLock({ $0[identity] }) { return try fields.get() }
    let fields = Result { () throws(VMapError) in try StoredFields(type) }
    known.withLock { $0[identity] = fields }
    return try fields.get()
  }

  private init(_ type: any TensorTree.Type) throws(VMapError) {
    guard kindOfMetadata(type) == kindOfStructs else {
      throw VMapError(
        .invalidArgument,
        "\(type) is no struct: it must say which children it has, by visitChildren(_:)")
    }
    var fields: [Field] = []
    for index in 0..<numberOfFields(type) {
      var details = FieldDetails()
      let fieldType = field(of: type, index, &details)
      defer { details.free?(details.name) }
      guard let tree = fieldType as? any TensorTree.Type else { continue }
      let name = details.name.map { String(cString: $0) } ?? "\(index)"
      guard details.isVariable else {
        throw VMapError(
          .invalidArgument,
          "the field \(name) of \(type) is a let: tensors are replaced by others, make it a var")
      }
      fields.append(Field(name: name, offset: offsetOfField(type, index), type: tree))
    }
    self.fields = fields
  }

  /// Hands each field of a struct to a visitor.
  ///
  /// - Parameter memory: That of a struct of the type whose fields these are.
  func visit(
    in memory: UnsafeMutableRawBufferPointer, _ visitor: inout some TreeVisitor
  ) throws {
    func hand<Child: TensorTree>(_ type: Child.Type, _ field: Field) throws {
      guard let start = memory.baseAddress else { return }
      let child = (start + field.offset).assumingMemoryBound(to: Child.self)
      try visitor(field.name, &child.pointee)
    }
    for field in fields { try hand(field.type, field) }
  }
}

// Functions of Swift's runtime, with which the standard library's `Mirror` is made.

private let kindOfStructs: UInt = 0x200

private struct FieldDetails {
  var name: UnsafePointer<CChar>?
  var free: (@convention(c) (UnsafePointer<CChar>?) -> Void)?
  var isStrong = false
  var isVariable = false
}

@_silgen_name("swift_getMetadataKind")
private func kindOfMetadata(_: Any.Type) -> UInt

@_silgen_name("swift_reflectionMirror_recursiveCount")
private func numberOfFields(_: Any.Type) -> Int

@_silgen_name("swift_reflectionMirror_recursiveChildMetadata")
private func field(
  of _: Any.Type, _ index: Int, _ details: UnsafeMutablePointer<FieldDetails>
) -> Any.Type

@_silgen_name("swift_reflectionMirror_recursiveChildOffset")
private func offsetOfField(_: Any.Type, _ index: Int) -> Int
