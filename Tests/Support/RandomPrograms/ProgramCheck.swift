import Device
import Foundation

@testable import VMap

/// Runs a random program on a device and holds it against the interpreter, one batch against another, and
/// one profile against another.
struct ProgramCheck {
  enum Outcome {
    /// The part of the results' elements that only a correct device could have computed, and the
    /// bytes of OpenCL C for each operation.
    case passed(meaningful: Double, sourceSize: Int)
    /// The program says nothing: a rounded number decides how a loop or a sort goes.
    case skipped(String)
    case failed(Failure)
  }

  struct Failure: Error {
    enum Kind: String, CaseIterable {
      /// A result that no correct device has, or other bits than in another batch or profile.
      case wrong
      /// The compiler or the driver does not take the program.
      case refused
      case slow
      /// More OpenCL C than so many operations need.
      case large
      /// The process died, or never came back from running.
      case crashed
    }

    var kind: Kind
    var profile: String
    var message: String

    /// What refusals of the same sort have in common.
    var signature: String {
      guard kind == .refused else { return kind.rawValue }
      let lines = message.split(separator: "\n")
      // `error: file.cl:1:2: invalid reinterpretation: …`: what is refused, without where and of what.
      let line = lines.first { $0.contains("error:") } ?? lines.first ?? ""
      let parts = line.components(separatedBy: ": ").filter { !$0.hasSuffix("error") }
      let part = parts.first { !$0.contains(".cl:") && !$0.contains(".h:") } ?? ""
      return part.prefix { $0 != "'" }.filter { !$0.isNumber }
    }
  }

  /// What is being done, for those who wait.
  enum Stage: String { case interpret, plan, compile, run }

  static let profiles = ["default", "scalar", "lanes4", "lanes8", "lanes16", "nvidia", "parts"]

  /// The longest time to plan, write and compile one program, in seconds.
  static let timeLimit = 20.0
  /// How much OpenCL C an operation justifies, in bytes, and how many times that is too much.
  static let sourcePerOperation = 300
  static let sourceFactor = 40

  private(set) var random: RandomCase
  var onStage: (Stage) -> Void = { _ in }

  func run(_ targets: [DeviceRun.Target]) -> Outcome {
    guard random.isDifferentiated else { return run(targets, isDerivative: false) }
    var derivative = self
    do { derivative.random = try random.differentiated() } catch {
      if (error as? VMapError)?.kind == .notDifferentiable { return .skipped("\(error)") }
      return .failed(Failure(kind: .refused, profile: "derivatives", message: "\(error)"))
    }
    return derivative.run(targets, isDerivative: true)
  }

  private func run(_ targets: [DeviceRun.Target], isDerivative: Bool) -> Outcome {
    onStage(.interpret)
    var expected: [[ReferenceTensor]] = []
    do {
      for run in random.sizes.indices {
        expected.append(
          try Interpreter.run(
            random.program, random.arguments(run), sizes: random.symbols(run)))
      }
    } catch { return .skipped("\(error)") }
    if isDerivative, let text = transpositionMismatch(expected[0]) {
      return .failed(Failure(kind: .wrong, profile: "derivatives", message: text))
    }
    var sourceSize = 0
    var reference: [[ReferenceTensor]]?
    for target in targets {
      switch run(on: target, expected, &sourceSize) {
      case .failure(let failure): return .failed(failure)
      case .success(let results):
        if let reference, let text = difference(reference, results) {
          let profiles = "\(targets[0]),\(target)"
          return .failed(Failure(kind: .wrong, profile: profiles, message: text))
        }
        reference = reference ?? results
      }
    }
    let values = expected.joined().flatMap(\.values)
    let meaningful = values.filter { $0.bound < 0.01 }
    return .passed(
      meaningful: values.isEmpty ? 0 : Double(meaningful.count) / Double(values.count),
      sourceSize: sourceSize / random.program.operationCount)
  }

