import Testing
import VMap

/// Random numbers beside those that `jax.random` of JAX 0.10.2 gives for the same keys.
@Suite struct RandomTests {
  static let key = Random.key(42)

  @Test func keys() throws {
    #expect(try Random.key(42).words.scalars() == [0, 42])
    #expect(try Random.key(1 << 40 | 5).words.scalars() == [0x100, 5])
    let split = RandomTests.key.split(3)
    #expect(split.words.shape == [3, 2])
    #expect(
      try split.words.scalars() == [
        0x6D3E_048F, 0x1022_172D, 0x03D7_B32D, 0xADD0_83F4, 0x92FB_20EA, 0x0F38_D913,
      ])
    #expect(try split[1].words.scalars() == [0x03D7_B32D, 0xADD0_83F4])
    #expect(try split[1...].words.scalars() == Array(split.words.scalars()[2...]))
    #expect(try split[Tensor<Int32>([2, 0])].words.scalars()[..<2] == [0x92FB_20EA, 0x0F38_D913])
    #expect(try RandomTests.key.foldIn(7).words.scalars() == [0x97D0_552F, 0x51BF_719F])
  }

  @Test func bits() throws {
    let expected: [UInt32] = [
      0x7D1C_13A2, 0xAE07_30D9, 0x9DC3_F9F9, 0x8F9E_C1D7, 0x735D_7315, 0x95FB_4ED8,
    ]
    #expect(try Random.bits(RandomTests.key, [5]).scalars() == Array(expected[..<5]))
    let matrix = Random.bits(RandomTests.key, [2, 3])
    #expect(matrix.shape == [2, 3])
    #expect(try matrix.scalars() == expected)
    let scalar = Random.bits(RandomTests.key)
    #expect(scalar.shape == [])
    #expect(
      try Random.bits(RandomTests.key, [6], of: UInt8.self).scalars() == [
        162, 217, 249, 215, 21, 216,
      ])
    #expect(
      try Random.bits(RandomTests.key, [4], of: UInt16.self).scalars() == [
        5026, 12505, 63993, 49623,
      ])
    #expect(
      try Random.bits(RandomTests.key, [3], of: UInt64.self).scalars() == [
        0x6D3E_048F_1022_172D, 0x03D7_B32D_ADD0_83F4, 0x92FB_20EA_0F38_D913,
      ])
    #expect(try Random.bits(RandomTests.key, [0]).scalars() == [])
  }

  @Test func uniform() throws {
    let unit: Tensor<Float> = Random.uniform(RandomTests.key, [5])
    #expect(
      try unit.scalars().map(\.bitPattern) == [
        0x3EFA_3824, 0x3F2E_0730, 0x3F1D_C3F8, 0x3F0F_9EC0, 0x3EE6_BAE4,
      ])
    let wide: Tensor<Float> = Random.uniform(RandomTests.key, [5], in: -3..<7)
    #expect(
      try wide.scalars().map(\.bitPattern) == [
        0x3FF1_8C5A, 0x4073_11F8, 0x404A_69EC, 0x4027_0CE0, 0x3FC0_D33A,
      ])
    let double: Tensor<Double> = Random.uniform(RandomTests.key, [3])
    #expect(
      try double.scalars() == [0.4267275666499091, 0.015010069515314584, 0.5741444178995352])
  }

  @Test func integers() throws {
    let i32: Tensor<Int32> = Random.integers(RandomTests.key, [8], in: -5..<100)
    #expect(try i32.scalars() == [94, 49, 76, -1, 84, 19, 12, 67])
    let i8: Tensor<Int8> = Random.integers(RandomTests.key, [8], in: -100..<100)
    #expect(try i8.scalars() == [-56, 14, -29, 69, 9, -81, 77, -93])
    let u16: Tensor<UInt16> = Random.integers(RandomTests.key, [5], in: 3..<60000)
    #expect(try u16.scalars() == [18876, 22863, 15876, 27979, 45746])
    let i64: Tensor<Int64> = Random.integers(
      RandomTests.key, [4], in: -1_000_000_000_000..<10_000_000_000_000)
    #expect(
      try i64.scalars() == [
        2_464_050_701_877, 4_604_979_476_158, 7_848_944_880_791, 5_550_063_542_319,
      ])
    let none: Tensor<Int32> = Random.integers(RandomTests.key, [2], in: 4..<4)
    #expect(try none.scalars() == [4, 4])
  }

  /// The inverse of the distribution function and logarithms differ from JAX's by some units in the
  /// last place.
  @Test func distributions() throws {
    try expectClose(
      Random.normal(RandomTests.key, [5]),
      [
        -0.02830461598932743, 0.4671318531036377, 0.2957029640674591, 0.1535459160804,
        -0.1240327778,
      ],
      within: 1e-6, ofAtLeast: 1)
    try expectClose(
      Random.exponential(RandomTests.key, [4]),
      [0.670817494392395, 1.1388006210327148, 0.9578199982643127, 0.8232924938201904],
      within: 1e-6, ofAtLeast: 1)
    try expectClose(
      Random.gumbel(RandomTests.key, [4]),
      [0.3340933918952942, 0.952019453048706, 0.7255305647850037, 0.5481715202331543],
      within: 1e-6, ofAtLeast: 1)
    #expect(
      try Random.bernoulli(RandomTests.key, Tensor<Float>(0.3), [10]).scalars()
        == [false, false, false, false, false, false, true, false, false, false])
    let logits = log(Tensor<Float>([0.1, 0.2, 0.3, 0.4]))
    #expect(try Random.categorical(RandomTests.key, logits).scalars() == [3])
    #expect(
      try Random.categorical(RandomTests.key, Tensor<Float>.zeros([6, 5])).scalars()
        == [1, 4, 2, 0, 3, 4])
  }

  /// Each example has the numbers that its key gives alone.
  @Test func keysOfABatch() throws {
    let keys = RandomTests.key.split(17)
    let f = vmap { (key: Random.Key) in Random.normal(key, [3]) }
    let batch = try f(keys)
    #expect(batch.shape == [17, 3])
    let scalars = try batch.scalars()
    for number in [0, 5, 16] {
      let alone = try jit { (key: Random.Key) in Random.normal(key, [3]) }(keys[number]).scalars()
      #expect(alone == Array(scalars[number * 3..<number * 3 + 3]))
    }
    let shared = vmap(
      { (key: Random.Key, x: Tensor<Float>) in x + Random.uniform(key) }, inAxes: [nil, 0])
    #expect(Set(try shared(RandomTests.key, Tensor<Float>([1, 1, 1])).scalars()).count == 1)
    let steps = vmap(
      { (step: Tensor<UInt32>) in Random.bits(RandomTests.key.foldIn(step)) })
    #expect(
      try steps(Tensor([7, 8])).scalars()[0]
        == Random.bits(RandomTests.key.foldIn(7)).scalars()[0])
  }

  @Test func badShapes() throws {
    #expect(throws: VMapError.self) { try Random.bits(RandomTests.key, [-1, 3]).scalars() }
    #expect(throws: VMapError.self) {
      try Random.bits(RandomTests.key, [1 << 40, 1 << 40]).scalars()
    }
  }
}
