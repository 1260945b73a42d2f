/// What lies around the left operand of a convolution.
public enum ConvolutionPadding: Sendable, Hashable {
  /// Nothing.
  case valid
  /// So much that the result has the size of the operand, divided by the stride and rounded up; an odd
  /// amount has more at the end.
  case same
  /// As ``same``, with more at the start.
  case sameLower
  /// For each dimension in space, how much comes before and after; negative amounts cut off.
  case explicit([[Int]])
}

/// The general convolution, with strides, padding, dilation and groups.
///
///     convGeneralDilated(x, w, windowStrides: [2], padding: .same)  // [1, 3, 8], [4, 3, 3] → [1, 4, 4]
///
/// - Parameters:
///   - lhs: The operand, by default batch, features, then the dimensions in space.
///   - rhs: The kernel, by default features of the result, features, then the dimensions in space.
///   - windowStrides: How far the kernel moves along each dimension in space.
///   - padding: What lies around the operand, once it is spread out.
///   - lhsDilation: How far apart the elements of the operand are spread; 1 where it is left out.
///   - rhsDilation: How far apart those of the kernel are spread.
///   - dimensionNumbers: What the dimensions of the operand, the kernel and the result are, such as
///     `("NHWC", "HWIO", "NHWC")`.
///   - featureGroupCount: In how many groups the features fall, which do not mix.
///   - batchGroupCount: In how many groups the batch falls, which give different features.
///
/// Shapes and numbers that do not fit give a tensor whose reading throws. After
/// `lax.conv_general_dilated`.
public func convGeneralDilated<Scalar: TensorNumber>(
  _ lhs: Tensor<Scalar>, _ rhs: Tensor<Scalar>, windowStrides: [Int],
  padding: ConvolutionPadding, lhsDilation: [Int]? = nil, rhsDilation: [Int]? = nil,
  dimensionNumbers: (String, String, String)? = nil, featureGroupCount: Int = 1,
  batchGroupCount: Int = 1
) -> Tensor<Scalar> {
  Tensor(lhs.handle, rhs.handle) {
    let (left, right) = (lhs.handle.sizes, rhs.handle.sizes)
    let ones = [Int](repeating: 1, count: max(0, left.count - 2))
    let order = Array(left.indices)
    var convolution = Convolution(
      dimensions: (order, order, order),
      window: Convolution.Window(
        strides: windowStrides, padding: ones.map { _ in [0, 0] },
        leftDilation: lhsDilation ?? ones, rightDilation: rhsDilation ?? ones,
        reversal: ones.map { _ in 0 }),
      featureGroups: featureGroupCount, batchGroups: batchGroupCount)
    if let (operand, kernel, result) = dimensionNumbers {
      convolution.dimensions = try Convolution.dimensions(operand, kernel, result)
    }
    // The sizes are held against each other before padding is made of them.
    if case .explicit(let amounts) = padding {
      convolution.window.padding = amounts
    } else {
      let element = lhs.handle.element
      let types = [left, right].map { TensorType(element: element, shape: $0) }
      _ = try convolution.resultTypes(types)
      try convolution.pad(left, right, padding)
    }
    return try .step(convolution, lhs.handle, rhs.handle)
  }
}

/// The convolution with strides, of dimensions in the default order.
///
///     conv(x, w, windowStrides: [1, 1], padding: .valid)  // [1, 3, 8, 8], [4, 3, 3, 3] → [1, 4, 6, 6]
///
/// After `lax.conv`. Parameters as for
/// ``convGeneralDilated(_:_:windowStrides:padding:lhsDilation:rhsDilation:dimensionNumbers:featureGroupCount:batchGroupCount:)``.
public func conv<Scalar: TensorNumber>(
  _ lhs: Tensor<Scalar>, _ rhs: Tensor<Scalar>, windowStrides: [Int],
  padding: ConvolutionPadding
) -> Tensor<Scalar> {
  convGeneralDilated(lhs, rhs, windowStrides: windowStrides, padding: padding)
}

/// The convolution of images of several channels.
///
///     conv2d(x, w, padding: .same)     // [3, 8, 8], [4, 3, 3, 3] → [4, 8, 8]
///
/// - Parameters:
///   - x: An image, of shape `[channels, height, width]`, or a batch of them.
///   - w: The kernel, of shape `[features, channels, height, width]`.
///   - stride: How far the kernel moves.
///   - padding: What lies around the image.
///
/// Shapes that do not fit give a tensor whose reading throws. After `torch.nn.functional.conv2d`.
public func conv2d<Scalar: TensorNumber>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, stride: Int = 1, padding: ConvolutionPadding = .valid
) -> Tensor<Scalar> {
  let isImage = x.rank == 3
  let result = conv(
    isImage ? x.expandedDimension(at: 0) : x, w, windowStrides: [stride, stride], padding: padding)
  return isImage ? result.squeezed(0) : result
}

