/// Bytes that come one after another, from a file or from memory.
protocol ByteSource: ~Copyable {
  /// The bytes that are left, where that is known.
  var byteCount: Int? { get }
  /// Fills a buffer and says how far; fewer bytes come only at the end.
  mutating func read(into target: UnsafeMutableRawBufferPointer) throws(VMapError) -> Int
}

extension ByteSource where Self: ~Copyable {
  /// The next bytes; fewer at the end.
  mutating func bytes(_ count: Int) throws(VMapError) -> [UInt8] {
    var filled = 0
    var bytes = try [UInt8].filled(count: count) { target throws(VMapError) in
      filled = try read(into: target)
      target[filled...].initializeMemory(as: UInt8.self, repeating: 0)
    }
    bytes.removeSubrange(filled...)
    return bytes
  }
}

/// The bytes of a buffer.
struct MemorySource: ByteSource {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var byteCount: Int? { rest.count }

  mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(rest.count, target.count)
    target.copyBytes(from: rest[..<count])
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    return count
  }
}
