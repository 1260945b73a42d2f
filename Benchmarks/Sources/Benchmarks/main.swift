import Foundation
import VMap

// The Swift side of the benchmark. It is driven over its standard input, a command a line, so that
// two sides can take turns while the inputs stay where each wants them:
//
//   load FUNCTION INPUT.npy…   reads the inputs; the first call compiles
//   time SECONDS CALLS         calls, and prints how long each call took, in seconds
//   save FOLDER                writes the results to FOLDER/ours-0.npy, …
//   sizes COUNT INPUT.npy      calls a function with batches of sizes that it has not seen
//   lowered                    prints what the function is compiled to
//   device                     prints the name of the device
//
// `Benchmarks first` makes one call and ends: the start of a process. `Benchmarks ragged` compares examples
// of different lengths with rows of one.

/// Seconds of a clock that only goes forward.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Answers to the driver, a line each.
func answer(_ text: String) {
  print(text)
  fflush(nil)
}

/// The time of each call, for so long and at most so often.
func times(_ call: Workloads.Call, seconds: Double, calls: Int) throws -> [Double] {
  var times: [Double] = []
  let end = now() + seconds
  repeat {
    let start = now()
    _ = try call.run()
    times.append(now() - start)
  } while times.count < calls && now() < end
  return times
}

/// The time of calls with batches of sizes that are new.
func newSizes(_ count: Int, _ input: F) throws -> [Double] {
  let function = vmap { (x: F) in tanh(x * 2 + 1).sum() }
  func batch(_ size: Int) throws -> F { try input[0..<size].ready() }
  _ = try function(batch(64)).ready()
  var times: [Double] = []
  for number in 0..<count {
    let x = try batch(100 + 37 * number)
    let start = now()
    try function(x).ready()
    times.append(now() - start)
  }
  return times
}

func serve() throws {
  var call: Workloads.Call?
  func loaded() throws -> Workloads.Call {
    guard let call else { throw BenchmarkError("no function is loaded") }
    return call
  }
  while let line = readLine() {
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case "load":
      let inputs = try words.dropFirst(2).map { try AnyTensor(contentsOfNPY: $0) }
      call = try Workloads.call(words[1], inputs)
      answer("ok")
    case "time":
      let times = try times(loaded(), seconds: Double(words[1]) ?? 1, calls: Int(words[2]) ?? 1)
      answer(times.map { "\($0)" }.joined(separator: " "))
    case "lowered": answer("\(try loaded().lowered())")
    case "save":
      for (number, result) in try loaded().run().enumerated() {
        try result.write(toNPY: "\(words[1])/ours-\(number).npy")
      }
      answer("ok")
    case "sizes":
      let input = try F(contentsOfNPY: words[2])
      answer(try newSizes(Int(words[1]) ?? 1, input).map { "\($0)" }.joined(separator: " "))
    case "device": answer(try currentDevice().name)
    default: answer("unknown command \(line)")
    }
  }
}

do {
  if CommandLine.arguments.dropFirst().first == "first" {
    let x = F.ones([16, 100])
    let y = try vmap { (x: F, y: F) in tanh(x + y) }(x, x)
    print(try y.scalars().reduce(0, +))
  } else if CommandLine.arguments.dropFirst().first == "ragged" {
    try DifferentLengths.report()
  } else {
    try serve()
  }
} catch {
  FileHandle.standardError.write(Data("benchmark: \(error)\n".utf8))
  exit(1)
}
