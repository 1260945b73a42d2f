import VMap

/// The examples of a run that the limit of iterations stopped.
struct StoppedExamples {
  /// Their indices along the maps, outermost first.
  private(set) var indices: [[Int]] = []
  private let count: Int

  /// - Parameter flags: Of each example, whether it was stopped.
  init(_ flags: AnyTensor) throws {
    let shape = flags.shape
    let scalars = try Tensor<Bool>(flags).scalars()
    count = scalars.count
    for (position, wasStopped) in scalars.enumerated() where wasStopped {
      var index: [Int] = []
      var rest = position
      for size in shape.reversed() {
        index.append(rest % size)
        rest /= size
      }
      indices.append(index.reversed())
    }
  }

  /// A line for people; nil where no example was stopped.
  var text: String? {
    guard !indices.isEmpty else { return nil }
    guard indices[0] != [] else { return "stopped by --max-iterations" }
    let list = indices.prefix(20).map { index in
      index.count == 1 ? "\(index[0])" : "[\(index.map(String.init).joined(separator: ", "))]"
    }
    let rest = indices.count > list.count ? ", …" : ""
    return "\(indices.count) of \(quantity(count, "example")) stopped by --max-iterations: "
      + list.joined(separator: ", ") + rest
  }
}
