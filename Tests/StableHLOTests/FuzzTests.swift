import Foundation
import StableHLO
import Testing
import VMap

@testable import VMapTestSupport

/// Modules with mistakes in them are read or refused: no text traps or hangs.
@Suite(.timeLimit(.minutes(10))) struct FuzzTests {
  /// Pieces that mean something to the reader.
  private static let pieces = [
    "%0", "%arg0", "#1", ":", ",", "(", ")", "{", "}", "[", "]", "<", ">", "=", "->", "x", "-",
    "-1", "0", "9223372036854775807", "99999999999999999999", "0x", "dense<", "array<i64: ",
    "tensor<", "tensor<3xf32>", "tensor<f16>", "i1", "complex<f32>", "stablehlo.add",
    "stablehlo.while", "stablehlo.reduce", "call @main", "^bb0", "\"", "\\", "//", "\n", "loc(",
    "dims = [0]", "#stablehlo.dot<", "true", "\u{0}", "é", "!t = ", "!t = (!t, !t) -> !t\n", "!t",
    "#a = [#a, #a]\n", "#a",
    "tuple<!t, !t>", "\u{feff}", "\u{200b}",
  ].map { Array($0.utf8) }

  private static func pick<Item>(_ items: [Item], _ random: inout SplitMix) -> Item {
    items[Int.random(in: items.indices, using: &random)]
  }

  /// A text with one to four changes.
  private static func mutate(
    _ text: [UInt8], _ other: [UInt8], _ random: inout SplitMix
  ) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard text.count > 2 else { break }
      let place = Int.random(in: 0..<text.count, using: &random)
      let length = min(Int.random(in: 1...20, using: &random), text.count - place)
      switch Int.random(in: 0..<9, using: &random) {
      case 0: text[place] = UInt8.random(in: .min ... .max, using: &random)
      case 1: text.removeSubrange(place..<place + length)
      case 2: text.insert(contentsOf: text[place..<place + length], at: place)
      case 3: text.insert(contentsOf: pick(pieces, &random), at: place)
      case 4: text.removeSubrange(place...)
      case 5, 6: changeNumber(in: &text, after: place, &random)
      case 7: changeOperation(in: &text, after: place, &random)
      default:
        let start = Int.random(in: 0..<other.count, using: &random)
        text.insert(contentsOf: other[start...].prefix(length * 4), at: place)
      }
    }
    return text
  }

  /// Another number in place of the next one.
  private static func changeNumber(
    in text: inout [UInt8], after place: Int, _ random: inout SplitMix
  ) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let start = text[place...].firstIndex(where: digits.contains) else { return }
    let end = text[start...].firstIndex { !digits.contains($0) } ?? text.count
    let number = pick([0, 1, 2, 3, 7, 1 << 20, Int.max], &random)
    text.replaceSubrange(start..<end, with: "\(number)".utf8)
  }

  /// Another operation in place of the next one.
  private static func changeOperation(
    in text: inout [UInt8], after place: Int, _ random: inout SplitMix
  ) {
    let prefix = Array("stablehlo.".utf8)
    guard let start = text[place...].firstRange(of: prefix)?.lowerBound else { return }
    let name = text[start...].prefix {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: ".")
    }
    let names = [
      "add", "negate", "reshape", "transpose", "reverse", "select", "clamp", "iota", "pad",
      "concatenate", "dot_general", "broadcast_in_dim", "dynamic_slice", "dynamic_update_slice",
      "convert", "bitcast_convert", "compare", "power", "while", "reduce", "real",
    ]
    text.replaceSubrange(
      name.startIndex..<name.endIndex,
      with: "stablehlo.\(pick(names, &random))".utf8)
  }

  @Test func changedModules() throws {
    let files = try Modules.files(in: Modules.conformance, ending: ".mlir")
    let texts = try files.map { try Array(Data(contentsOf: $0)) }.filter { $0.count < 4000 }
    #expect(texts.count > 100)
    // More rounds, of other changes, where all is tested.
    let isExhaustive = ProcessInfo.processInfo.environment["VMAP_TEST_ALL"] == "1"
    let rounds = isExhaustive ? 100_000 : 8_000
    var random = SplitMix(state: isExhaustive ? 2 : 1)
    var read = 0
    var kinds: [StableHLOError.Kind: Int] = [:]
    for number in 0..<rounds {
      let text = Self.mutate(
        texts[number % texts.count], Self.pick(texts, &random), &random)
      do throws(StableHLOError) {
        _ = try StableHLO.function(String(decoding: text, as: UTF8.self))
        read += 1
      } catch {
        kinds[error.kind, default: 0] += 1
        #expect(!error.message.isEmpty)
        #expect(error.kind != .syntax || error.line != nil)
      }
    }
    // The changes must reach every stage: some texts are still right, others fail late.
    #expect(read > 100)
    #expect(kinds[.syntax, default: 0] > 1000)
    #expect(kinds[.invalid, default: 0] > 100)
  }
}