/// How much of the convolution of two vectors is given.
public enum ConvolveMode: String, Sendable, Hashable {
  /// Every place where they overlap.
  case full
  /// As many places as the longer one has, in the middle.
  case same
  /// Where they overlap entirely.
  case valid
}

/// The convolution of two vectors, one of them turned round.
///
///     convolve(v, w)     // [5], [3] → [7]
///
/// Operands that are not vectors with elements give a tensor whose reading throws. After
/// `jnp.convolve`; whole numbers stay whole, as in NumPy.
public func convolve<Scalar: TensorNumber>(
  _ a: Tensor<Scalar>, _ v: Tensor<Scalar>, mode: ConvolveMode = .full
) -> Tensor<Scalar> {
  Tensor(a.handle, v.handle) {
    let (first, second) = (a.handle.sizes, v.handle.sizes)
    guard first.count == 1, second.count == 1, first != [0], second != [0] else {
      throw VMapError(
        .shapeMismatch,
        "convolve: takes vectors with elements, got shapes \(first.shapeText) and "
          + "\(second.shapeText)")
    }
    let isSwapped = first[0] < second[0]
    let (long, short) = isSwapped ? (v.handle, a.handle) : (a.handle, v.handle)
    let size = short.sizes[0]
    let padding: [Int] =
      switch mode {
      case .full: [size - 1, size - 1]
      case .same: [size / 2, size - size / 2 - 1]
      case .valid: [0, 0]
      }
    let convolution = Convolution(
      dimensions: ([0, 1, 2], [0, 1, 2], [0, 1, 2]),
      window: Convolution.Window(
        strides: [1], padding: [padding], leftDilation: [1], rightDilation: [1], reversal: [1]))
    let result: TensorHandle = try .step(
      convolution, try .step(Reshape(shape: [1, 1, long.sizes[0]]), long),
      try .step(Reshape(shape: [1, 1, size]), short))
    return try .step(Reshape(shape: [result.sizes[2]]), result)
  }
}

extension Convolution {
  /// The padding for a result as large as the operand, divided by the stride.
  fileprivate mutating func pad(
    _ left: [Int], _ right: [Int], _ padding: ConvolutionPadding
  ) throws(VMapError) {
    if padding == .valid { return }
    guard window.leftDilation.allSatisfy({ $0 == 1 }) else {
      throw VMapError(
        .invalidArgument, "conv_general_dilated: lhs_dilation goes with explicit padding")
    }
    for d in window.strides.indices {
      let size = left[dimensions.left[d + 2]]
      let stride = window.strides[d]
      let kernel = Self.dilated(
        right[dimensions.right[d + 2]], by: window.rightDilation[d])
      let last = size == 0 ? 0 : (size - 1) / stride * stride
      // How far the last window reaches beyond the end.
      let (reach, overflow) = last.addingReportingOverflow(kernel ?? .max)
      guard !overflow else {
        throw VMapError(.sizeOverflow, "conv_general_dilated: the kernel is too large for an Int")
      }
      let total = size == 0 ? 0 : max(0, reach - size)
      let less = total / 2
      window.padding[d] = padding == .same ? [less, total - less] : [total - less, less]
    }
  }

  /// Which dimensions are what, from letters such as NHWC, HWIO and NHWC.
  fileprivate static func dimensions(
    _ operand: String, _ kernel: String, _ result: String
  ) throws(VMapError) -> (left: [Int], right: [Int], result: [Int]) {
    let names = [operand, kernel, result].map { Array($0) }
    let leading: [[Character]] = [["N", "C"], ["O", "I"], ["N", "C"]]
    // Those in space are in the order that the kernel has them in.
    let inSpace = names[1].filter { !leading[1].contains($0) }
    var places: [[Int]] = []
    for (letters, first) in zip(names, leading) {
      let order = (first + inSpace).compactMap { letters.firstIndex(of: $0) }
      guard order.count == letters.count, order.count == inSpace.count + 2,
        Set(letters).count == letters.count
      else {
        throw VMapError(
          .invalidArgument,
          "conv_general_dilated: dimensionNumbers should be such as NHWC, HWIO and NHWC, "
            + "got \(operand), \(kernel) and \(result)")
      }
      places.append(order)
    }
    return (places[0], places[1], places[2])
  }
}
