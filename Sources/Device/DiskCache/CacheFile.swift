import Glibc

/// The format of a binary on disk: magic, checksum, the two lengths, the key, the binary.
///
/// A driver that is handed a damaged binary may end the process, so that nothing is given to it
/// whose checksum and key were not compared.
enum CacheFile {
  private static let magic = Array("VMAPBIN1".utf8)
  private static let headerCount = 8 + 16 + 8 + 8
  private static let byteLimit = 1 << 30

  static func encode(key: [UInt8], binary: [UInt8]) -> [UInt8] {
    let content = littleEndian(key.count) + littleEndian(binary.count) + key + binary
    return magic + Fingerprint(of: content).bytes + content
  }

  /// The binary, when the file is whole and belongs to the key.
  static func decode(_ file: [UInt8], key: [UInt8]) -> [UInt8]? {
    guard file.count >= headerCount, file.starts(with: magic) else { return nil }
    guard Fingerprint(of: file[24...]).bytes.elementsEqual(file[8..<24]) else { return nil }
    let keyCount = number(file[24..<32])
    let binaryCount = number(file[32..<40])
    guard keyCount == key.count, binaryCount > 0,
      file.count - headerCount - keyCount == binaryCount,
      file[headerCount..<(headerCount + keyCount)].elementsEqual(key)
    else { return nil }
    return Array(file[(headerCount + keyCount)...])
  }

  /// Reads a regular file of this user's that nobody else can write.
  static func read(_ path: String) -> [UInt8]? {
    // A pipe without a writer would be waited for.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & (S_IWGRP | S_IWOTH) == 0,
      status.st_size <= byteLimit
    else { return nil }
    // The time of the last use decides what is dropped first.
    futimens(file, nil)
    let count = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      while filled < count, let start = bytes.baseAddress {
        let step = Glibc.read(file, start + filled, count - filled)
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { return }
        filled += step
      }
    }
  }

  /// Writes a file so that other processes see all of it or nothing.
  static func write(_ bytes: [UInt8], to path: String, through temporary: String) -> Bool {
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return false }
    let isWritten = bytes.withUnsafeBytes { content -> Bool in
      var written = 0
      while written < content.count, let start = content.baseAddress {
        let step = Glibc.write(file, start + written, content.count - written)
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { return false }
        written += step
      }
      return fsync(file) == 0
    }
    let isClosed = close(file) == 0
    if isWritten, isClosed, rename(temporary, path) == 0 { return true }
    unlink(temporary)
    return false
  }

  private static func littleEndian(_ value: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
