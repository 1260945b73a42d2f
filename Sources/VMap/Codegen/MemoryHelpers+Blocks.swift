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

  /// Stores the lanes of two vectors by turns: complex numbers from their parts.
  static func pairStore(_ type: VectorType, _ name: String) -> String {
    let width = type.width
    let lanes = (0..<width).map(VectorType.component)
    let halves = [lanes.prefix(width / 2), lanes.suffix(width / 2)].map { half in
      half.flatMap { ["r.\($0)", "i.\($0)"] }.joined(separator: ", ")
    }
    var text = "inline void \(name)(\n"
    text += "    global \(type.storageName)* p, const \(type.name) r, const \(type.name) i,\n"
    text += "    const int count) {\n"
    text += "  if (count >= \(width)) {\n"
    for (number, half) in halves.enumerated() {
      text += "    vstore\(width)((\(type.name))(\(half)), 0, p + \(number * width));\n"
    }
    text += "  } else {\n"
    for (number, lane) in lanes.enumerated() {
      text += "    if (\(number) < count) {\n"
      text += "      p[\(2 * number)] = r.\(lane);\n"
      text += "      p[\(2 * number + 1)] = i.\(lane);\n"
      text += "    }\n"
    }
    return text + "  }\n}\n"
  }
}
