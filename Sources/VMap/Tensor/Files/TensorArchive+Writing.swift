extension TensorArchive {
  /// Writes tensors with names into one file.
  ///
  ///     try TensorArchive.write(["w": AnyTensor(w), "b": AnyTensor(b)], to: "weights.safetensors")
  ///
  /// The same tensors give the same bytes. A file that was there is replaced by the whole new one, or stays
  /// as it is. A `.npz` file is not compressed.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by their names.
  ///   - path: The file.
  ///   - format: The format; without one the ending of the name says it.
  ///   - metadata: Texts that a `safetensors` file has beside its tensors.
  /// - Throws: ``VMapError`` where the file cannot be written, an operation before failed, the ending says
  ///   no format, or the format has no such name or type: `Complex<Double>` is not in `safetensors`, and
  ///   names of a `.npz` file are paths inside of a folder.
  public static func write(
    _ tensors: [String: AnyTensor], to path: String, as format: Format? = nil,
    metadata: [String: String] = [:]
  ) throws(VMapError) {
    guard let format = format ?? Format(endingOf: path) else {
      throw VMapError(
        .invalidArgument,
        "cannot write \(path.printable): the name ends in neither .npz nor .safetensors, and no format "
          + "is given")
    }
    let sorted = tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }
    // Before there is a file.
    for (name, tensor) in sorted {
      do throws(VMapError) { try tensor.handle.ready() } catch {
        throw error.prefixed("\(path): \"\(name.printable)\": ")
      }
      switch format {
      case .npz: try NPZFile.check(name)
      case .safetensors: try SafeTensorsFile.check(name)
      }
    }
    guard format == .safetensors || metadata.isEmpty else {
      throw VMapError(.invalidArgument, "npz: the format has no metadata")
    }
    try File.write(to: path) { output throws(VMapError) in
      switch format {
      case .npz: try NPZFile.write(sorted, to: output)
      case .safetensors: try SafeTensorsFile.write(sorted, metadata: metadata, to: output)
      }
    }
  }
}
