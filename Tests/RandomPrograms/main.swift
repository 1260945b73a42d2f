import Foundation

// Random programs against the interpreter: see `make fuzz`.
//
//   random-programs run [--seed N] [--minutes N] [--count N] [--profile NAMES] [--without KINDS]
//                       [--favoring KINDS] [--found FOLDER]
//   random-programs show SEED [--without KINDS] [--favoring KINDS]
//   random-programs check FILE NAME    one case with a profile
//   random-programs shrink FILE NAME   the smallest case that fails as this one does
//   random-programs listing FILE NAME  what its program compiles to
//   random-programs derivative FILE    the program of a case with its derivatives
//   random-programs evaluate           cases from standard input; what `run` starts

let arguments = CommandLine.arguments.dropFirst()
do {
  switch arguments.first {
  case "evaluate": Evaluation.serve()
  case "run": try FuzzRun(Settings(arguments.dropFirst())).run()
  case "show":
    let seed = UInt64(arguments.dropFirst().first ?? "") ?? 0
    print(try FuzzRun(Settings(arguments.dropFirst(2))).text(of: seed), terminator: "")
  case "check":
    guard arguments.count == 3, let profile = arguments.last else { fallthrough }
    let text = try String(contentsOfFile: arguments[2], encoding: .utf8)
    print(Evaluation.outcome(of: text, profiles: [profile]) { _ in }.joined(separator: "\n"))
  case "shrink":
    guard arguments.count == 3, let profile = arguments.last else { fallthrough }
    let text = try String(contentsOfFile: arguments[2], encoding: .utf8)
    try FuzzRun(Settings([])).shrink(text, profile)
  case "derivative":
    let text = try String(contentsOfFile: arguments.last ?? "", encoding: .utf8)
    print(try Evaluation.derivative(of: text), terminator: "")
  case "listing":
    guard arguments.count == 3, let profile = arguments.last else { fallthrough }
    let text = try String(contentsOfFile: arguments[2], encoding: .utf8)
    print(try Evaluation.listing(of: text, profile: profile))
  default:
    print("random-programs: run, show, check, shrink, listing, derivative or evaluate")
    exit(2)
  }
} catch {
  print("random-programs: \(error)")
  exit(2)
}
