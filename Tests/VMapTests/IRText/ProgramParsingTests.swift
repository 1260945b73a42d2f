import Foundation
import Testing

@testable import VMap

/// What is printed reads back, and what is no program is a typed error.
@Suite struct ProgramParsingTests {
  @Test(arguments: SamplePrograms.all.map(\.name)) func roundTrip(name: String) throws {
    let program = try SamplePrograms.make(name)
    for program in [program, program.simplified(), program.sized, try program.sized.batched()] {
      let text = program.text
      let read = try Program(parsing: text)
      #expect(read.text == text)
      #expect(read.inputCount == program.inputCount)
      #expect(read.axes == program.axes)
      #expect(read.operationNames == program.operationNames)
    }
  }

  /// The bits of every constant survive.
  @Test func constants() throws {
    for literal in SamplePrograms.literals {
      let text = "{ lambda ; . let\n  in (\(literal.typedText),) }"
      let program = try Program(parsing: text)
      #expect(program.text == text)
      #expect((program.body.instructions.first?.operation as? Literal)?.value == literal)
    }
  }

  /// A constant that is used in a region and around it is one value where it is in scope.
  @Test func sharedConstants() throws {
    let program = try Program(parsing: try SamplePrograms.loop().text)
    let constants = program.body.instructions.count { $0.operation is Literal }
    #expect(constants == 1)
  }

  @Test(arguments: [
    ("", "line 1, column 1: expected \"{\", found the end"),
    ("{ lambda ; a:f32[2]. let\n  in (b,) }", "line 2, column 7: there is no value b here"),
    ("{ lambda ; a:f32[2] a:f32[]. let in () }", "line 1, column 21: there is a value a already"),
    (
      "{ lambda ; a:f128[2]. let in () }",
      "line 1, column 14: expected an element type, found \"f128\""
    ),
    ("{ lambda ; a:f32[-2]. let in () }", "line 1, column 18: -2 is not an extent"),
    (
      "{ lambda ; a:f32[2]{a0}. let in () }",
      "line 1, column 21: expected an axis, in ascending order"
    ),
    ("{ lambda ; a:f32[2]. let é in () }", "line 1, column 26: no word of a program starts here"),
    (
      "{ lambda ; a:f32[2]. let\n    b:f32[3] = neg a\n  in (b,) }",
      "line 2, column 7: the type is f32[2], not f32[3]"
    ),
    (
      "{ lambda ; a:f32[2]. let\n    b:f32[2] = neg a a\n  in (b,) }",
      "line 2, column 16: neg: does not take 2 operands"
    ),
    (
      "{ lambda ; a:f32[2]. let\n    b:f32[2] = foo a\n  in (b,) }",
      "line 2, column 16: there is no operation named foo"
    ),
    (
      "{ lambda ; a:f32[2]. let\n    b:f32[2] = neg[x=1] a\n  in (b,) }",
      "line 2, column 16: neg: takes the attributes [], got [x=1]"
    ),
    (
      "{ lambda ; a:f32[2]. let\n    b:f32[2] = add a b\n  in (b,) }",
      "line 2, column 22: there is no value b here"
    ),
    (
      "{ lambda ; a:f32[2]. let\n    b:f32[2] = add a 1:bool[]\n  in (b,) }",
      "line 2, column 22: 1 is no constant of type bool"
    ),
    ("{ axes a0:3 \"x ; lambda ; . let in () }", "line 1, column 13: the string"),
  ]) func errors(text: String, message: String) throws {
    do {
      _ = try Program(parsing: text)
      Issue.record("\(text) should not be read")
    } catch {
      #expect(error.kind == .parse)
      #expect(error.message.hasPrefix(message))
    }
  }

