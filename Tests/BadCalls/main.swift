// Makes calls that a user could make by mistake, and checks how each one ends.
//
//     bad-calls list          the names of all cases
//     bad-calls NAME…         runs cases; the status is 0 where each one ended as it should
//     bad-calls crash         ends with a signal, as a case would that traps

import Glibc

let names = Array(CommandLine.arguments.dropFirst())
if names.isEmpty || names == ["list"] {
  for bad in CaseList.all.cases { print(bad.name) }
  exit(0)
}

if names == ["crash"] { raise(SIGILL) }

// What hangs ends with a signal.
alarm(120)
var failures = 0
for name in names {
  guard let bad = CaseList.all.cases.first(where: { $0.name == name }) else {
    print("\(name): there is no case of this name")
    failures += 1
    continue
  }
  let (text, isExpected) = bad.run()
  print("\(name) \(text)")
  fflush(nil)
  if !isExpected {
    print("\(name) FAILED: expected \(bad.expectation)")
    failures += 1
  }
}
exit(failures == 0 ? 0 : 1)
