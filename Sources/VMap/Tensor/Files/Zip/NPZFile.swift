/// The arrays of a `.npz` file: the `.npy` files in a zip file, under their names without the ending.
struct NPZFile: ArchiveContents {
  let names: [String]
  private let file: RandomAccessFile
  private let members: [String: ZipMember]

  private static let ending = ".npy"

  init(_ file: RandomAccessFile) throws(VMapError) {
    self.file = file
    // What else is there, as folders, is no array.
    let arrays = try ZipDirectory(of: file).members.filter { $0.name.hasSuffix(NPZFile.ending) }
    names = arrays.map { String($0.name.dropLast(NPZFile.ending.count)) }
    members = Dictionary(zip(names, arrays)) { first, _ in first }
    guard members.count == names.count else {
      throw ZipDirectory.malformed("two arrays have the same name")
    }
  }

  /// The format has none.
  var metadata: [String: String] { [:] }

  func type(of name: String, expecting element: ElementType?) throws(VMapError) -> TensorType? {
    guard let member = members[name] else { return nil }
    var source = try ZipMemberSource(member, of: file)
    let header = try NPYHeader(from: &source, expecting: element)
    return TensorType(element: header.element, shape: header.shape)
  }

  func tensor(
    _ name: String, expecting element: ElementType?, mapped: Bool
  ) throws(VMapError) -> AnyTensor? {
    guard let member = members[name] else { return nil }
    var source = try ZipMemberSource(member, of: file)
    let tensor = try AnyTensor(npy: &source, expecting: element)
    try source.finish()
    return tensor
  }

  /// Writes tensors as a `.npz` file, without compression.
  static func write(
    _ tensors: [(name: String, tensor: AnyTensor)], to output: FileOutput
  ) throws(VMapError) {
    var zip = ZipOutput(output)
    for (name, tensor) in tensors {
      let storage = try tensor.handle.storage()
      let header = NPYHeader.bytes(storage.element, storage.shape)
      try zip.add(name + ending, byteCount: header.count + storage.byteCount) {
        (write: (UnsafeRawBufferPointer) throws(VMapError) -> Void) throws(VMapError) in
        try header.withUnsafeBytesTyped(write)
        try storage.eachPart(write)
      }
    }
    try zip.finish()
  }

  /// Refuses names that a member of a zip file cannot have.
  static func check(_ name: String) throws(VMapError) {
    guard !name.utf8.contains(0), ZipEntry.staysInFolder(name), name.utf8.count < 0xfff0 else {
      throw VMapError(
        .invalidArgument,
        "npz: an array cannot be called \"\(name.prefix(100).printable)\": a name becomes a path in its "
          + "folder, shorter than 65,520 bytes and without zero bytes")
    }
  }
}
