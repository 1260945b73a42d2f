import Testing

@testable import VMap
@testable import VMapTestSupport

/// Operations that move elements without computing any.
@Suite struct ViewTests {
  /// A type of each size, and the one whose memory and registers differ.
  static let types: [ElementType] = [.float32, .float64, .int8, .complex64, .bool]

  /// Each with the shape of its operand.
  static let views: [(operation: any Operation, shape: [Int])] = [
    (Transpose(permutation: [1, 0]), [2, 3]),
    (Transpose(permutation: [2, 0, 1]), [2, 3, 5]),
    (Transpose(permutation: []), []),
    (Reshape(shape: [3, 2]), [2, 3]),
    (Reshape(shape: [6]), [2, 3]),
    (Reshape(shape: [1, 7, 1]), [7]),
    (Reshape(shape: []), [1, 1]),
    (Reshape(shape: [0, 4]), [3, 0]),
    (Barrier(number: 1), [2, 3]),
    (Reverse(dimensions: [0]), [5]),
    (Reverse(dimensions: [1]), [2, 3]),
    (Reverse(dimensions: [0, 1]), [2, 3]),
    (Slice(starts: [1], limits: [6], strides: [2]), [7]),
    (Slice(starts: [0, 2], limits: [3, 5], strides: [2, 3]), [3, 5]),
    (Slice(starts: [2], limits: [2], strides: [1]), [3]),
    (Broadcast(shape: [3], dimensions: []), []),
    (Broadcast(shape: [2, 3], dimensions: [1]), [3]),
    (Broadcast(shape: [2, 3], dimensions: [0]), [2]),
    (Broadcast(shape: [2, 3, 5], dimensions: [0, 2]), [1, 5]),
    (Broadcast(shape: [3, 0], dimensions: [0]), [3]),
  ]

  @Test(arguments: ElementType.allCases)
  func everyPlacement(type: ElementType) throws {
    for view in Self.views {
      let check = BatchCheck(view.operation, [.moderate(type, view.shape)])
      expectNone(try check.interpreterMismatches())
    }
  }

  /// Views of several shapes in one program.
  @Test(arguments: types)
  func onDevice(type: ElementType) throws {
    for views in [Self.views[..<9], Self.views[9...]] {
      let inputs = views.enumerated().map {
        BatchCheck.Input.moderate(type, $1.shape, seed: $0)
      }
      var check = BatchCheck("views", inputs) { trace, x in
        zip(views, x).map { trace.emit($0.operation, [$1])[0] }
      }
      check.sizes = [0, 1, 17]
      check.widths = type == .float32 ? .scalar : .own
      // All combinations of so many arguments would take for ever.
      expectNone(try check.deviceMismatches(at: check.representatives))
    }
  }

  @Test func viewsOfViews() throws {
    var check = BatchCheck("views of views", [.moderate(.int32, [4, 6])]) { trace, x in
      let reversed = trace.emit(Reverse(dimensions: [1]), x)
      let turned = trace.emit(Transpose(permutation: [1, 0]), reversed)
      let part = trace.emit(Slice(starts: [1, 0], limits: [6, 4], strides: [2, 1]), turned)
      let flat = trace.emit(Reshape(shape: [2, 6]), part)
      return trace.emit(Broadcast(shape: [2, 3, 6], dimensions: [0, 2]), flat) + turned
    }
    check.widths = .every
    expectNone(try check.mismatches())
  }

  @Test(arguments: ElementType.allCases.filter { $0 != .bool })
  func iota(type: ElementType) throws {
    let check = BatchCheck("iota", [.moderate(type, [2, 5])]) { trace, x in
      let counts = [0, 1].map { dimension in
        trace.emit(
          Iota(type: TensorType(element: type, shape: [2, 5]), dimension: dimension), [])[0]
      }
      let add = Elementwise("add", .numbers(2), .add)
      return counts + counts.map { trace.emit(add, [$0, x[0]])[0] }
    }
    expectNone(try check.interpreterMismatches())
    if Self.types.contains(type) {
      expectNone(try check.deviceMismatches())
    }
  }

  @Test(arguments: types)
  func constants(type: ElementType) throws {
    let values = Samples.special(type).map {
      ScalarLiteral(type: type, bits: $0.bits, imaginaryBits: $0.imaginary)
    }
    let maximum = Elementwise("max", .ordered(2), .maximum)
    let multiply = Elementwise("mul", .numbers(2), .multiply)
    var check = BatchCheck("constants", [.moderate(type, [2])]) { trace, x in
      let literals = values.map { trace.emit(Literal(value: $0), [])[0] }
      // Once for each example, and once in an operation with something that varies.
      let mixed = literals.map { literal in
        trace.emit(type.isComplex ? multiply : maximum, [literal, x[0]])[0]
      }
      return literals + mixed
    }
    check.sizes = [0, 3, 17]
    expectNone(try check.mismatches())
  }
}
