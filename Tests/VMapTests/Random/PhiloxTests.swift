import Testing

@testable import VMap

/// The generators beside the known answers of Random123, and Philox keys beside `impl="philox4x32"` of
/// JAX 0.10.2.
@Suite struct PhiloxTests {
  typealias Words = Tensor<UInt32>

  @Test(arguments: [
    (
      [0, 0, 0, 0] as [UInt32], [0, 0] as [UInt32],
      [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8] as [UInt32]
    ),
    (
      [.max, .max, .max, .max], [.max, .max],
      [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
    ),
    (
      [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
      [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
    ),
  ])
  func philoxAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) throws {
    let block = vmap { (c: Words, k: Words) in
      stack(Philox.block((k[0], k[1]), (0..<4).map { c[$0] }))
    }
    // At different lanes.
    let (counters, keys) = (Words([counter, counter, counter]), Words([key, key, key]))
    #expect(try block(counters, keys).scalars() == expected + expected + expected)
  }

  @Test(arguments: [
    ([0, 0] as [UInt32], [0, 0] as [UInt32], [0x6B20_0159, 0x99BA_4EFE] as [UInt32]),
    ([.max, .max], [.max, .max], [0x1CB9_96FC, 0xBB00_2BE7]),
    (
      [0x243F_6A88, 0x85A3_08D3], [0x1319_8A2E, 0x0370_7344], [0xC492_3A9C, 0x483D_F7A0]
    ),
  ])
  func threefryAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) throws {
    let block = jit { (c: Words, k: Words) in
      let (first, second) = Threefry.block((k[0], k[1]), c[0], c[1])
      return stack([first, second])
    }
    #expect(try block(Words(counter), Words(key)).scalars() == expected)
  }

  @Test func keys() throws {
    let key = Random.philoxKey(42)
    #expect(try key.words.scalars() == [0xDD97_B048, 0x1FCD_9669])
    #expect(try Random.philoxKey(1 << 40 | 5).words.scalars() == [0xF1A7_80E3, 0xEC8F_281F])
    #expect(
      try key.split(3).words.scalars() == [
        0x820D_2E7C, 0xC725_5E9E, 0x39C5_6CEE, 0xE5ED_9716, 0xED40_4BAB, 0x096C_0210,
      ])
    #expect(try key.foldIn(7).words.scalars() == [0x027E_4198, 0x04DB_0AD5])
    #expect(key.split()[1].generator == .philox)
  }

  @Test func numbers() throws {
    let key = Random.philoxKey(42)
    #expect(
      try Random.bits(key, [5]).scalars() == [
        0x51E1_3205, 0xC029_E4CF, 0x8394_ADFF, 0x8BD4_894F, 0xBA96_225A,
      ])
    #expect(
      try Random.bits(key, [6], of: UInt8.self).scalars() == [5, 207, 255, 79, 90, 153])
    #expect(
      try Random.bits(key, [2], of: UInt64.self).scalars() == [
        0x820D_2E7C_C725_5E9E, 0x53CF_39DF_0ADB_5EE4,
      ])
    let unit: Tensor<Float> = Random.uniform(key, [4])
    #expect(
      try unit.scalars().map(\.bitPattern) == [
        0x3EA3_C264, 0x3F40_29E4, 0x3F03_94AC, 0x3F0B_D488,
      ])
    let integers: Tensor<Int32> = Random.integers(key, [6], in: -5..<100)
    #expect(try integers.scalars() == [21, 4, 18, 65, 35, 83])
    #expect(try Random.permutation(key, 7).scalars() == [2, 5, 4, 6, 3, 0, 1])
  }

  /// A function that was compiled for keys of one generator is not used for those of the other.
  @Test func bothInOneFunction() throws {
    let f = vmap { (key: Random.Key) in Random.bits(key, [2]) }
    for key in [Random.key(1), Random.philoxKey(1), Random.key(1)] {
      let keys = key.split(3)
      #expect(try f(keys)[1].scalars() == Random.bits(keys[1], [2]).scalars())
    }
    let loop = whileLoop(Random.key(1)) { _ in
      Tensor(false)
    } do: { _ in
      Random.philoxKey(1)
    }
    #expect {
      try loop.words.scalars()
    } throws: {
      ($0 as? VMapError)?.message.contains("philoxWords") == true
    }
  }
}
