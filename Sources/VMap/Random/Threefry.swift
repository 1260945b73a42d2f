/// Threefry-2x32 with 20 rounds: a bijection of two words, chosen by a key of two words.
enum Threefry {
  private static let rotations: [[UInt32]] = [[13, 15, 26, 6], [17, 29, 16, 24]]
  private static let parity: UInt32 = 0x1BD1_1BDA

  typealias Words = Tensor<UInt32>

  /// What the key makes of two words, element by element.
  static func block(_ key: (Words, Words), _ first: Words, _ second: Words) -> (Words, Words) {
    let (k0, k1) = key
    let keys = [k0, k1, k0 ^ k1 ^ parity]
    var x = first + keys[0]
    var y = second + keys[1]
    for group in 0..<5 {
      for distance in rotations[group % 2] {
        x = x + y
        y = y << distance | y >> (32 - distance)
        y = y ^ x
      }
      x = x + keys[(group + 1) % 3]
      y = y + keys[(group + 2) % 3] + UInt32(group + 1)
    }
    return (x, y)
  }
}
