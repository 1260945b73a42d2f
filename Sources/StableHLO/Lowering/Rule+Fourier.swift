import VMap

extension Rule {
  static let fourier: [String: Body] = [
    "stablehlo.fft": { application in
      let operand = try application.operands(1)[0]
      let word = try application.operation.word("fft_type")
      guard let kind = FourierTransform(rawValue: word) else {
        throw LoweringError.invalid("there is no transform \(word)")
      }
      let lengths = try application.operation.integers("fft_length")
      guard (1...3).contains(lengths.count) else {
        throw LoweringError.invalid("takes one to three lengths, got \(lengths.count)")
      }
      return [try operand.fourierTransformed(kind, lengths)]
    }
  ]
}
