/// Counts that no size overflows.
extension Int {
  /// The least power of two that is not less; the greatest power of two where none is.
  var roundedUpToPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << Swift.min(Int.bitWidth - 2, Int.bitWidth - (self - 1).leadingZeroBitCount)
  }

  /// How many pieces of a size cover so many.
  func dividedUp(by size: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: size)
    return remainder > 0 ? quotient + 1 : quotient
  }

  /// The product of two counts; the largest `Int` where it has no room in one.
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The sum of two counts; the largest `Int` where it has no room in one.
  func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

extension Sequence<Int> {
  /// The product of sizes and a count: 0 where one of them is, whatever the others are, and the largest
  /// `Int` where it has no room in one.
  func saturatingProduct(times count: Int = 1) -> Int {
    var product = count
    for size in self {
      if size == 0 { return 0 }
      product = product.saturatingProduct(size)
    }
    return product
  }
}
