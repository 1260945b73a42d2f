import Foundation

/// A picture of pixels with eight bits for red, green and blue, that can be written as a PNG file.
public struct Picture {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  private var bytes: [UInt8]

  /// A picture of one color.
  public init(width: Int, height: Int, color: Color = .white) {
    (self.width, self.height) = (width, height)
    bytes = (0..<width * height).flatMap { _ in [color.red, color.green, color.blue] }
  }

  /// The color of a pixel, counted from the top left; what lies outside is not drawn.
  public subscript(x: Int, y: Int) -> Color {
    get {
      let start = (y * width + x) * 3
      return Color(bytes[start], bytes[start + 1], bytes[start + 2])
    }
    set {
      guard 0..<width ~= x, 0..<height ~= y else { return }
      let start = (y * width + x) * 3
      bytes.replaceSubrange(start..<start + 3, with: [newValue.red, newValue.green, newValue.blue])
    }
  }

  /// The file's content, without compression.
  public var png: Data {
    var header = bigEndian(UInt32(width)) + bigEndian(UInt32(height))
    header += [8, 2, 0, 0, 0]  // Eight bits, red-green-blue, the only methods there are.
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)  // This row is as it is, not differences from another one.
      rows += bytes[y * width * 3..<(y + 1) * width * 3]
    }
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let chunks = [chunk("IHDR", header), chunk("IDAT", zlib(rows)), chunk("IEND", [])]
    return Data(signature + chunks.joined())
  }
}

/// A color of a picture.
public struct Color: Sendable {
  public let red, green, blue: UInt8

  /// From three numbers up to 255.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// All of each.
  public static let white = Color(255, 255, 255)
  /// Nothing of any.
  public static let black = Color(0, 0, 0)

  /// From dark blue over red to light yellow, for numbers from 0 to 1.
  public static func heat(_ value: Double) -> Color {
    func channel(_ center: Double, _ width: Double) -> UInt8 {
      UInt8(255 * min(1, max(0, (value - center) / width + 0.5)))
    }
    return Color(channel(0.4, 0.7), channel(0.7, 0.6), channel(0.12, 0.9))
  }
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
  let checked = Array(type.utf8) + content
  return bigEndian(UInt32(content.count)) + checked + bigEndian(crc32(checked))
}

/// The stream that a decompressor gives the bytes for: blocks that are stored as they are.
private func zlib(_ bytes: [UInt8]) -> [UInt8] {
  var stream: [UInt8] = [0x78, 0x01]
  let largest = 65_535
  for start in stride(from: 0, to: bytes.count, by: largest) {
    let block = bytes[start..<min(start + largest, bytes.count)]
    let size = UInt16(block.count)
    stream.append(block.endIndex == bytes.count ? 1 : 0)
    for half in [size, ~size] { stream += [UInt8(half & 0xFF), UInt8(half >> 8)] }
    stream += block
  }
  return stream + bigEndian(adler32(bytes))
}

private func adler32(_ bytes: [UInt8]) -> UInt32 {
  var (low, high): (UInt32, UInt32) = (1, 0)
  for byte in bytes {
    low = (low + UInt32(byte)) % 65_521
    high = (high + low) % 65_521
  }
  return high << 16 | low
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { crc, _ in
    crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1
  }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
}
