extension MemoryHelpers {
  /// The largest distance for which loading all that lies between costs less than loading each lane.
  static let maximumBlockDistance = 8

  /// Loads all that lies between the first lane and the last, and picks the lanes.
  ///
  /// It takes as many vectors as the distance. The last one ends at the last lane: nothing behind it
  /// is read.
  static func blockText(_ type: VectorType, _ distance: Int) -> String {
    let width = type.width
    let vector = "\(type.storageName)\(type.suffix)"
    let lastStart = (width - 1) * (distance - 1)
    var text = ""
    for block in 0..<distance {
      let start = block == distance - 1 ? lastStart : block * width
      text += "  const \(vector) v\(block) = vload\(width)(0, p + \(start));\n"
    }
    let picks = (0..<width).map { lane in
      let place = lane * distance
      return place >= lastStart
        ? "v\(distance - 1).\(VectorType.component(place - lastStart))"
        : "v\(place / width).\(VectorType.component(place % width))"
    }
    return text + "  const \(vector) t = (\(vector))(\(picks.joined(separator: ", ")));\n"
  }
}
