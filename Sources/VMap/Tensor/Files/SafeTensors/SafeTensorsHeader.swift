/// The header of a `safetensors` file: what its tensors are, and where their bytes lie.
///
/// After the description of the format and what its reader in Rust refuses: parts that overlap, leave
/// something out or do not fit their shapes.
struct SafeTensorsHeader {
  struct Entry {
    let name: String
    let code: String
    let shape: [Int]
    /// The bytes, counted from the end of the header.
    let range: Range<Int>

    /// The type of the elements; nil where tensors have none such.
    var element: ElementType? { SafeTensorsHeader.codes.first { $0.code == code }?.element }
  }

  let entries: [Entry]
  let metadata: [String: String]
  /// Where the tensors' bytes begin in the file.
  let dataStart: Int

  /// The reader in Rust refuses longer ones, too.
  static let maximumLength = 100_000_000

  /// What element types are called in the file.
  private static let codes: [(code: String, element: ElementType)] = [
    ("F16", .float16), ("BF16", .bfloat16), ("F32", .float32), ("F64", .float64), ("BOOL", .bool),
    ("I8", .int8), ("I16", .int16), ("I32", .int32), ("I64", .int64),
    ("U8", .uint8), ("U16", .uint16), ("U32", .uint32), ("U64", .uint64), ("C64", .complex64),
  ]

  init(of file: RandomAccessFile) throws(VMapError) {
    let available = file.byteCount - 8
    guard available >= 0 else {
      throw SafeTensorsHeader.malformed("the file has \(file.byteCount) bytes, fewer than 8")
    }
    let length = try file.bytes(0..<8)[...].littleEndian(8)
    guard length <= UInt64(SafeTensorsHeader.maximumLength) else {
      throw SafeTensorsHeader.malformed(
        "the header has \(length) bytes, more than \(SafeTensorsHeader.maximumLength)")
    }
    guard length <= UInt64(available) else {
      throw SafeTensorsHeader.malformed(
        "the header is truncated: \(length) bytes, of which \(available) are there")
    }
    dataStart = 8 + Int(length)
    var reader = JSONReader(try file.bytes(8..<dataStart))
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try reader.object { (name, reader) throws(VMapError) in
      if name == "__metadata__" {
        try reader.object { (key, reader) throws(VMapError) in metadata[key] = try reader.text() }
      } else {
        entries.append(try Entry(name, from: &reader))
      }
    }
    try reader.end()
    try SafeTensorsHeader.check(entries, byteCount: file.byteCount - dataStart)
    (self.entries, self.metadata) = (entries, metadata)
  }

  static func malformed(_ what: String) -> VMapError {
    VMapError(.parse, "safetensors: \(what)")
  }

  /// Refuses parts that overlap or leave bytes out.
  private static func check(_ entries: [Entry], byteCount: Int) throws(VMapError) {
    var end = 0
    for entry in entries.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      guard entry.range.lowerBound == end else {
        throw malformed(
          "\"\(entry.name.printable)\" begins at byte \(entry.range.lowerBound), what is before it ends "
            + "at \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == byteCount else {
      throw malformed(
        "the tensors have \(quantity(end, "byte")), the file \(byteCount) behind its header")
    }
  }

  /// The header of tensors that come one after another, so long that the first of them can be mapped.
  static func bytes(
    _ tensors: [(name: String, type: TensorType)], metadata: [String: String]
  ) throws(VMapError) -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { $0.key < $1.key }
        .map { "\($0.key.quotedForJSON):\($0.value.quotedForJSON)" }
      parts.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var end = 0
    for (name, type) in tensors {
      guard let code = codes.first(where: { $0.element == type.element })?.code else {
        throw VMapError(
          .typeMismatch,
          "safetensors: \"\(name.printable)\" is \(type), the format has no \(type.element.rawValue)"
        )
      }
      let start = end
      let (next, overflow) = start.addingReportingOverflow(
        try Storage.byteCount(of: type.element, type.shape))
      guard !overflow else { throw VMapError(.sizeOverflow, "safetensors: the file is too large") }
      end = next
      let sizes = type.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(name.quotedForJSON):{\"dtype\":\"\(code)\",\"shape\":[\(sizes)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    var text = Array("{\(parts.joined(separator: ","))}".utf8)
    text += [UInt8](repeating: 0x20, count: (64 - (8 + text.count) % 64) % 64)
    guard text.count <= maximumLength else {
      throw VMapError(
        .sizeOverflow,
        "safetensors: the header has \(text.count) bytes, more than \(maximumLength)")
    }
    return UInt64(text.count).littleEndianBytes(8) + text
  }
}

extension SafeTensorsHeader.Entry {
  fileprivate init(_ name: String, from reader: inout JSONReader) throws(VMapError) {
    var code: String?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { (key, reader) throws(VMapError) in
      switch key {
      case "dtype": code = try reader.text()
      case "shape": shape = try reader.numbers()
      case "data_offsets": offsets = try reader.numbers()
      default:
        throw SafeTensorsHeader.malformed(
          "\"\(name.printable)\" has \"\(key.prefix(100).printable)\", expected dtype, shape and data_offsets"
        )
      }
    }
    guard let code, let shape, let offsets else {
      throw SafeTensorsHeader.malformed(
        "\"\(name.printable)\" should have dtype, shape and data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafeTensorsHeader.malformed(
        "\"\(name.printable)\" has data_offsets \(offsets.shapeText), expected a beginning and an end"
      )
    }
    (self.name, self.code, self.shape, range) = (name, code, shape, offsets[0]..<offsets[1])
    // What has elements of another type is refused where it is asked for.
    guard let element else { return }
    let byteCount: Int
    do throws(VMapError) { byteCount = try Storage.byteCount(of: element, shape) } catch {
      throw error.prefixed("safetensors: \"\(name.printable)\": ")
    }
    guard byteCount == range.count else {
      throw SafeTensorsHeader.malformed(
        "\"\(name.printable)\" is \(element.rawValue)\(shape.shapeText), \(quantity(byteCount, "byte")), "
          + "and its part of the file has \(range.count)")
    }
  }
}
