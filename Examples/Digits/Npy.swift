import Foundation

/// An array read from one of NumPy's `.npy` files.
struct Npy<Scalar> {
  var shape: [Int]
  var scalars: [Scalar]

  /// Reads a version 1 file of little-endian numbers in row-major order.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - type: The type as NumPy writes it, such as `<f4`.
  init(_ path: String, type: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    guard bytes.count > 10, bytes[1..<6].elementsEqual("NUMPY".utf8), bytes[6] == 1 else {
      throw NpyError(path: path, problem: "not a version 1 .npy file")
    }
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    guard header.contains("'descr': '\(type)'"), header.contains("'fortran_order': False") else {
      throw NpyError(path: path, problem: "not row-major \(type): \(header)")
    }
    guard let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")") else {
      throw NpyError(path: path, problem: "no shape: \(header)")
    }
    shape = header[open..<close].dropFirst().split(separator: ",").compactMap {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let count = shape.reduce(1, *)
    guard bytes.count - start == count * MemoryLayout<Scalar>.stride else {
      throw NpyError(path: path, problem: "\(bytes.count - start) bytes for shape \(shape)")
    }
    scalars = bytes[start...].withUnsafeBytes { data in
      (0..<count).map {
        data.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Scalar>.stride, as: Scalar.self)
      }
    }
  }
}

/// A file that cannot be read.
struct NpyError: Error {
  var path: String
  var problem: String
}
