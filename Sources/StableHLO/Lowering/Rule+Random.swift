import VMap

extension Rule {
  static let random: [String: Body] = [
    "stablehlo.rng_bit_generator": { application in
      let state = try application.operands(1)[0]
      guard application.results.count == 2 else {
        throw LoweringError.invalid(
          "gives a state and bits, \(application.results.count) results are named")
      }
      let word = try application.operation.word("rng_algorithm")
      guard let generator = generators[word] else {
        throw LoweringError.invalid("there is no algorithm \(word)")
      }
      let result = try AnyTensor.randomBits(state, as: application.results[1], by: generator)
      return [result.state, result.bits]
    },
    // Its numbers come from a state that the program does not have.
    "stablehlo.rng": { application in
      throw LoweringError.unsupported("\(application.name) without a state")
    },
  ]

  /// The default is that of XLA.
  private static let generators: [String: Random.Generator] = [
    "DEFAULT": .philox, "PHILOX": .philox, "THREE_FRY": .threefry,
  ]
}
