/// The sizes in which memory is asked from the driver.
enum SizeClass {
  /// The smallest size, which is also the alignment that the driver gives.
  static let minimum = 128

  /// The size of the block for a request: the request rounded up to one of eight steps between two
  /// powers of two, so that at most an eighth is wasted and nearby requests share blocks.
  ///
  /// - Returns: Nil when the size does not fit an integer.
  static func capacity(for byteCount: Int) -> Int? {
    guard byteCount > minimum else { return minimum }
    let exponent = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount
    let step = max(minimum, 1 << max(0, exponent - 3))
    let (padded, overflow) = byteCount.addingReportingOverflow(step - 1)
    return overflow ? nil : padded & ~(step - 1)
  }
}