  /// Loops whose regions do not fit their state.
  @Test func loops() throws {
    let text = try SamplePrograms.loop().text
    let changes = [
      ("m:f32[3]{a0} n:i32[]{a0}", "m:f32[4]{a0} n:i32[]{a0}"),
      ("m:f32[3]{a0} n:i32[]{a0}", "m:f32[3]{a0} n:i32[]"),
      ("m:f32[3]{a0} n:i32[]{a0}", "m:f32[3]{a0}"), ("(p, q)", "(p,)"), ("(l,)", "(h,)"),
      ("(l,)", "()"), ("= while c 0:i32[]", "= while c"), ("= while c 0:i32[]", "= while"),
      ("{ body:", "{ tail:"), ("e:f32[3]{a0} f:i32[]{a0}", "e:f32[3]{a0}"),
    ]
    for (old, new) in changes {
      let pieces = text.split(separator: old, maxSplits: 1)
      try #require(pieces.count == 2)
      #expect(throws: VMapError.self) { try Program(parsing: "\(pieces[0])\(new)\(pieces[1])") }
    }
  }

  /// A loop's state that is said to vary, and has no reason to.
  @Test func axesWithoutReason() throws {
    let text = """
      { axes a0:3 ; lambda ; a:f32[]. let
          b:f32[]{a0} = while a
            { cond: c:f32[]{a0}. let
              in (True:bool[],) }
            { body: d:f32[]{a0}. let
                e:f32[]{a0} = neg d
              in (e,) }
          f:f32[3] = unbind_axis[axis=0 dimension=0] b
        in (f,) }
      """
    do {
      _ = try Program(parsing: text)
      Issue.record("the axes should be refused")
    } catch {
      #expect(error.message == "line 2, column 7: the type is f32[], not f32[]{a0}")
    }
  }

  /// Nesting and sizes beyond all measure.
  @Test func extremes() {
    let deep = 100_000
    let texts = [
      "{ lambda ; a:f32[\(String(repeating: "product(", count: deep))",
      "{ lambda ; . let a:f32[] = x[y=\(String(repeating: "(", count: deep))",
      "{ lambda ; . let \(String(repeating: "= while { cond: . let ", count: deep))",
      "{ lambda ; a:f32[99999999999999999999]. let in () }",
      "{ lambda ; a:f32[1000000000,1000000000]. let in () }",
      "{ lambda ; a:f32[0,100000000000000,100000000000000]. let b:f32[0] = "
        + "reshape[new_sizes=(0,)] a in (b,) }",
      "{ lambda ; . let in (1e999:f32[],) }", "{ lambda ; . let in (300:u8[],) }",
      "{ lambda ; . let in (nan(0x1):f32[],) }", "{ lambda ; . let in (nan:i32[],) }",
      "{ lambda ; . let a:f32[] = iota[dtype=f32 shape=(-1,) dimension=0] in (a,) }",
    ]
    for text in texts { #expect(throws: VMapError.self) { try Program(parsing: text) } }
  }

  /// Every beginning of a text (of a long one, some), and texts with bytes changed: a program or a
  /// typed error.
  @Test(arguments: SamplePrograms.all.map(\.name)) func damage(name: String) throws {
    let bytes = Array(try SamplePrograms.make(name).text.utf8)
    let amount = ProcessInfo.processInfo.environment["VMAP_TEST_ALL"] == "1" ? 4 : 1
    for length in stride(from: 0, to: bytes.count, by: 1 + bytes.count / (250 * amount)) {
      let text = String(decoding: bytes[..<length], as: UTF8.self)
      #expect(throws: VMapError.self) { try Program(parsing: text) }
    }
    var state = UInt64(bytes.count)
    func random(below count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    let alphabet = Array("{}[]().,:;= ab0159-\"\\\nnf".utf8)
    for _ in 0..<50_000 * amount / bytes.count {
      var damaged = bytes
      for _ in 0...random(below: 3) {
        let position = random(below: damaged.count)
        switch random(below: 4) {
        case 0: damaged[position] ^= UInt8(1 << random(below: 8))
        case 1: damaged.remove(at: position)
        case 2: damaged[position] = bytes[random(below: bytes.count)]
        default: damaged.insert(alphabet[random(below: alphabet.count)], at: position)
        }
      }
      do {
        let program = try Program(parsing: String(decoding: damaged, as: UTF8.self))
        #expect(try Program(parsing: program.text).text == program.text)
      } catch {
        #expect(error.kind == .parse)
      }
    }
  }
}
