import CDLPack
import Device

/// Elements in memory of the host that lie at any distances from each other.
struct StridedElements {
  let type: TensorType
  /// How many bytes lie between elements along each dimension.
  private let strides: [Int]
  private let start: UnsafeRawPointer?

  /// As many dimensions as NumPy's arrays can have: with more of them the number is no number of dimensions.
  static let maximumRank = 64

  /// Checks what a library says of its elements, as far as that is possible.
  init(_ tensor: DLTensor) throws(VMapError) {
    let devices = [kDLCPU, kDLCUDAHost, kDLROCMHost].map { DLDeviceType($0) }
    guard devices.contains(tensor.device.device_type) else {
      throw VMapError(
        .invalidArgument,
        "the tensor is on a device of type \(tensor.device.device_type), expected memory of the host: "
          + devices.map(String.init).joined(separator: ", "))
    }
    guard (0...StridedElements.maximumRank).contains(Int(tensor.ndim)) else {
      throw VMapError(
        .invalidArgument,
        "the tensor has \(tensor.ndim) dimensions, expected 0 to \(StridedElements.maximumRank)")
    }
    let type = tensor.dtype
    guard
      let element = ElementType.allCases.first(where: { element in
        let known = DLDataType(element)
        return (known.code, known.bits, known.lanes) == (type.code, type.bits, type.lanes)
      })
    else {
      throw VMapError(
        .typeMismatch,
        "elements of code \(type.code) with \(type.bits) bits and \(type.lanes) lanes are not supported"
      )
    }
    let rank = Int(tensor.ndim)
    guard rank == 0 || tensor.shape != nil else {
      throw VMapError(.invalidArgument, "the tensor has \(rank) dimensions and no sizes")
    }
    var shape: [Int] = []
    if let sizes = tensor.shape { shape = (0..<rank).map { Int(sizes[$0]) } }
    try shape.check()
    let width = element.byteCount
    _ = try Storage.byteCount(of: element, shape)
    let isEmpty = shape.contains(0)
    var strides = [Int](repeating: 0, count: rank)
    var (reach, rowMajor) = (0, 1)
    for dimension in (0..<rank).reversed() where !isEmpty {
      let stride = tensor.strides.map { Int($0[dimension]) } ?? rowMajor
      rowMajor *= shape[dimension]
      // An index along one dimension of one element is always 0.
      if shape[dimension] == 1 { continue }
      let (bytes, isTooFar) = stride.multipliedReportingOverflow(by: width)
      let (distance, isTooLong) = bytes.multipliedReportingOverflow(by: shape[dimension] - 1)
      let (sum, isTooMuch) = reach.addingReportingOverflow(Int(clamping: distance.magnitude))
      guard !isTooFar, !isTooLong, !isTooMuch else {
        throw VMapError(
          .sizeOverflow, "stride \(stride) of dimension \(dimension) leads out of memory")
      }
      strides[dimension] = bytes
      reach = sum
    }
    guard isEmpty || tensor.data != nil, let offset = Int(exactly: tensor.byte_offset) else {
      throw VMapError(.invalidArgument, "the tensor has elements and no memory")
    }
    self.type = TensorType(element: element, shape: shape)
    self.strides = strides
    start = tensor.data.map { UnsafeRawPointer($0) + offset }
  }

  /// Whether elements lie one after another in row-major order.
  private var isRowMajor: Bool {
    var expected = type.element.byteCount
    for (size, stride) in zip(type.shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// The elements where they are, if that is possible and no copy is asked for, or a copy of them.
  ///
  /// - Parameter owner: Kept for as long as elements that stay where they are are used.
  func storage(keeping owner: any Sendable, copying: Bool) throws(VMapError) -> Storage {
    let format = StoredFormat(element: type.element, isBigEndian: false)
    let byteCount = try Storage.byteCount(of: type.element, type.shape)
    if !copying, byteCount > 0, isRowMajor, format.isNative,
      let bytes = HostBytes(
        lent: UnsafeRawBufferPointer(start: start, count: byteCount), by: owner),
      let storage = try Storage(type, in: bytes)
    {
      return storage
    }
    let storage = try Storage(
      inPieces: type.element, type.shape, in: try Context.forTensors())
    var source = StridedSource(start, type, strides)
    _ = try storage.fill(from: &source, in: format)
    return storage
  }
}

/// Elements at any distances as the bytes of a row-major tensor.
struct StridedSource: ByteSource {
  private let width: Int
  private let sizes: [Int]
  private let strides: [Int]
  /// The next element, as an index for each dimension and as its place.
  private var index: [Int]
  private var place: UnsafeRawPointer?
  /// How many elements are left.
  private var rest: Int

  init(_ start: UnsafeRawPointer?, _ type: TensorType, _ strides: [Int]) {
    width = type.element.byteCount
    // A first dimension makes a scalar a row.
    sizes = [1] + type.shape
    self.strides = [0] + strides
    index = sizes.map { _ in 0 }
    place = start
    rest = sizes.saturatingProduct()
  }

  var byteCount: Int? { rest * width }

  mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
    let last = sizes.count - 1
    var filled = 0
    while rest > 0, let from = place, let to = target.baseAddress {
      let count = min(sizes[last] - index[last], (target.count - filled) / width)
      if count == 0 { break }
      let stride = strides[last]
      if stride == width {
        (to + filled).copyMemory(from: from, byteCount: count * width)
      } else {
        for number in 0..<count {
          (to + filled + number * width).copyMemory(from: from + number * stride, byteCount: width)
        }
      }
      filled += count * width
      rest -= count
      advance(by: count)
    }
    return filled
  }

  /// Goes on along the last dimension, and to the next row at its end.
  private mutating func advance(by count: Int) {
    var step = count
    for dimension in index.indices.reversed() {
      index[dimension] += step
      place = place.map { $0 + step * strides[dimension] }
      if index[dimension] < sizes[dimension] || dimension == 0 { return }
      place = place.map { $0 - index[dimension] * strides[dimension] }
      index[dimension] = 0
      step = 1
    }
  }
}
