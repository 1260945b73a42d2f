import ArgumentParser
import StableHLO
import VMap

/// A module, the derivative of its function that is meant, the maps around it, and the files of its
/// arguments.
struct MappedModule: ParsableArguments {
  /// The most maps around each other, for what compiling them takes.
  static let maximumMaps = 32

  @Argument(help: "A module of StableHLO text.") var module: String

  @Argument(help: "An array for each argument: x.npy, weights.npz:w1, weights.safetensors:w1.")
  var inputs: [String] = []

  @Option(
    name: .customLong("in-axes"), parsing: .unconditionalSingleValue,
    help: """
      The axis of each argument to map over, or none: none,0. One for all arguments will do. Given \
      again, it maps once more, around the map before, up to \(MappedModule.maximumMaps) times.
      """)
  var inAxes: [AxisList] = []

  @Option(
    name: .customLong("out-axes"), parsing: .unconditionalSingleValue,
    help: "Where the batch goes in each result, or none; 0 where nothing is said. One a map.")
  var outAxes: [AxisList] = []

  // What follows is a value even where it begins with a minus.
  @Option(parsing: .unconditional, help: "The most examples to run at once.") var chunk: Int?

  @OptionGroup var derivative: DerivativeOptions

  @Option(help: "The name of the function in the module.") var entry = "main"

  @Option(
    parsing: .unconditional,
    help: """
      The most iterations of a loop. An example whose loop has made them stops there; how many did, and \
      which, is told.
      """)
  var maxIterations: Int?

  func validate() throws {
    if let maxIterations, !(0...Int(Int32.max)).contains(maxIterations) {
      throw ValidationError(
        "--max-iterations should be 0 to \(Int32.max), got \(maxIterations)")
    }
    if let option = derivative.option, maxIterations != nil {
      throw ValidationError(
        "--max-iterations is given with \(option): what was stopped has no derivative")
    }
    try refuseEmpty(entry, "--entry")
    guard inAxes.count <= MappedModule.maximumMaps else {
      throw ValidationError(
        "--in-axes is given \(inAxes.count) times, more than \(MappedModule.maximumMaps)")
    }
    guard chunk == nil || !inAxes.isEmpty else {
      throw ValidationError("--chunk is given without --in-axes: one example is not divided")
    }
    guard outAxes.count <= inAxes.count else {
      throw ValidationError(
        "--out-axes is given \(quantity(outAxes.count, "time")), --in-axes \(quantity(inAxes.count, "time"))"
      )
    }
  }

  func function() throws -> AnyFunction {
    try derivative.derivative(
      of: StableHLO.function(
        contentsOfFile: module, entry: entry, maximumIterations: maxIterations))
  }

  /// The results of a function that the user asked for: without whether a loop was stopped.
  func resultCount(of function: AnyFunction) -> Int {
    function.results.count - (maxIterations == nil ? 0 : 1)
  }

  /// The function with its maps.
  func mapped(_ function: AnyFunction) throws -> AnyVectorized {
    var mapped = jit(function)
    for (number, axes) in inAxes.enumerated() {
      let outAxes = outAxes.indices.contains(number) ? outAxes[number].axes : 0
      mapped = vmap(
        mapped, inAxes: axes.axes, outAxes: try withStopped(outAxes, function),
        chunk: number == inAxes.count - 1 ? chunk : nil)
    }
    return mapped
  }

  /// Axes for all results, of which the last one may be whether a loop was stopped.
  private func withStopped(_ axes: Axes, _ function: AnyFunction) throws -> Axes {
    guard maxIterations != nil else { return axes }
    let count = resultCount(of: function)
    guard case .each(let entries) = axes else {
      return .each(Array(repeating: axes, count: count) + [0])
    }
    guard entries.count == count else {
      throw CommandError(
        "--out-axes has \(quantity(entries.count, "entry", "entries")), the function gives "
          + quantity(count, "result"))
    }
    return .each(entries + [0])
  }

  /// The arguments of a function, read from their files.
  func arguments(of function: AnyFunction) throws -> [AnyTensor] {
    var archives = OpenArchives()
    return try inputs.enumerated().map { number, text in
      let type = function.parameters.indices.contains(number) ? function.parameters[number] : nil
      return try archives.read(ArrayPlace(text), expecting: type?.element)
    }
  }
}

/// Axes as they are written behind an option: `0`, `none,0,-1`.
struct AxisList: ExpressibleByArgument {
  let axes: Axes

  init?(argument: String) {
    var entries: [Axes] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      switch part.trimmingPrefix(while: \.isWhitespace).lowercased() {
      case "none", "nil", "null": entries.append(.unmapped)
      case let text:
        guard let axis = Int(text) else { return nil }
        entries.append(.axis(axis))
      }
    }
    // One entry without a comma stands for all arguments.
    axes = entries.count == 1 ? entries[0] : .each(entries)
  }
}
