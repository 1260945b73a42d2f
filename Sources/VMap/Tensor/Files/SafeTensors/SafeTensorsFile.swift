import Device

/// The tensors of a `safetensors` file.
struct SafeTensorsFile: ArchiveContents {
  private let file: RandomAccessFile
  private let header: SafeTensorsHeader
  private let places: [String: Int]

  init(_ file: RandomAccessFile) throws(VMapError) {
    self.file = file
    header = try SafeTensorsHeader(of: file)
    // Two names of the same characters are one for Swift, however they are written.
    places = Dictionary(
      header.entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var names: [String] { header.entries.map(\.name) }
  var metadata: [String: String] { header.metadata }

  func type(of name: String, expecting _: ElementType?) throws(VMapError) -> TensorType? {
    guard let place = places[name] else { return nil }
    let entry = header.entries[place]
    guard let element = entry.element else {
      throw VMapError(
        .typeMismatch,
        "safetensors: elements of type \"\(entry.code.prefix(20).printable)\" are not supported")
    }
    return TensorType(element: element, shape: entry.shape)
  }

  func tensor(
    _ name: String, expecting element: ElementType?, mapped: Bool
  ) throws(VMapError) -> AnyTensor? {
    guard let type = try type(of: name, expecting: element), let place = places[name] else {
      return nil
    }
    let part = header.entries[place].range
    let range = header.dataStart + part.lowerBound..<header.dataStart + part.upperBound
    let format = StoredFormat(element: type.element, isBigEndian: false)
    if mapped, format.isNative,
      let storage = try Storage(type, mapping: { _ in file.mapped(range) })
    {
      return AnyTensor(handle: TensorHandle(storage))
    }
    let storage = try Storage(
      inPieces: type.element, type.shape, in: try Context.forTensors())
    var source = FileRange(file, range)
    guard try storage.fill(from: &source, in: format) == storage.byteCount else {
      throw VMapError(.parse, "safetensors: the file was truncated while it was read")
    }
    return AnyTensor(handle: TensorHandle(storage))
  }

  /// Refuses the name that the format has for its texts.
  static func check(_ name: String) throws(VMapError) {
    guard name != "__metadata__" else {
      throw VMapError(.invalidArgument, "safetensors: a tensor cannot be called \"__metadata__\"")
    }
  }

  /// Writes tensors as a `safetensors` file, those with the largest elements first: so each is aligned.
  static func write(
    _ tensors: [(name: String, tensor: AnyTensor)], metadata: [String: String],
    to output: FileOutput
  ) throws(VMapError) {
    let sorted = tensors.enumerated().sorted { a, b in
      (-a.element.tensor.elementType.byteCount, a.offset)
        < (-b.element.tensor.elementType.byteCount, b.offset)
    }.map(\.element)
    let header = try SafeTensorsHeader.bytes(
      sorted.map { ($0.name, $0.tensor.handle.type) }, metadata: metadata)
    try header.withUnsafeBytesTyped { bytes throws(VMapError) in try output.write(bytes) }
    for (_, tensor) in sorted {
      try tensor.handle.storage().eachPart { bytes throws(VMapError) in try output.write(bytes) }
    }
  }
}
