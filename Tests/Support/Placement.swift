/// Where the batch lies in each argument and in the results.
struct Placement: CustomStringConvertible {
  var inAxes: [Int?]
  var outAxis: Int

  var description: String {
    "inAxes [\(inAxes.map { $0.map(String.init) ?? "nil" }.joined(separator: ", "))], "
      + "outAxes \(outAxis)"
  }

  /// The batch's dimension in a result, which for a result of a low rank is not the one asked for.
  func outDimension(ofRank rank: Int) -> Int { outAxis < 0 ? rank : min(outAxis, rank) }

  /// The first example whose bits differ in the results of two batches.
  func difference(_ a: [ReferenceTensor], _ b: [ReferenceTensor]) -> String? {
    for (number, pair) in zip(a, b).enumerated() {
      let dimension = outDimension(ofRank: pair.0.shape.count - 1)
      for example in 0..<min(pair.0.shape[dimension], pair.1.shape[dimension]) {
        let slice = pair.0.slice(dimension, at: example)
        if let text = slice.difference(from: pair.1.slice(dimension, at: example)) {
          return "result \(number), example \(example): \(text)"
        }
      }
    }
    return nil
  }
}
