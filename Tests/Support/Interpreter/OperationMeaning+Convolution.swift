@testable import VMap

extension OperationMeaning {
  /// The left operand's positions along one dimension in space, spread out and padded: nil is a zero.
  private static func line(_ size: Int, dilation: Int, padding: [Int]) -> [Int?] {
    var line: [Int?] = []
    for position in 0..<size {
      if position > 0 { line += [Int?](repeating: nil, count: dilation - 1) }
      line.append(position)
    }
    line.insert(contentsOf: [Int?](repeating: nil, count: max(0, padding[0])), at: 0)
    line += [Int?](repeating: nil, count: max(0, padding[1]))
    line.removeFirst(max(0, -padding[0]))
    line.removeLast(max(0, -padding[1]))
    return line
  }

  /// 0, 1, … cut into as many groups of one size.
  private static func groups(_ size: Int, _ count: Int) -> [[Int]] {
    (0..<count).map { group in (0..<size).filter { $0 * count / max(1, size) == group } }
  }

  static func convolution(
    _ operation: Convolution, _ left: ReferenceTensor, _ right: ReferenceTensor
  ) -> ReferenceTensor {
    let (lefts, rights) = (operation.dimensions.left, operation.dimensions.right)
    let results = operation.dimensions.result
    let window = operation.window
    let inSpace = window.strides.indices
    let lines = inSpace.map {
      line(
        left.shape[lefts[$0 + 2]], dilation: window.leftDilation[$0], padding: window.padding[$0])
    }
    let kernel = inSpace.map { right.shape[rights[$0 + 2]] }
    // Where windows begin that end within the line.
    let starts = inSpace.map { d in
      let last = (kernel[d] - 1) * window.rightDilation[d]
      return lines[d].indices.filter { $0 % window.strides[d] == 0 && $0 + last < lines[d].count }
    }
    let outputs = right.shape[rights[0]]
    let batches = groups(left.shape[lefts[0]], operation.batchGroups)
    let features = groups(left.shape[lefts[1]], operation.featureGroups)
    let batchOutputs = groups(outputs, operation.batchGroups)
    let featureOutputs = groups(outputs, operation.featureGroups)

    var shape = left.shape
    shape[results[0]] = batches[0].count
    shape[results[1]] = outputs
    for d in inSpace { shape[results[d + 2]] = starts[d].count }
    return ReferenceTensor(left.element, shape) { index in
      let output = index[results[1]]
      let batchGroup = batchOutputs.firstIndex { $0.contains(output) } ?? 0
      let featureGroup = featureOutputs.firstIndex { $0.contains(output) } ?? 0
      var pairs: [(left: ReferenceScalar, right: ReferenceScalar)] = []
      for (summed, feature) in features[featureGroup].enumerated() {
        ReferenceTensor.forEachIndex(of: kernel) { offset in
          var leftIndex = index
          var rightIndex = index
          leftIndex[lefts[0]] = batches[batchGroup][index[results[0]]]
          leftIndex[lefts[1]] = feature
          rightIndex[rights[0]] = output
          rightIndex[rights[1]] = summed
          var isPadding = false
          for d in inSpace {
            let start = starts[d][index[results[d + 2]]]
            let source = lines[d][start + offset[d] * window.rightDilation[d]]
            isPadding = isPadding || source == nil
            leftIndex[lefts[d + 2]] = source ?? 0
            rightIndex[rights[d + 2]] =
              window.reversal[d] == 1 ? kernel[d] - 1 - offset[d] : offset[d]
          }
          let element = isPadding ? ReferenceScalar(bits: 0) : left[leftIndex]
          pairs.append((element, right[rightIndex]))
        }
      }
      return Reductions.dot(left.element, pairs)
    }
  }
}
