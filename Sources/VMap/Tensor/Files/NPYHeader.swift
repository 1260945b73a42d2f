/// The header of a `.npy` file: what the elements are and how they are arranged.
struct NPYHeader {
  let element: ElementType
  let shape: [Int]
  let isBigEndian: Bool
  let isColumnMajor: Bool

  /// How the elements are written.
  var format: StoredFormat { StoredFormat(element: element, isBigEndian: isBigEndian) }
  /// What is in the file, row-major: column by column it is the transposed tensor.
  var storedType: TensorType {
    TensorType(element: element, shape: isColumnMajor ? shape.reversed() : shape)
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The `descr` of an element type without its byte order.
  ///
  /// NumPy has no `bfloat16`: what JAX writes are bytes of no type, two an element.
  private static let codes: [(code: String, element: ElementType)] = [
    ("f2", .float16), ("V2", .bfloat16), ("f4", .float32), ("f8", .float64), ("b1", .bool),
    ("i1", .int8), ("i2", .int16),
    ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("u2", .uint16), ("u4", .uint32),
    ("u8", .uint64), ("c8", .complex64), ("c16", .complex128),
  ]

  /// Longer headers are no descriptions of arrays.
  private static let maximumLength = 1 << 20

  /// Reads the header of a file of version 1, 2 or 3, and no byte more.
  ///
  /// - Parameter expected: The element type that is asked for, if one is.
  init(
    from source: inout some ByteSource & ~Copyable, expecting expected: ElementType? = nil
  ) throws(VMapError) {
    let start = try source.bytes(8)
    guard start.count == 8, start.starts(with: NPYHeader.magic) else {
      throw VMapError(.parse, "npy: this is no .npy file: its first bytes are not \\x93NUMPY")
    }
    guard (1...3).contains(start[6]) else {
      throw VMapError(.parse, "npy: version \(start[6]).\(start[7]) of the format is not known")
    }
    let lengthSize = start[6] == 1 ? 2 : 4
    let digits = try source.bytes(lengthSize)
    guard digits.count == lengthSize else {
      throw VMapError(.parse, "npy: the header is truncated")
    }
    let length = Int(digits[...].littleEndian(lengthSize))
    let available = min(length, source.byteCount ?? length)
    guard available < length || length <= NPYHeader.maximumLength else {
      throw VMapError(
        .parse, "npy: the header has \(length) bytes, more than \(NPYHeader.maximumLength)")
    }
    let text = try source.bytes(min(available, NPYHeader.maximumLength))
    guard text.count == length else {
      throw VMapError(
        .parse,
        "npy: the header is truncated: \(quantity(length, "byte")), of which \(min(available, text.count)) are there"
      )
    }
    var parser = NPYDictionary(text[...])
    let entries = try parser.parse()
    guard case .text(let code)? = entries["descr"],
      case .flag(let order)? = entries["fortran_order"],
      case .tuple(let shape)? = entries["shape"]
    else {
      throw VMapError(
        .parse, "npy: the header should have \"descr\", \"fortran_order\" and \"shape\"")
    }
    guard let first = code.first, "<>=|".contains(first),
      let element = NPYHeader.codes.first(where: { $0.code == code.dropFirst() })?.element
    else {
      throw VMapError(.typeMismatch, "npy: elements of type \"\(code)\" are not supported")
    }
    if element == .bfloat16, expected != .bfloat16 {
      throw VMapError(
        .typeMismatch,
        "npy: elements of type \"\(code)\" are two bytes without a type, as bfloat16 is written: "
          + (expected.map { "they are not \($0.rawValue)" } ?? "ask for bf16 to read them so"))
    }
    do throws(VMapError) { try shape.check() } catch { throw error.prefixed("npy: ") }
    self.element = element
    self.shape = shape
    isBigEndian = first == ">"
    isColumnMajor = order
  }

  /// The header of row-major elements in the byte order of nearly every machine, version 1.
  ///
  /// Its length is a multiple of 64 bytes, so that the elements can be mapped into memory.
  static func bytes(_ element: ElementType, _ shape: [Int]) -> [UInt8] {
    let code = codes.first { $0.element == element }?.code ?? "f4"
    let order = element.byteCount == 1 ? "|" : "<"
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Ranks that overflow the two bytes of version 1 need the four of version 2.
    let lengthSize = text.utf8.count < 65_000 ? 2 : 4
    let unpadded = 8 + lengthSize + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = text.utf8.count
    return magic + [lengthSize == 2 ? 1 : 2, 0]
      + UInt64(length).littleEndianBytes(lengthSize) + Array(text.utf8)
  }
}
