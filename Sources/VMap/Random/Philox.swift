/// Philox-4x32 with 10 rounds: a bijection of four words, chosen by a key of two words.
enum Philox {
  typealias Words = Tensor<UInt32>

  private static let multipliers: [UInt64] = [0xD251_1F53, 0xCD9E_8D57]
  private static let increments: [UInt32] = [0x9E37_79B9, 0xBB67_AE85]

  /// What the key makes of four words, element by element.
  static func block(_ key: (Words, Words), _ counter: [Words]) -> [Words] {
    var (k0, k1) = key
    var x = counter
    for round in 0..<10 {
      if round > 0 {
        k0 = k0 + increments[0]
        k1 = k1 + increments[1]
      }
      let (high0, low0) = product(x[0], multipliers[0])
      let (high1, low1) = product(x[2], multipliers[1])
      x = [high1 ^ x[1] ^ k0, low1, high0 ^ x[3] ^ k1, low0]
    }
    return x
  }

  private static func product(_ x: Words, _ multiplier: UInt64) -> (high: Words, low: Words) {
    let product = x.asType(UInt64.self) * multiplier
    return ((product >> 32).asType(UInt32.self), product.asType(UInt32.self))
  }
}
