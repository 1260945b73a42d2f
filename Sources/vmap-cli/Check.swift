import ArgumentParser
import Foundation
import StableHLO
import VMap

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs modules that check themselves, and cases with expected results.",
    discussion: """
      A module checks itself where @main takes nothing and calls check.expect_eq, check.expect_close \
      or check.expect_almost_eq. A case is a .json file with a module, vmaps, arguments and results; \
      other .json files in a folder are left out. \
      Prints a line for each file that does not pass, then a table of the operations in all files. \
      Ends with an error where a result is wrong; what is refused, because it is not supported yet, \
      is no error.
      """)

  @OptionGroup var options: DeviceOptions
  @Argument(help: "Files, or folders to look for them in.") var paths: [String]
  @OptionGroup var timeLimit: TimeLimit
  @Flag(help: "Print JSON in place of text.") var json = false
  @Flag(help: "Print each file before it is checked, to see which one ends the process.")
  var verbose = false

  private struct Report: Encodable {
    struct File: Encodable {
      var file: String
      var outcome: CheckOutcome
      var reason: String
      var seconds: Double
    }

    var pass: Int
    var refused: Int
    var wrong: Int
    var files: [File]
  }

  func run() throws {
    options.apply()
    timeLimit.start()
    let files = try paths.flatMap(CheckedFiles.find)
    guard !files.isEmpty else { throw CommandError("there is nothing to check in \(paths)") }
    var reports: [CheckReport] = []
    for file in files {
      if verbose { try Console.printError(file) }
      let report = CheckedFile.check(file)
      reports.append(report)
      if !json, report.outcome != .pass {
        try Console.print("\(report.outcome.rawValue): \(report.file): \(report.reasonAlone)")
      }
    }
    func count(_ outcome: CheckOutcome) -> Int { reports.count { $0.outcome == outcome } }
    if json {
      try Console.print(
        JSON.text(
          Report(
            pass: count(.pass), refused: count(.refused), wrong: count(.wrong),
            files: reports.map {
              .init(
                file: $0.file, outcome: $0.outcome, reason: $0.reason, seconds: $0.seconds)
            })))
    } else {
      try Console.print(CheckTable(reports).text)
      try Console.print(
        "\(count(.pass)) pass, \(count(.refused)) refused, \(count(.wrong)) wrong, "
          + "of \(quantity(reports.count, "file"))")
    }
    if count(.wrong) > 0 { throw ExitCode.failure }
  }
}

extension CheckReport {
  /// The reason without the name of the file in front.
  fileprivate var reasonAlone: String {
    guard reason.hasPrefix("\(file):") else { return reason }
    return String(reason.dropFirst(file.count + 1).trimmingPrefix(" "))
  }
}

/// The files to check.
enum CheckedFiles {
  /// A file as it is, or all cases and modules in a folder; the module of a case is part of it.
  static func find(_ path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandError("there is no file \(path)")
    }
    guard isFolder.boolValue else { return [path] }
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    func place(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }
    let cases = Set(names.filter { $0.hasSuffix(".json") && CheckedFile.isCase(place($0)) })
    return names.filter { name in
      cases.contains(name) || name.hasSuffix(".mlir") && !cases.contains(name.caseName)
    }.map(place)
  }
}

extension String {
  /// The name of the case that a module may belong to.
  fileprivate var caseName: String { dropLast(".mlir".count) + ".json" }
}
