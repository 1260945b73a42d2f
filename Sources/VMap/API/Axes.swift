/// Which dimension of each tensor a `vmap` maps over: a prefix of the structure of its arguments or
/// of its result.
///
/// Written as literals: `0` and `-1` map that dimension of every tensor underneath, `nil` leaves what
/// is underneath unmapped, `[0, nil]` speaks of each argument, element or tuple member, and
/// `["weights": nil, "bias": 0]` of fields by name.
///
///     vmap(loss, inAxes: [["weights": nil, "bias": nil], 0, 0])
///
/// One `vmap` maps over several axes at once where `inAxes` lists several dimensions of a tensor. A
/// number is then the first of as many neighbouring dimensions, and a negative one the last. The name of
/// the axes is that of all of them together:
///
///     vmap(loss, inAxes: [nil, .axes([0, 1])])        // as vmap(vmap(loss, …), …)
public indirect enum Axes: Sendable, Hashable {
  /// A dimension of the batched tensor; negative ones count from the end.
  case axis(Int)
  /// Several dimensions of the batched tensor, one for each axis; nil for an axis over which the value is
  /// the same.
  case axes([Int?])
  /// The same value for every example.
  case unmapped
  /// Examples of different lengths: of an argument, a ``Ragged``; of a result, one whose first dimension has
  /// the length of the example.
  case ragged
  /// Of a result, the sum over the batch, as a reduction in the kernels; a value that does not vary
  /// counts once for each example.
  ///
  ///     let gradients = vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum)
  ///
  /// There is one order of summation, however the batch is divided into parts;
  /// ``Vectorized/accumulating()`` adds up batches.
  case sum
  /// One entry for each child, in order.
  case each([Axes])
  /// One entry for each child, by name.
  case named([String: Axes])
}

extension Axes: ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
  /// A dimension.
  public init(integerLiteral value: Int) { self = .axis(value) }
  /// Unmapped.
  public init(nilLiteral: ()) { self = .unmapped }
}

extension Axes: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  /// One entry for each child.
  public init(arrayLiteral elements: Axes...) { self = .each(elements) }
  /// One entry for each child by name; of a name given twice the last one counts.
  public init(dictionaryLiteral elements: (String, Axes)...) {
    self = .named(Dictionary(elements) { _, last in last })
  }
}

extension Axes: CustomStringConvertible {
  /// The axes as they are written in code.
  public var description: String {
    switch self {
    case .axis(let axis): return "\(axis)"
    case .axes(let axes):
      return ".axes([\(axes.map { $0.map(String.init) ?? "nil" }.joined(separator: ", "))])"
    case .unmapped: return "nil"
    case .ragged: return ".ragged"
    case .sum: return ".sum"
    case .each(let axes): return "[\(axes.map(\.description).joined(separator: ", "))]"
    case .named(let axes):
      let entries = axes.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
      return entries.isEmpty ? "[:]" : "[\(entries.joined(separator: ", "))]"
    }
  }
}
