/// The 128-bit FNV-1a hash: the same in every process, unlike the standard library's.
///
/// It names files and finds damage; it is no protection against an attacker, which is the
/// directory's business.
struct Fingerprint: Hashable {
  let value: UInt128

  init<Bytes: Sequence>(of bytes: Bytes) where Bytes.Element == UInt8 {
    let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
    var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    for byte in bytes { hash = (hash ^ UInt128(byte)) &* prime }
    value = hash
  }

  /// The hash in 32 hexadecimal digits.
  var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  /// The hash as 16 bytes, the lowest first.
  var bytes: [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: value >> (UInt128($0) * 8)) } }
}
