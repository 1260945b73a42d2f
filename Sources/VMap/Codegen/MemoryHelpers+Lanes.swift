/// Lanes next to one another, a fixed distance apart, or at an index each.
///
/// There are as many lanes as `count` says: others are loaded from the last one, and not stored.
extension MemoryHelpers {
  static func loadText(_ type: VectorType, _ name: String) -> String {
    let parameters = "const global \(type.storageName)* p"
    return loadTail(type, name, parameters, "p[min(i, last)]") + """
      inline \(type.name) \(name)(\(parameters), const int count) {
        if (count < \(type.width)) return \(name)_tail(p, count);
        const \(storedVector(type)) t = vload\(type.width)(0, p);
        return \(result(type, "t"));
      }

      """
  }

  static func storeText(_ type: VectorType, _ name: String) -> String {
    let parameters = "global \(type.storageName)* p"
    return vectorStoreText + storeTail(type, name, parameters, "p[i]") + """
      inline void \(name)(\(parameters), const \(type.name) v, const int count) {
        const \(storedVector(type)) t = \(stored(type, "v"));
        if (count < \(type.width)) return \(name)_tail(p, t, count);
        \(vectorStore("t", at: "p", type.storageName, type.width))
      }

      """
  }

  static func loadStridedText(
    _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    let parameters = "const global \(type.storageName)* p, const \(index.rawValue) s"
    return loadTail(type, name, parameters, "p[min(i, last) * s]") + """
      inline \(type.name) \(name)(\(parameters), const int count) {
        if (count < \(type.width)) return \(name)_tail(p, s, count);
        \(storedVector(type)) t;
      \(lines(type) { "  t.\($1) = p[\($0) * s];" })\
        return \(result(type, "t"));
      }

      """
  }

  static func storeStridedText(
    _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    let parameters = "global \(type.storageName)* p, const \(index.rawValue) s"
    return vectorStoreText + storeTail(type, name, parameters, "p[i * s]") + """
      inline void \(name)(\(parameters), const \(type.name) v, const int count) {
        const \(storedVector(type)) t = \(stored(type, "v"));
        if (count < \(type.width)) return \(name)_tail(p, s, t, count);
      \(lines(type) { "  p[\($0) * s] = t.\($1);" })\
      }

      """
  }

  static func loadSomeStridedText(
    _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    """
    __attribute__((noinline)) \(type.name) \(name)(
        const global \(type.storageName)* p, const \(index.rawValue) s, const int count) {
      return \(MemoryHelpers.name(.loadStrided(index), type))(p, s, count);
    }

    """
  }

  static func storeSomeStridedText(
    _ type: VectorType, _ name: String, _ index: IndexWidth
  ) -> String {
    """
    __attribute__((noinline)) void \(name)(
        global \(type.storageName)* p, const \(index.rawValue) s, const \(type.name) v,
        const int count) {
      \(MemoryHelpers.name(.storeStrided(index), type))(p, s, v, count);
    }

    """
  }

  /// Loads fewer lanes than a vector has, which is rare: out of line, as code that is written out for
  /// each load takes the driver's compiler as long as code that runs often.
  private static func loadTail(
    _ type: VectorType, _ name: String, _ parameters: String, _ element: String
  ) -> String {
    """
    __attribute__((noinline)) \(type.name) \(name)_tail(\(parameters), const int count) {
      \(type.storageName) a[\(type.width)];
      const int last = max(count, 1) - 1;
      for (int i = 0; i < \(type.width); ++i) a[i] = \(element);
      const \(storedVector(type)) t = vload\(type.width)(0, a);
      return \(result(type, "t"));
    }

    """
  }

  /// Stores fewer lanes than a vector has.
  private static func storeTail(
    _ type: VectorType, _ name: String, _ parameters: String, _ element: String
  ) -> String {
    """
    __attribute__((noinline)) void \(name)_tail(
        \(parameters), const \(storedVector(type)) t, const int count) {
      \(type.storageName) a[\(type.width)];
      \(vectorStore("t", at: "a", in: "private", type.storageName, type.width))
      #pragma unroll 1
      for (int i = 0; i < count; ++i) \(element) = a[i];
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
