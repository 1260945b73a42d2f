/// Choices that a seed makes.
struct Choices {
  private var generator: SplitMix

  init(seed: UInt64) { generator = SplitMix(state: seed) }

  mutating func next() -> UInt64 { generator.next() }

  /// A number from 0 up to, but not including, a limit.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

  mutating func number(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// True so many times of a hundred.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func element<Element>(of list: [Element]) -> Element { list[below(list.count)] }

  /// An element, each as often as its weight says.
  mutating func weighted<Element>(_ list: [(weight: Int, element: Element)]) -> Element {
    var rest = below(list.reduce(0) { $0 + $1.weight })
    for entry in list {
      rest -= entry.weight
      if rest < 0 { return entry.element }
    }
    return list[list.count - 1].element
  }

  /// Each element with a chance of so many of a hundred, in order.
  mutating func subset<Element>(of list: [Element], _ percent: Int) -> [Element] {
    list.filter { _ in chance(percent) }
  }
}
