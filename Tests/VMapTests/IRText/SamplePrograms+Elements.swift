@testable import VMap

extension SamplePrograms {
  /// Constants whose bits are hard to print, as operands and results.
  static func constants() throws -> Program {
    let s = ProgramSketch()
    var results: [TensorHandle] = []
    for literal in literals {
      let value = s.emit(Literal(value: literal))
      results.append(literal.type == .bool ? s.apply("not", value) : s.apply("neg", value))
    }
    results.append(s.constant(-0.0, .float64))
    return try s.trace.finish(results: results)
  }

  static let literals: [ScalarLiteral] = {
    let floats: [UInt64] = [
      0, 0x8000_0000, 1, 0x8000_0001, 0x007f_ffff, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000,
      0x7fc0_0000, 0xffc0_0000, 0x7fc0_0001, 0x7f80_0001, 0xffff_ffff, 0x3dcc_cccd, 0x4b80_0000,
    ]
    let doubles: [UInt64] = [
      0, 1 << 63, 1, 0x7fef_ffff_ffff_ffff, 0x7ff0_0000_0000_0000, 0xfff0_0000_0000_0000,
      0x7ff8_0000_0000_0000, 0x7ff8_0000_dead_beef, 0xfff0_0000_0000_0001, 0x3fb9_9999_9999_999a,
    ]
    let integers: [ScalarLiteral] = ElementType.allCases.filter(\.isInteger).flatMap { type in
      [.lowest(type), .highest(type), .zero(type), ScalarLiteral(integer: -3, as: type)]
    }
    let halves: [UInt64] = [
      0, 0x8000, 1, 0x03ff, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0xfe00, 0x7e01, 0x7c01, 0x2e66,
    ]
    let upperHalves: [UInt64] = [
      0, 0x8000, 1, 0x007f, 0x7f7f, 0x7f80, 0xff80, 0x7fc0, 0xffc0, 0x7fc1, 0x7f81, 0x3dcd,
    ]
    return floats.map { ScalarLiteral(type: .float32, bits: $0) }
      + doubles.map { ScalarLiteral(type: .float64, bits: $0) } + integers
      + halves.map { ScalarLiteral(type: .float16, bits: $0) }
      + upperHalves.map { ScalarLiteral(type: .bfloat16, bits: $0) }
      + [.zero(.bool), .one(.bool)]
      + zip(floats, floats.reversed()).map {
        ScalarLiteral(type: .complex64, bits: $0, imaginaryBits: $1)
      }
      + zip(doubles, doubles.reversed()).map {
        ScalarLiteral(type: .complex128, bits: $0, imaginaryBits: $1)
      }
  }()

  /// Each elementwise operation on the first types that it takes.
  static func elementwise() throws -> Program {
    let s = ProgramSketch()
    let batch = s.axis(.n0)
    var inputs: [ElementType: TensorHandle] = [:]
    for type in ElementType.allCases { inputs[type] = s.bind(s.input(type, .n0, 2), batch) }
    var results: [TensorHandle] = []
    for operation in Elementwise.all {
      let arity = operation.signature.arity
      let choices: [[ElementType]] = ElementType.allCases.flatMap { type in
        [[type], [.bool, type, type]].map { Array(($0 + [type, type]).prefix(arity)) }
      }
      guard let types = choices.first(where: { operation.signature.result($0) != nil }) else {
        continue
      }
      let operands = types.compactMap { inputs[$0] }
      results.append(s.unbind(s.trace.emit(operation, operands)[0], batch, 1))
    }
    return try s.trace.finish(results: results)
  }
}
