@testable import VMap

/// A tensor of the interpreter: elements in row-major order.
struct ReferenceTensor: Hashable {
  let element: ElementType
  let shape: [Int]
  var values: [ReferenceScalar]

  init(_ element: ElementType, _ shape: [Int], _ values: [ReferenceScalar]) {
    self.element = element
    self.shape = shape
    self.values = values
  }

  /// A tensor from what it holds at each index.
  init(
    _ element: ElementType, _ shape: [Int], _ value: (_ index: [Int]) throws -> ReferenceScalar
  ) rethrows {
    var values: [ReferenceScalar] = []
    try ReferenceTensor.forEachIndex(of: shape) { values.append(try value($0)) }
    self.init(element, shape, values)
  }

  /// Floating-point elements.
  init(_ element: ElementType, _ shape: [Int], numbers: [Double]) {
    self.init(element, shape, numbers.map { ReferenceScalar(bits: element.bits($0)) })
  }

  /// Integers, or truth values as 0 and 1.
  init(_ element: ElementType, _ shape: [Int], integers: [Int]) {
    self.init(element, shape, integers.map { ReferenceScalar(bits: element.bits(Int128($0))) })
  }

  var type: TensorType { TensorType(element: element, shape: shape) }

  /// The elements as floating-point numbers.
  var numbers: [Double] { values.map { element.number($0.bits) } }
  /// The elements as integers.
  var integers: [Int] { values.map { Int(truncatingIfNeeded: element.integer($0.bits)) } }

  /// Visits every index, the last dimension fastest.
  static func forEachIndex(of shape: [Int], _ visit: ([Int]) throws -> Void) rethrows {
    if shape.contains(0) { return }
    var index = [Int](repeating: 0, count: shape.count)
    while true {
      try visit(index)
      var dimension = shape.count - 1
      while dimension >= 0 {
        index[dimension] += 1
        if index[dimension] < shape[dimension] { break }
        index[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return }
    }
  }

  subscript(_ index: [Int]) -> ReferenceScalar {
    var offset = 0
    for (position, size) in zip(index, shape) {
      precondition((0..<size).contains(position), "index \(index) in shape \(shape)")
      offset = offset * size + position
    }
    return values[offset]
  }

  /// The tensor of a rank less at one position of a dimension.
  func slice(_ dimension: Int, at position: Int) -> ReferenceTensor {
    var inner = shape
    inner.remove(at: dimension)
    let run = inner[dimension...].reduce(1, *)
    var slice: [ReferenceScalar] = []
    for row in 0..<shape[..<dimension].reduce(1, *) {
      let start = (row * shape[dimension] + position) * run
      slice += values[start..<start + run]
    }
    return ReferenceTensor(element, inner, slice)
  }

  /// Tensors of one type side by side along a new dimension.
  static func stack(
    _ slices: [ReferenceTensor], of type: TensorType, along dimension: Int
  ) -> ReferenceTensor {
    var shape = type.shape
    shape.insert(slices.count, at: dimension)
    let run = type.shape[dimension...].reduce(1, *)
    var values: [ReferenceScalar] = []
    for row in 0..<type.shape[..<dimension].reduce(1, *) {
      for slice in slices { values += slice.values[row * run..<(row + 1) * run] }
    }
    return ReferenceTensor(type.element, shape, values)
  }

  /// The elements as they lie in memory.
  var bytes: [UInt8] {
    values.flatMap { value in
      [value.bits, value.imaginary].prefix(element.partCount).flatMap { bits in
        withUnsafeBytes(of: bits.littleEndian) { Array($0.prefix(element.part.byteCount)) }
      }
    }
  }

  /// Reads elements as they lie in memory.
  init(_ element: ElementType, _ shape: [Int], bytes: [UInt8]) {
    let size = element.byteCount
    self.init(
      element, shape,
      stride(from: 0, to: bytes.count, by: size).map { start in
        func bits(_ bytes: ArraySlice<UInt8>) -> UInt64 {
          bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        let middle = start + element.part.byteCount
        return ReferenceScalar(
          bits: bits(bytes[start..<middle]), imaginary: bits(bytes[middle..<start + size]))
      })
  }
}

extension ReferenceTensor: CustomStringConvertible {
  var description: String {
    "\(type) \(values.map { element.text($0) }.joined(separator: " "))"
  }
}
