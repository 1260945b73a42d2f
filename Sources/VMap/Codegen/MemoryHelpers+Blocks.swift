/// Loads of lanes a small, known distance apart: all that lies between the first lane and the last is
/// loaded, and the lanes are picked.
extension MemoryHelpers {
  /// The largest distance for which loading all that lies between costs less than loading each lane.
  static let maximumBlockDistance = 8

  /// The last lanes, which are rare and long: out of line, they take no registers from the loop around.
  static func tailText(_ type: VectorType, _ name: String, _ distance: Int) -> String {
    """
    __attribute__((noinline)) \(type.name) \(name)(
        const global \(type.storageName)* p, const int count) {
      const int last = max(count, 1) - 1;
      \(storedVector(type)) t;
    \(lines(type) { "  t.\($1) = p[min(\($0), last) * \(distance)];" })\
      return \(result(type, "t"));
    }

    """
  }

  /// One load; inlined, which is more than a compiler does by itself, as a call would cost more.
  static func blockText(_ type: VectorType, _ name: String, _ distance: Int) -> String {
    let tail = MemoryHelpers.name(.loadBlockTail(distance: distance), type)
    let vector = storedVector(type)
    let block = Block(type: type, distance: distance, count: 1)
    return """
      inline __attribute__((always_inline)) \(type.name) \(name)(
          const global \(type.storageName)* p, const int count) {
        if (__builtin_expect(count < \(type.width), 0)) return \(tail)(p, count);
      \(block.loads)\
        const \(vector) t = \(block.pick(0));
        return \(result(type, "t"));
      }

      """
  }

  /// Loads that begin one element after the other.
  ///
  /// Those that nobody reads cost nothing once the call is inlined.
  static func blocksText(
    _ type: VectorType, _ name: String, _ distance: Int, _ count: Int
  ) -> String {
    let tail = MemoryHelpers.name(.loadBlockTail(distance: distance), type)
    let block = Block(type: type, distance: distance, count: count)
    let parameters = (0..<count).map { ", \(type.name)* r\($0)" }.joined()
    let tails = (0..<count).map { "    *r\($0) = \(tail)(p + \($0), count);\n" }.joined()
    let picks = (0..<count).map { "  *r\($0) = \(result(type, block.pick($0)));\n" }.joined()
    return """
      inline __attribute__((always_inline)) void \(name)(
          const global \(type.storageName)* p, const int count\(parameters)) {
        if (__builtin_expect(count < \(type.width), 0)) {
      \(tails)\
          return;
        }
      \(block.loads)\(picks)\
      }

      """
  }

  /// The vectors `v0`, `v1`, … that hold so many loads; the last one ends at the last lane of the last
  /// load: nothing behind it is read.
  private struct Block {
    let type: VectorType
    let distance: Int
    let count: Int

    private var vector: String { MemoryHelpers.storedVector(type) }
    private var lastStart: Int { (type.width - 1) * distance + count - type.width }
    private var lastVector: Int { (lastStart + type.width - 1) / type.width }

    var loads: String {
      (0...lastVector).map { number in
        let start = min(number * type.width, lastStart)
        return "  const \(vector) v\(number) = vload\(type.width)(0, p + \(start));\n"
      }.joined()
    }

    func pick(_ number: Int) -> String {
      let lanes = (0..<type.width).map { lane in
        let place = lane * distance + number
        return place >= lastStart
          ? "v\(lastVector).\(VectorType.component(place - lastStart))"
          : "v\(place / type.width).\(VectorType.component(place % type.width))"
      }
      return "(\(vector))(\(lanes.joined(separator: ", ")))"
    }
  }
}
