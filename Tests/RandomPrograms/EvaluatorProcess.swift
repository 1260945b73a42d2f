import Foundation

@testable import VMapTestSupport

/// A process that checks cases, started again when it dies or is too slow.
final class EvaluatorProcess {
  enum Answer {
    case passed(meaningful: Double, sourceSize: Int)
    case skipped(String)
    case failed(ProgramCheck.Failure)
  }

  private var process: Process?
  private var input = Pipe()
  private var output = Pipe()
  private var buffer = Data()
  private let folder: URL

  /// The longest time that a stage may compute, in seconds.
  private static let limits: [ProgramCheck.Stage: Double] = [
    .interpret: 20, .plan: 25, .compile: 30, .run: 30,
  ]

  /// The longest time that a process may do nothing, in seconds.
  private static let patience = 60.0

  init() throws {
    // Writing to a process that has died is an error, and no reason to die.
    signal(SIGPIPE, SIG_IGN)
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("random-programs-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Ends the process and removes what the driver kept.
  func close() {
    stop()
    try? FileManager.default.removeItem(at: folder)
  }

  func check(_ random: RandomCase, _ profiles: [String]) -> Answer {
    do { try start() } catch { return .skipped("cannot start: \(error)") }
    let text = Data(random.text.utf8)
    let header = Data("case \(text.count) \(profiles.joined(separator: ","))\n".utf8)
    var stage = ProgramCheck.Stage.interpret
    func failed(_ kind: ProgramCheck.Failure.Kind, _ message: String) -> Answer {
      .failed(.init(kind: kind, profile: profiles.joined(separator: ","), message: message))
    }
    do { try input.fileHandleForWriting.write(contentsOf: header + text) } catch {
      stop()
      return .skipped("cannot write: \(error)")
    }
    while true {
      switch line(computing: EvaluatorProcess.limits[stage] ?? 30) {
      case .timeout:
        stop()
        switch stage {
        case .interpret: return .skipped("the interpreter takes too long")
        case .plan: return failed(.slow, "planning takes too long")
        case .compile: return failed(.slow, "compiling takes too long")
        case .run: return failed(.crashed, "running does not end")
        }
      case .end:
        stop()
        return stage == .interpret
          ? .skipped("the interpreter died") : failed(.crashed, "died at \(stage.rawValue)")
      case .text(let line):
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        switch words.first {
        case "stage": stage = ProgramCheck.Stage(rawValue: words[1]) ?? stage
        case "passed":
          return .passed(meaningful: Double(words[1]) ?? 0, sourceSize: Int(words[2]) ?? 0)
        case "skipped": return .skipped(String(line.dropFirst(8)))
        case "failed":
          let message = bytes(Int(words[3]) ?? 0)
          let kind = ProgramCheck.Failure.Kind(rawValue: words[1]) ?? .wrong
          return .failed(.init(kind: kind, profile: words[2], message: message))
        default: break
        }
      }
    }
  }

  // MARK: The process

  private func start() throws {
    if let process, process.isRunning { return }
    let process = Process()
    (input, output, buffer) = (Pipe(), Pipe(), Data())
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe")
    process.arguments = ["evaluate"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging([
      "SWIFT_BACKTRACE": "enable=no", "VMAP_CACHE": "0", "POCL_CACHE_DIR": folder.path,
    ]) { $1 }
    try process.run()
    self.process = process
  }

  private func stop() {
    guard let process else { return }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    self.process = nil
    // The driver keeps a folder for each program.
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    for file in files ?? [] { try? FileManager.default.removeItem(at: file) }
  }

  // MARK: Lines

  private enum Line {
    case text(String)
    case end, timeout
  }

  /// The next line, or a timeout when the process has computed for some time, or done nothing for longer.
  private func line(computing seconds: Double) -> Line {
    let start = processorTime
    var (last, lastProgress) = (start, Date())
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer = Data(buffer[(end + 1)...])
        return .text(line)
      }
      switch fill(until: Date().addingTimeInterval(5)) {
      case .text: continue
      case .timeout:
        // On a busy machine a process may hardly come to compute: only one that does nothing is stuck.
        let now = processorTime
        if now - last > 0.01 { (last, lastProgress) = (now, Date()) }
        let isStuck = Date().timeIntervalSince(lastProgress) > EvaluatorProcess.patience
        if now - start > seconds || isStuck { return .timeout }
      case let other: return other
      }
    }
  }

  /// How long the process has computed, in seconds.
  private var processorTime: Double {
    guard let process,
      let text = try? String(
        contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
    else { return 0 }
    // After the name: the 12th and 13th numbers are ticks in the program and in the system.
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    let ticks = fields.dropFirst(12).prefix(2).compactMap { Double($0) }.reduce(0, +)
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private func bytes(_ count: Int) -> String {
    let deadline = Date().addingTimeInterval(10)
    while buffer.count < count + 1 {
      guard case .text = fill(until: deadline) else { break }
    }
    let text = String(decoding: buffer.prefix(count), as: UTF8.self)
    buffer = Data(buffer.dropFirst(count + 1))
    return text
  }

  /// Reads what there is, or waits for it.
  private func fill(until deadline: Date) -> Line {
    let handle = output.fileHandleForReading
    var request = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(max(0, min(1e6, 1000 * deadline.timeIntervalSinceNow)))
    guard poll(&request, 1, milliseconds) > 0 else { return .timeout }
    let data = handle.availableData
    if data.isEmpty { return .end }
    buffer += data
    return .text("")
  }
}
