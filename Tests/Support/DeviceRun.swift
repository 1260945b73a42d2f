import Device

@testable import VMap

/// Runs programs through the library's own pipeline.
enum DeviceRun {
  /// A shape that the device's kernels are made for.
  struct Target: Sendable, Equatable, CustomStringConvertible {
    let description: String
    let context: Context
    /// How many examples are computed at once; nil for all of them.
    var part: Int?

    static func == (a: Target, b: Target) -> Bool { a.context === b.context && a.part == b.part }
  }

  /// The device as it is, and with each lane width forced on it.
  static let targets: [Target] = ["", "scalar", "lanes4", "lanes8", "lanes16"].compactMap { name in
    guard let context = try? Context(device: nil, profile: name.isEmpty ? nil : name) else {
      return nil
    }
    return Target(description: name.isEmpty ? "default" : name, context: context)
  }

  /// The device as it is and one other lane width, which takes turns; where all that can be run is, all.
  static func targets(turn: Int) -> [Target] {
    if BatchCheck.isExhaustive || targets.count < 3 { return targets }
    return [targets[0], targets[1 + turn % (targets.count - 1)]]
  }

  /// Runs with sixteen lanes, whatever the device has: for what is said of such kernels.
  static func withSixteenLanes<R>(_ body: () throws -> R) throws -> R {
    guard let target = targets.first(where: { $0.description == "lanes16" }) else {
      throw VMapError(.internalInconsistency, "the profile lanes16 cannot be used")
    }
    return try Context.$override.withValue(target.context, operation: body)
  }

  /// The plan of a program; nothing is compiled.
  static func plan(_ program: VMap.Program, on target: Target) throws -> Plan {
    try Planner.plan(program.simplified(), for: target.context.profile).plan
  }

  /// The results of a compiled program.
  static func run(
    _ program: VMap.Program, _ arguments: [ReferenceTensor], sizes: [Symbol: Int] = [:],
    on target: Target
  ) throws -> [ReferenceTensor] {
    try Context.$override.withValue(target.context) {
      let inputs = try arguments.map { argument in
        let storage = try Storage(
          element: argument.element, shape: argument.shape, in: target.context)
        try argument.bytes.withUnsafeBytes { bytes in try storage.buffer.write(from: bytes) }
        return storage
      }
      let executable = try Executable.make(for: program)
      if let part = target.part, let divided = try? executable.divided() {
        let length = divided.partLength(atMost: part)
        let division = Division(contexts: [target.context], lengths: [length])
        return try divided.run(inputs, sizes: sizes, division).map(ReferenceTensor.init)
      }
      return try executable.run(inputs, sizes: sizes).map(ReferenceTensor.init)
    }
  }

  /// What a program compiles to, for reports; nothing is compiled.
  static func listing(_ program: VMap.Program, on target: Target) throws -> String {
    let simplified = program.simplified()
    let (plan, _) = try Planner.plan(simplified, for: target.context.profile)
    let source = try ProgramSource(plan)
    return [simplified.text, plan.text(source), source.text].joined(separator: "\n")
  }
}

extension ReferenceTensor {
  /// What is stored on a device.
  init(_ storage: Storage) throws {
    var bytes = [UInt8](repeating: 0, count: storage.byteCount)
    try bytes.withUnsafeMutableBytes { bytes in try storage.buffer.read(into: bytes) }
    self.init(storage.element, storage.shape, bytes: bytes)
  }
}
