/// A map axis of one program: the name over which a batch varies.
struct MapAxis: Hashable, Sendable {
  /// The position in ``Program/axes``.
  let id: Int
  /// The name that collectives use, if the user gave one.
  let name: String?
  let extent: Extent
  /// Where a run's examples lie: among all examples, and then in dimensions of other lengths.
  var windows: [AxisWindow] = []
  /// What the rows of examples are along it, if it is no axis of examples.
  var rows: RaggedRows?
}

/// The map axes a value varies over, in ascending order.
struct AxisSet: Hashable, Sendable {
  private(set) var ids: [Int]

  init(_ ids: [Int] = []) { self.ids = Set(ids).sorted() }

  static let none = AxisSet()

  var isEmpty: Bool { ids.isEmpty }
  func contains(_ id: Int) -> Bool { ids.contains(id) }
  func union(_ other: AxisSet) -> AxisSet {
    if other.ids.isEmpty || other.ids == ids { return self }
    return ids.isEmpty ? other : AxisSet(ids + other.ids)
  }
  func removing(_ id: Int) -> AxisSet { AxisSet(ids.filter { $0 != id }) }
  func inserting(_ id: Int) -> AxisSet { AxisSet(ids + [id]) }
}

/// The type of a tensor: of its elements, and its shape, for one example.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The type of the elements.
  public var element: ElementType
  /// The sizes of the dimensions.
  public var shape: [Int]

  /// A type of an element type and a shape.
  public init(element: ElementType, shape: [Int]) {
    self.element = element
    self.shape = shape
  }

  var count: Int { shape.saturatingProduct() }

  /// As JAX prints it, `f32[2,3]`.
  public var description: String { "\(element.rawValue)\(shape.shapeText)" }
}

/// The whole type of a value: element type, per-example shape, and the axes it varies over.
struct ValueType: Hashable, Sendable {
  var element: ElementType
  var shape: [Extent]
  var axes: AxisSet

  init(_ element: ElementType, _ shape: [Extent], axes: AxisSet = .none) {
    self.element = element
    self.shape = shape
    self.axes = axes
  }
}

extension [Int] {
  /// The shape as JAX prints it, `[2,3]`; a length that each example has for itself is `ragged`.
  var shapeText: String {
    "[\(map { $0.isRagged ? "ragged" : String($0) }.joined(separator: ","))]"
  }
}