  /// The results of all runs on one device, or what goes wrong.
  private func run(
    on target: DeviceRun.Target, _ expected: [[ReferenceTensor]], _ sourceSize: inout Int
  ) -> Result<[[ReferenceTensor]], Failure> {
    func failure(_ kind: Failure.Kind, _ message: String) -> Result<[[ReferenceTensor]], Failure> {
      .failure(Failure(kind: kind, profile: target.description, message: message))
    }
    let start = ProgramCheck.processorTime
    do {
      onStage(.plan)
      let executable = try Context.$override.withValue(target.context) {
        try Executable.make(for: random.program)
      }
      let size = executable.source.kernelSize
      sourceSize = max(sourceSize, size)
      if size > ProgramCheck.sourceFactor * ProgramCheck.sourcePerOperation
        * random.program.operationCount
      {
        return failure(.large, "\(size) bytes for \(random.program.operationCount) operations")
      }
      var results: [[ReferenceTensor]] = []
      for run in random.sizes.indices {
        onStage(run == 0 ? .compile : .run)
        let actual = try DeviceRun.run(
          random.program, random.arguments(run), sizes: random.symbols(run), on: target)
        if run == 0 {
          let seconds = ProgramCheck.processorTime - start
          if seconds > ProgramCheck.timeLimit { return failure(.slow, "\(seconds) s") }
        }
        for (number, pair) in zip(expected[run], actual).enumerated() {
          if let text = pair.0.mismatch(with: pair.1) {
            return failure(.wrong, "sizes \(random.sizes[run]), result \(number): \(text)")
          }
        }
        results.append(actual)
      }
      return difference(results).map { failure(.wrong, $0) } ?? .success(results)
    } catch {
      return failure(.refused, "\(error)")
    }
  }

  /// The time that this process has computed, in seconds: others may keep the machine busy.
  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Where results have other bits than those of another profile.
  private func difference(_ a: [[ReferenceTensor]], _ b: [[ReferenceTensor]]) -> String? {
    for (run, pair) in zip(a, b).enumerated() {
      for (number, results) in zip(pair.0, pair.1).enumerated() {
        if let text = results.0.difference(from: results.1) {
          return "sizes \(random.sizes[run]), result \(number): other bits than with another "
            + "profile: \(text)"
        }
      }
    }
    return nil
  }

  /// Where examples have other bits than in another batch.
  private func difference(_ runs: [[ReferenceTensor]]) -> String? {
    guard !random.program.readsOtherExamples, let first = runs.first else { return nil }
    for (run, other) in runs.enumerated().dropFirst() {
      for (number, pair) in zip(first, other).enumerated() {
        let shape = zip(pair.0.shape, pair.1.shape).map { min($0, $1) }
        if let text = pair.0.corner(shape).difference(from: pair.1.corner(shape)) {
          return "sizes \(random.sizes[0]) and \(random.sizes[run]), result \(number): "
            + "other bits than in another batch: \(text)"
        }
      }
    }
    return nil
  }
}

extension ReferenceTensor {
  /// The first elements along every dimension.
  fileprivate func corner(_ shape: [Int]) -> ReferenceTensor {
    ReferenceTensor(element, shape) { self[$0] }
  }
}

extension ProgramSource {
  /// The length of the kernels, without the functions that they call.
  fileprivate var kernelSize: Int {
    guard let start = text.range(of: "\nkernel ") else {
      return text.utf8.count
    }
    return text[start.lowerBound...].utf8.count
  }
}

extension VMap.Program {
  /// How many operations there are, constants and views of axes aside.
  var operationCount: Int {
    var count = 1
    body.forEachInstruction { instruction in
      switch instruction.operation {
      case is Literal, is BindAxis, is UnbindAxis: break
      default: count += 1
      }
    }
    return count
  }

  /// Whether results of an example depend on other examples along an open axis.
  var readsOtherExamples: Bool {
    var reads = false
    var unbound: Set<ValueID> = []
    func isOpen(_ axis: Int) -> Bool { axes[axis].extent.constant == nil }
    body.forEachInstruction { instruction in
      switch instruction.operation {
      case let operation as AxisReduce: reads = reads || isOpen(operation.axis)
      case let operation as AllGather: reads = reads || isOpen(operation.axis)
      case let operation as UnbindAxis:
        if isOpen(operation.axis) { unbound.formUnion(instruction.results) }
      default:
        reads = reads || instruction.operands.contains(where: unbound.contains)
      }
      for region in instruction.regions {
        reads = reads || region.captures().contains(where: unbound.contains)
      }
    }
    return reads
  }
}
