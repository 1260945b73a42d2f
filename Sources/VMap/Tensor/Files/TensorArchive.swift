/// A file of tensors with names: a `.npz` file of NumPy, or a `safetensors` file.
///
///     let weights = try TensorArchive(contentsOf: "weights.safetensors")
///     weights.names                                              // ["b1", "w1"]
///     try weights.type(of: "w1")                                 // f32[784,256]; nothing is read for it
///     let w1 = try weights.tensor("w1", of: Float.self)
///     try TensorArchive.write(["w1": AnyTensor(w1)], to: "copy.npz")
///
/// Opening a file reads and checks what it says of its tensors; each of them is read when it is asked for.
/// Members of a `.npz` file may be compressed, as `np.savez_compressed` does it, and their checksums are
/// compared. What has elements of a type that is not supported is refused when it is asked for.
public struct TensorArchive: Sendable {
  /// The kinds of archive.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    /// NumPy's: a zip file of `.npy` files.
    case npz
    /// That of the `safetensors` library.
    case safetensors

    /// The format that the ending of a file's name says, `.npz` or `.safetensors`; nil for others.
    public init?(endingOf path: String) {
      guard let format = Format.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
        return nil
      }
      self = format
    }
  }

  /// The format, which the first bytes of the file say.
  public let format: Format
  /// The names of the tensors, in the order of the file.
  public var names: [String] { contents.names }
  /// The texts that a `safetensors` file has beside its tensors.
  public var metadata: [String: String] { contents.metadata }

  private let path: String
  private let contents: any ArchiveContents

  /// Opens a file.
  ///
  /// - Throws: ``VMapError`` where it cannot be read; of kind `parse` where it is neither a zip file nor a
  ///   `safetensors` file, is truncated, or contradicts itself.
  public init(contentsOf path: String) throws(VMapError) {
    let file = try RandomAccessFile(path)
    self.path = path
    do throws(VMapError) {
      let start = try file.bytes(0..<min(9, file.byteCount))
      // Behind its length, a header begins with a brace; in a zip file no method has that number.
      if start.count == 9, start[8] == UInt8(ascii: "{") {
        format = .safetensors
        contents = try SafeTensorsFile(file)
      } else if start.starts(with: [0x50, 0x4b]) {
        format = .npz
        contents = try NPZFile(file)
      } else {
        throw VMapError(
          .parse, "the file is no archive: it begins as neither a .npz nor a safetensors file does")
      }
    } catch {
      throw error.prefixed("\(path): ")
    }
  }

  /// The type of a tensor, whose elements are not read.
  ///
  /// - Parameters:
  ///   - name: The name of the tensor.
  ///   - element: What elements of a `.npz` file are that have two bytes and no type.
  /// - Throws: ``VMapError`` where there is none of that name, or its elements are not supported.
  public func type(
    of name: String, expecting element: ElementType? = nil
  ) throws(VMapError) -> TensorType {
    try inPlace(name) { () throws(VMapError) in try contents.type(of: name, expecting: element) }
  }

  /// Reads a tensor.
  ///
  /// - Parameters:
  ///   - name: The name of the tensor.
  ///   - element: The element type that is asked for. Elements of `bfloat16`, which NumPy writes without a
  ///     type, are read from a `.npz` file only where `bfloat16` is asked for.
  ///   - mapped: Whether the elements may stay in the file and be read when they are used: of a
  ///     `safetensors` file, where the device reaches the host's memory and they take 1 MiB or more. The
  ///     file must stay as it is then: whoever shortens it ends the process.
  /// - Throws: ``VMapError`` where there is none of that name, its elements are not supported, or the file
  ///   is damaged.
  public func tensor(
    _ name: String, expecting element: ElementType? = nil, mapped: Bool = false
  ) throws(VMapError) -> AnyTensor {
    try inPlace(name) { () throws(VMapError) in
      try contents.tensor(name, expecting: element, mapped: mapped)
    }
  }

  /// Reads a tensor whose elements have a type.
  ///
  ///     let w = try archive.tensor("w", of: Float.self)
  ///
  /// - Parameters:
  ///   - name: The name of the tensor.
  ///   - scalar: The type of its elements.
  ///   - mapped: Whether the elements may stay in the file, as in ``tensor(_:expecting:mapped:)``.
  /// - Throws: ``VMapError`` as ``tensor(_:expecting:mapped:)``, and of kind `typeMismatch` where they have
  ///   another type.
  public func tensor<Scalar>(
    _ name: String, of scalar: Scalar.Type, mapped: Bool = false
  ) throws(VMapError) -> Tensor<Scalar> {
    let element = Scalar.elementType
    // Before anything large is read.
    let type = try type(of: name, expecting: element)
    return try inPlace(name) { () throws(VMapError) in
      guard type.element == element else {
        throw VMapError(
          .typeMismatch, "the elements are \(type.element.rawValue), not \(element.rawValue)")
      }
      return try contents.tensor(name, expecting: element, mapped: mapped).map { tensor in
        Tensor(handle: tensor.handle)
      }
    }
  }

  /// Reads all tensors.
  ///
  /// - Parameter mapped: Whether the elements may stay in the file, as in ``tensor(_:expecting:mapped:)``.
  /// - Throws: ``VMapError`` where one of them cannot be read.
  public func tensors(mapped: Bool = false) throws(VMapError) -> [String: AnyTensor] {
    var tensors: [String: AnyTensor] = [:]
    for name in names { tensors[name] = try tensor(name, mapped: mapped) }
    return tensors
  }

  /// Adds the file and the name to what goes wrong.
  private func inPlace<R>(
    _ name: String, _ body: () throws(VMapError) -> R?
  ) throws(VMapError) -> R {
    do throws(VMapError) {
      if let result = try body() { return result }
    } catch {
      throw error.prefixed("\(path): \"\(name.printable)\": ")
    }
    let some = names.prefix(20).map { "\"\($0.prefix(100).printable)\"" }
    throw VMapError(
      .invalidArgument,
      "\(path): there is no \"\(name.printable)\" among \(quantity(names.count, "tensor"))"
        + (some.isEmpty ? "" : ": \(some.joined(separator: ", "))")
        + (some.count < names.count ? ", …" : ""))
  }
}

/// What an archive of some format can be asked for.
protocol ArchiveContents: Sendable {
  var names: [String] { get }
  var metadata: [String: String] { get }
  /// The type of a tensor; nil where there is none of that name.
  func type(of name: String, expecting element: ElementType?) throws(VMapError) -> TensorType?
  /// A tensor; nil where there is none of that name.
  func tensor(
    _ name: String, expecting element: ElementType?, mapped: Bool
  ) throws(VMapError) -> AnyTensor?
}
