/// Lanes next to one another, a fixed distance apart, or at an index each.
///
/// There are as many lanes as `count` says: others are loaded from the last one, and not stored.
extension MemoryHelpers {
  /// - Parameter isOfTile: Whether the last lanes take little code instead of little time.
  static func loadText(_ type: VectorType, _ name: String, isOfTile: Bool = false) -> String {
    let (storage, width) = (type.storageName, type.width)
    let tail =
      isOfTile
      ? """
          \(storage) a[\(width)];
          const int last = max(count, 1) - 1;
          #pragma unroll 1
          for (int i = 0; i < \(width); ++i) a[i] = p[min(i, last)];
          t = vload\(width)(0, a);

      """
      : """
          const int last = max(count, 1) - 1;
      \(lines(type) { "    t.\($1) = p[min(\($0), last)];" })
      """
    return """
      inline \(type.name) \(name)(const global \(storage)* p, const int count) {
        \(storedVector(type)) t;
        if (count >= \(width)) {
          t = vload\(width)(0, p);
        } else {
      \(tail)\
        }
        return \(result(type, "t"));
      }

      """
  }

  /// - Parameter isOfTile: Whether the last lanes take little code instead of little time.
  static func storeText(_ type: VectorType, _ name: String, isOfTile: Bool = false) -> String {
    let (storage, width) = (type.storageName, type.width)
    let tail =
      isOfTile
      ? """
          \(storage) a[\(width)];
          \(vectorStore("t", at: "a", in: "private", storage, width))
          #pragma unroll 1
          for (int i = 0; i < count; ++i) p[i] = a[i];

      """
      : lines(type) { "    if (\($0) < count) p[\($0)] = t.\($1);" }
    return vectorStoreText + """
      inline void \(name)(global \(storage)* p, const \(type.name) v, const int count) {
        const \(storedVector(type)) t = \(stored(type, "v"));
        if (count >= \(width)) {
          \(vectorStore("t", at: "p", storage, width))
        } else {
      \(tail)\
        }
      }

      """
  }

  static func loadStridedText(
    _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    """
    inline \(type.name) \(name)(
        const global \(type.storageName)* p, const \(index.rawValue) s, const int count) {
      \(storedVector(type)) t;
      const int last = max(count, 1) - 1;
    \(lines(type) { "  t.\($1) = p[min(\($0), last) * s];" })\
      return \(result(type, "t"));
    }

    """
  }

  static func storeStridedText(
    _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    """
    inline void \(name)(
        global \(type.storageName)* p, const \(index.rawValue) s, const \(type.name) v,
        const int count) {
      const \(storedVector(type)) t = \(stored(type, "v"));
    \(lines(type) { "  if (\($0) < count) p[\($0) * s] = t.\($1);" })\
    }

    """
  }

  static func gatherText(_ type: VectorType, _ name: String, _ index: IndexWidth) -> String {
    let indices = "\(index.rawValue)\(type.width)"
    return """
      inline \(type.name) \(name)(const global \(type.storageName)* p, const \(indices) i) {
        \(storedVector(type)) t;
      \(lines(type) { "  t.\($1) = p[i.\($1)];" })\
        return \(result(type, "t"));
      }

      """
  }

  /// - Parameter isMasked: Whether only those lanes are stored for which a mask holds.
  static func scatterText(
    _ type: VectorType, _ name: String, _ index: IndexWidth, isMasked: Bool = false
  ) -> String {
    let mask = isMasked ? "const int\(type.width) m, " : ""
    return """
      inline void \(name)(
          global \(type.storageName)* p, const \(index.rawValue)\(type.width) i, const \(type.name) v,
          \(mask)const int count) {
        const \(storedVector(type)) t = \(stored(type, "v"));
      \(lines(type) {
        "  if (\($0) < count\(isMasked ? " && m.\($1)" : "")) p[i.\($1)] = t.\($1);"
      })\
      }

      """
  }

  /// Stores the lanes of two vectors by turns: complex numbers from their parts.
  static func pairStore(_ type: VectorType, _ name: String) -> String {
    let width = type.width
    let lanes = (0..<width).map(VectorType.component)
    let halves = [lanes.prefix(width / 2), lanes.suffix(width / 2)].map { half in
      half.flatMap { ["r.\($0)", "i.\($0)"] }.joined(separator: ", ")
    }
    var text = vectorStoreText + "inline void \(name)(\n"
    text += "    global \(type.storageName)* p, const \(type.name) r, const \(type.name) i,\n"
    text += "    const int count) {\n"
    text += "  if (count >= \(width)) {\n"
    for (number, half) in halves.enumerated() {
      let place = "p + \(number * width)"
      text += "    \(vectorStore("(\(type.name))(\(half))", at: place, type.storageName, width))\n"
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

  /// A statement that stores lanes next to one another, as `vstore` does.
  static func vectorStore(
    _ value: String, at pointer: String, in space: String = "global", _ scalar: String, _ width: Int
  ) -> String {
    "VM_STORE(\(space), \(scalar), \(width), \(value), \(pointer));"
  }

  /// One instruction for each store, where PoCL's `vstore` takes several.
  static let vectorStoreText = """
    #ifndef VM_STORE
    #ifdef __clang__
    #define VM_STORE(space, scalar, width, v, p) do { \\
      typedef scalar##width vm_lanes __attribute__((aligned(sizeof(scalar)))); \\
      *(space vm_lanes*)(p) = (v); } while (0)
    #else
    #define VM_STORE(space, scalar, width, v, p) vstore##width(v, 0, p)
    #endif
    #endif

    """

  static func privateStoreText(_ type: VectorType, _ name: String) -> String {
    let scalar = VectorType.scalarName(type.element)
    return vectorStoreText + """
      inline void \(name)(private \(scalar)* p, const \(type.name) v) {
        \(vectorStore("v", at: "p", in: "private", scalar, type.width))
      }

      """
  }

  /// A line for each lane, made of its number and its selector.
  static func lines(
    _ type: VectorType, _ line: (_ lane: Int, _ component: String) -> String
  ) -> String {
    (0..<type.width).map { "\(line($0, VectorType.component($0)))\n" }.joined()
  }
}
