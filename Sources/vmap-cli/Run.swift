import ArgumentParser
import Foundation
import VMap

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a function on arrays in files.",
    discussion: """
      An array is a .npy file, or a name behind that of an archive and a colon: weights.npz:w1, \
      weights.safetensors:layers.0.w. Large arrays are read where they are used: the files should stay \
      as they are until there are results.

      Without --in-axes the function runs once, on one example. Without -o the results are printed.
      Examples that --max-iterations stopped have results, too: what there was when they were stopped.

        vmap run predict.mlir --in-axes none,none,none,none,0 W1.npy b1.npy W2.npy b2.npy x.npy \\
          -o logp.npy

      With --grad, --value-and-grad, --jvp or --hessian a derivative takes the place of the function:

        vmap run loss.mlir --grad 0 --in-axes none,0 weights.npy images.npy -o gradients.npy
      """)

  @OptionGroup var options: DeviceOptions
  @OptionGroup var call: MappedModule

  @OptionGroup var output: OutputOptions

  @OptionGroup var timeLimit: TimeLimit
  @Flag(help: "Tell how long reading, compiling and running took.") var time = false
  @Flag(help: "Print JSON in place of text.") var json = false

  private struct Report: Encodable {
    struct Result: Encodable {
      var type: String
      var file: String?
    }

    var results: [Result]
    var device: String
    var seconds: [String: Double]?
    /// The examples that were stopped, by their indices along the maps, outermost first.
    var stopped: [[Int]]?
  }

  func run() throws {
    options.apply()
    timeLimit.start()
    var clock = Stopwatch()
    let function = try call.function()
    let count = call.resultCount(of: function)
    let places = try output.places(for: count, of: function)
    let arguments = try call.arguments(of: function)
    clock.lap("read")
    let mapped = try call.mapped(function)
    if let process = try fileProcess(arguments, places) {
      return try write(mapped, arguments, by: process, to: places)
    }
    var results = try ProgressBar.showing(!json) { try finished(mapped(arguments)) }
    clock.lap("first run")
    if time {
      // The first run compiles; this is the median of several more.
      try clock.median("run") { _ = try finished(mapped(arguments)) }
    }
    timeLimit.stop()
    let stopped = try call.maxIterations.map { _ in try StoppedExamples(results.removeLast()) }
    try OutputOptions.write(results, to: places)
    let device = try currentDevice().name
    if json {
      let files = results.indices.map { places.isEmpty ? nil : "\(places[$0])" }
      try Console.print(
        JSON.text(
          Report(
            results: zip(results, files).map { .init(type: "\($0.type)", file: $1) },
            device: device, seconds: time ? clock.seconds : nil, stopped: stopped?.indices)))
      return
    }
    if places.isEmpty {
      for result in results { try Console.print(result) }
    }
    if let text = stopped?.text { try Console.printError(text) }
    if time {
      for (name, seconds) in clock.laps { try Console.printError("\(name): \(seconds) s") }
      try Console.printError("device: \(device)")
    }
  }

  /// The process whose rows are written where they belong in files: one of several, or one alone that
  /// reads large files; nil where results are made first.
  private func fileProcess(
    _ arguments: [AnyTensor], _ places: [ArrayPlace]
  ) throws -> LaunchedProcess? {
    let areFiles = places.allSatisfy { !$0.isArchive && !$0.path.hasPrefix("/dev/") }
    let canBeShared =
      areFiles && !places.isEmpty && !call.inAxes.isEmpty && call.maxIterations == nil && !time
    if let process = LaunchedProcess.current {
      guard canBeShared else {
        throw CommandError(
          "\(process.count) processes were started together: they need --in-axes, and -o with a .npy "
            + "file for each result, and can have neither --max-iterations nor --time")
      }
      return process
    }
    let byteCount = arguments.reduce(0.0) { $0 + Double($1.byteCount) }
    guard canBeShared, byteCount >= Double(Run.largeInput) else { return nil }
    return LaunchedProcess(alone: "\(getpid())")
  }

  /// Arguments of so many bytes are read, and results written, part by part.
  private static let largeInput = 256 << 20

  private func write(
    _ mapped: AnyVectorized, _ arguments: [AnyTensor], by process: LaunchedProcess,
    to places: [ArrayPlace]
  ) throws {
    UnfinishedFiles.removeAtSignals()
    let types = try ProgressBar.showing(!json && process.rank == 0) {
      try mapped.write(arguments, by: process, to: places.map(\.path))
    }
    timeLimit.stop()
    guard json, process.rank == 0 else { return }
    try Console.print(
      JSON.text(
        Report(
          results: zip(types, places).map { .init(type: "\($0)", file: "\($1)") },
          device: try currentDevice().name)))
  }

  private func finished(_ results: [AnyTensor]) throws -> [AnyTensor] {
    for result in results { try result.ready() }
    return results
  }
}

/// Takes times under names.
struct Stopwatch {
  private(set) var laps: [(name: String, seconds: Double)] = []
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant

  init() { start = clock.now }

  var seconds: [String: Double] {
    Dictionary(laps.map { ($0.name, $0.seconds) }) { first, _ in first }
  }

  /// The time since the lap before.
  mutating func lap(_ name: String) {
    laps.append((name, (clock.now - start).inSeconds))
    start = clock.now
  }

  /// The median of runs over about half a second, of at least one.
  mutating func median(_ name: String, _ body: () throws -> Void) rethrows {
    var times: [Double] = []
    let begin = clock.now
    repeat {
      times.append(try clock.measure(body).inSeconds)
    } while clock.now - begin < .seconds(0.5)
    laps.append((name, times.sorted()[times.count / 2]))
    start = clock.now
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
