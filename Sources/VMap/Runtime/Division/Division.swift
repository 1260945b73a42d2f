import Device

/// How a batch is computed: on which devices, how much of it, and who is told.
struct Division {
  /// The devices; the first is where the results are.
  var contexts: [Context]
  /// The most examples that are computed at once on each device.
  var lengths: [Int]
  /// Who is told how far it has come.
  var progress: BatchProgress.Report?
  /// The processes that compute other examples.
  var mesh: (any ProcessMesh)?
  /// The only examples to compute, where others are computed elsewhere and nothing crosses the batch.
  var rows: Range<Int>?
  /// Memory for results, by their positions.
  var targets: [Int: Storage] = [:]
}

extension Division {
  /// The division for people.
  var text: String {
    let devices = zip(contexts, lengths).map { context, length in
      "at most \(quantity(length, "example")) at once on \(context.deviceName)"
    }
    let processes = mesh.map { ", process \($0.rank) of \($0.count)" } ?? ""
    return "in parts: \(devices.joined(separator: ", "))\(processes)"
  }
}
