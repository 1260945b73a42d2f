// Runs kernels of every family on small batches and checks what they compute.
//
//     kernel-families list                 the names of all families
//     kernel-families                      runs all of them
//     kernel-families NAME… -NAME…         runs those named, or all but those with a minus sign
//     kernel-families sizes=1,33 NAME…     with other batch sizes than 1, 5, 17 and 33
//     kernel-families bits NAME…           tells also what distinguishes the results' bits from others
//
// The status is 0 where every result is right. All is done in one thread and at sizes at which an
// interpreting OpenCL implementation is fast enough.

import Device
import Glibc
import VMap

/// Ends the process because of a wrong argument.
func refuse(_ text: String) -> Never {
  print("kernel-families: \(text)")
  exit(2)
}

var sizes = [1, 5, 17, 33]
var tellsBits = false
var chosen: Set<String> = []
var excluded: Set<String> = []
let families = FamilyList.all.families
let names = families.map(\.name)

for argument in CommandLine.arguments.dropFirst() {
  if argument == "list" {
    names.forEach { print($0) }
    exit(0)
  }
  if argument == "bits" {
    tellsBits = true
    continue
  }
  if argument.hasPrefix("sizes=") {
    sizes = argument.dropFirst("sizes=".count).split(separator: ",").map {
      guard let size = Int($0), size > 0 else { refuse("\"\($0)\" is no batch size") }
      return size
    }
    continue
  }
  let name = String(argument.drop { $0 == "-" })
  guard names.contains(name) else { refuse("there is no family \"\(name)\"; try list") }
  if argument.hasPrefix("-") { excluded.insert(name) } else { chosen.insert(name) }
}

// Every buffer is as large as it has to be and is used once, so that an access beyond it is one.
var configuration = Context.Configuration()
configuration.roundsSizes = false
configuration.poolLimit = 0
// Where the host can write to it, new memory is full of NaNs: what is read before it is written
// shows in results.
configuration.driver.allocateShared = { context, byteCount, alignment in
  guard let memory = Driver.system.allocateShared(context, byteCount, alignment) else { return nil }
  memset(memory, 0xff, byteCount)
  return memory
}
Context.configureShared(configuration)

var failures = 0
for family in families where !excluded.contains(family.name) {
  guard chosen.isEmpty || chosen.contains(family.name) else { continue }
  Digest.current = Digest()
  let problems = family.run(sizes)
  failures += problems.count
  let bits = tellsBits ? ", \(String(Digest.current.value, radix: 16))" : ""
  print("\(family.name): \(problems.isEmpty ? "right" : "WRONG")\(bits)")
  problems.forEach { print("  \($0)") }
  fflush(nil)
}
exit(failures == 0 ? 0 : 1)
