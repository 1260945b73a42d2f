import Foundation
import Testing

@testable import VMap
@testable import VMapTestSupport

/// Archives with changes in them are read, as what they were, or refused.
@Suite(.timeLimit(.minutes(2))) struct ArchiveFuzzTests {
  private let folder: ArchiveFolder
  private let tensors: [String: AnyTensor]

  init() throws {
    folder = try ArchiveFolder()
    tensors = [
      "w": try .counting(.float32, [2, 3]), "b": try .counting(.int8, [5]),
      "s": try .counting(.complex64, []),
    ]
  }

  private func change(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    for _ in 0..<Int.random(in: 1...3, using: &random) where bytes.count > 4 {
      let place = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(UInt8(ascii: "9"), at: place)
      case 3: bytes[place] = 0xff
      case 4: bytes[place] ^= 1 << Int.random(in: 0..<8, using: &random)
      case 5:
        let from = Int.random(in: bytes.indices, using: &random)
        let count = min(8, bytes.count - max(place, from))
        bytes.replaceSubrange(place..<place + count, with: bytes[from..<from + count])
      default: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      }
    }
  }

  /// - Returns: How many of the changed files were read.
  private func run(_ bytes: [UInt8], seed: UInt64, areChecked: Bool) throws -> Int {
    var random = SplitMix(state: seed)
    var read = 0
    for _ in 0..<1500 {
      var changed = bytes
      change(&changed, &random)
      do {
        for (name, tensor) in try folder.read(changed) where areChecked {
          // What passes the checksum is what was written.
          #expect(try tensor.elementBytes() == tensors[name].map { try $0.elementBytes() } ?? [])
        }
        read += 1
      } catch {
        #expect(error is VMapError)
      }
    }
    return read
  }

  @Test func changedStoredMembers() throws {
    #expect(try run(folder.archive(tensors, .npz), seed: 1, areChecked: true) > 20)
  }

  /// A file of `np.savez_compressed`.
  @Test func changedDeflatedMembers() throws {
    let bytes = Array(try #require(Data(base64Encoded: compressedArchive)))
    let read = try folder.read(bytes)
    #expect(Set(read.keys) == Set(tensors.keys))
    for (name, tensor) in tensors {
      #expect(read[name]?.type == tensor.type)
      #expect(try read[name]?.elementBytes() == tensor.elementBytes())
    }
    #expect(try run(bytes, seed: 2, areChecked: true) > 20)
  }

  @Test func changedSafeTensors() throws {
    #expect(try run(folder.archive(tensors, .safetensors), seed: 3, areChecked: false) > 20)
  }
}

/// What NumPy 2.4 writes of ``ArchiveFuzzTests``' tensors with `np.savez_compressed`.
private let compressedArchive = """
  UEsDBC0AAAAIAAAAIQDO33I5//////////8FABQAdy5ucHkBABAAmAAAAAAAAABeAAAAAAAAAJvsF+obEMnIUMZQrZ\
  6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgZGJmYWVjZ2Dk4u\
  bh5ePn4BQSFhEVExcQBQSwMELQAAAAgAAAAhALO7JsP//////////wUAFABiLm5weQEAEACFAAAAAAAAAEkAAAAAAA\
  AAm+wX6hsQychQxlCtnpJanFykbqWgXpNpqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkapjqaOgq1ChQA\
  LgZGJmYWAFBLAwQtAAAACAAAACEA3gdoMf//////////BQAUAHMubnB5AQAQAIgAAAAAAAAASgAAAAAAAACb7BfqGx\
  DJyFDGUK2eklqcXKRupaBuk2yhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqaOgq1ChQBLgZGJmYWVjZ2\
  AFBLAQItAy0AAAAIAAAAIQDO33I5XgAAAJgAAAAFAAAAAAAAAAAAAACAAQAAAAB3Lm5weVBLAQItAy0AAAAIAAAAIQ\
  CzuybDSQAAAIUAAAAFAAAAAAAAAAAAAACAAZUAAABiLm5weVBLAQItAy0AAAAIAAAAIQDeB2gxSgAAAIgAAAAFAAAA\
  AAAAAAAAAACAARUBAABzLm5weVBLBQYAAAAAAwADAJkAAACWAQAAAAA=
  """
