import Device

/// How a call is divided into parts, decided before anything is allocated.
struct MemoryPlan {
  /// What is known of the call.
  struct Request {
    var executable: Executable
    var sizes: [Symbol: Int]
    var inputs: [Storage]
    /// The most examples to compute at once, if the caller says so.
    var chunk: Int?
    /// The devices that take parts, if there are several.
    var contexts: [Context] = []
    /// The processes that share the batch out.
    var mesh: (any ProcessMesh)?
    /// Where results go, by their positions, if that is given.
    var targets: [Int: Storage] = [:]
    /// Whether memory was refused for all examples at once.
    var hasFailed = false
  }

  /// Nil where all examples are computed at once.
  private(set) var division: Division?

  /// Smaller needs are not held against what is left.
  private static let threshold = HostMemory.threshold
  /// The most bytes of files that are in memory for one part.
  private static let fileWindow = 128 << 20
  /// In how many parts a batch is computed where somebody wants to know how far it has come.
  private static let reportedParts = 32

  init(_ request: Request) throws(VMapError) {
    let executable = request.executable
    let context = executable.context
    let need = MemoryNeed(executable.plan.plan, of: executable.program, request.sizes)
    let foreign = request.inputs.filter { !$0.isReachable(from: context) }
      .reduce(0) { $0.saturatingSum($1.byteCount) }
    let isLarge =
      request.hasFailed || request.fileBytes > MemoryPlan.fileWindow
      || need.peak.saturatingSum(foreign) >= MemoryPlan.threshold
      || need.largest > context.profile.maximumAllocationBytes
    let report = BatchProgress.report
    guard
      isLarge || request.chunk != nil || report != nil || request.contexts.count > 1
        || request.mesh != nil
    else { return }
    var contexts = request.contexts.isEmpty ? [context] : request.contexts
    // One worker's pieces come and go while the kernels of another run.
    let overlaps =
      contexts.count == 1 && foreign > MemoryPlan.threshold && !context.profile.sharesHostMemory
    if overlaps { contexts.append(context) }
    // What cannot be divided runs as it is, and fails where there is no room.
    guard let divided = try? executable.divided(on: contexts) else { return }
    let count = divided.exampleCount(request.sizes)
    var most = min(count, request.chunk ?? count)
    if request.hasFailed { most = min(most, count.dividedUp(by: 2)) }
    if report != nil { most = min(most, count.dividedUp(by: MemoryPlan.reportedParts)) }
    let lengths = contexts.indices.map { device in
      MemoryPlan.length(
        divided, request, on: contexts[device], device, atMost: most,
        workers: isLarge ? contexts.count { $0 === contexts[device] } : nil)
    }
    // Whoever has a part of a file in memory gives it up before the next.
    let isOnePart = contexts.count == 1 && lengths[0] >= count && report == nil
    // What comes piece by piece needs no memory but that of its pieces.
    guard !isOnePart || foreign > MemoryPlan.threshold || request.mesh != nil else { return }
    division = Division(
      contexts: contexts, lengths: lengths, progress: report, mesh: request.mesh)
  }

  /// The most examples that have room on a device at once.
  ///
  /// - Parameter workers: How many share the device's memory; nil where there is enough.
  private static func length(
    _ divided: DividedExecutable, _ request: Request, on context: Context, _ device: Int,
    atMost most: Int, workers: Int?
  ) -> Int {
    let count = divided.exampleCount(request.sizes)
    let limit = context.profile.maximumAllocationBytes
    let available = workers.map { (context.availableBytes() ?? .max) / $0 } ?? .max
    let pieces =
      request.inputs.filter { !$0.isReachable(from: context) }.map(\.byteCount)
      + (device > 0 ? [divided.resultBytes(request.sizes)] : [])
    func fits(_ length: Int) -> Bool {
      let need = divided.memory(
        request.sizes, part: length, on: device, holdsResults: request.targets.isEmpty)
      let share = Double(length) / Double(max(1, count))
      let own = pieces.map { Int(min(Double($0) * share, 1e18)) }
      guard Double(request.fileBytes) * share <= Double(fileWindow) else { return false }
      return max(need.largest, own.max() ?? 0) <= limit
        && own.reduce(need.peak, { $0.saturatingSum($1) }) <= available
    }
    var length = divided.partLength(atMost: max(1, most))
    while length > divided.unit, !fits(length) {
      length = divided.partLength(atMost: length / 2)
    }
    return length
  }
}

extension MemoryPlan.Request {
  /// The bytes of arguments and results that are in files.
  fileprivate var fileBytes: Int {
    (inputs + targets.values).filter(\.isFile).reduce(0) { $0.saturatingSum($1.byteCount) }
  }
}
