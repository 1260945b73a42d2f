import Foundation
import Testing
import VMap

@testable import VMapTestSupport

/// Where the command reads from and writes to.
@Suite(.timeLimit(.minutes(2))) struct CommandFileTests {
  private let folder: TemporaryFolder
  private let module: String
  private let input: String

  init() throws {
    folder = try TemporaryFolder()
    module = try folder.write(
      "negate.mlir",
      Modules.main(
        "(%a: tensor<f32>) -> tensor<f32>",
        "%0 = stablehlo.negate %a : tensor<f32>\nreturn %0 : tensor<f32>"))
    input = folder.path("a.npy")
    try Tensor<Float>([1, 2, 3]).write(toNPY: input)
  }

  /// What is printed and not written is lost, and the command says so.
  @Test func everyWriteIsChecked() throws {
    let map = [module, "--in-axes", "0"]
    for arguments in [
      ["run"] + map + [input], ["run"] + map + [input, "--json"], ["show"] + map, ["devices"],
      ["check", module], ["--help"],
    ] {
      let outcome = try Command.run(arguments, output: "/dev/full")
      #expect(outcome.status == 1, "\(arguments)")
      #expect(outcome.errors.contains("cannot write the standard output: No space left"))
    }
    let timed = try Command.run(["run"] + map + [input, "--time"], errors: "/dev/full")
    #expect(timed.status == 1)
    #expect(try Command.run(["check", module, "--verbose"], errors: "/dev/full").status == 1)
  }

  /// An array and a report behind it in one file.
  @Test func theStandardOutputIsNotReplaced() throws {
    let path = folder.path("output")
    let outcome = try Command.run(
      ["run", module, "--in-axes", "0", input, "--json", "-o", "/dev/stdout"], output: path)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasSuffix("}\n"))
    #expect(try Tensor<Float>(contentsOfNPY: path).scalars() == [-1, -2, -3])
  }

  /// Arrays by their names in archives, in and out; large ones stay in their files.
  @Test func arraysInArchives() throws {
    let batch = ["run", module, "--in-axes", "0"]
    let x = AnyTensor(Tensor<Float>((0..<300_000).map(Float.init)))
    let expected = try (-Tensor<Float>(x)).scalars()
    try x.write(toNPY: folder.path("x.npy"))
    for format in ["npz", "safetensors"] {
      let path = folder.path("a.\(format)")
      try TensorArchive.write(["x": x, "y:z": AnyTensor(Tensor<Float>([5]))], to: path)
      let (all, one) = (folder.path("all.\(format)"), folder.path("one.\(format)"))
      for (input, output) in [
        ("\(path):x", all), (folder.path("x.npy"), "\(one):negative"),
        ("\(all):arr_0", "/dev/null"),
        (all, "/dev/null"),
      ] {
        let outcome = try Command.run(batch + [input, "-o", output])
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let results = try TensorArchive(contentsOf: all)
      #expect(results.names == ["arr_0"])
      #expect(try results.tensor("arr_0", of: Float.self).scalars() == expected)
      let named = try TensorArchive(contentsOf: one)
      #expect(try named.tensor("negative", of: Float.self).scalars() == expected)
      #expect(try Command.run(batch + ["\(path):y:z"]).output == "[-5.]\n")
      for (input, message) in [
        (path, "a.\(format) has 2 arrays, an argument is one: "),
        ("\(path):w", "there is no \"w\""),
        ("\(path):", "there is no \"\""), (folder.path("none.\(format):w"), "No such file"),
      ] {
        let outcome = try Command.run(batch + [input])
        #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
      }
    }
    for outputs in [["a.npz:"], ["a.npz", "b.npz"], ["a.npz:x", "a.npz:x"]] {
      let outcome = try Command.run(batch + [input, "-o"] + outputs)
      #expect(
        outcome.status == 64 && outcome.errors.contains("-o names a.npz"), "\(outcome.errors)")
    }
  }

  @Test func onlyWhatEndsIsRead() throws {
    let pipe = folder.path("pipe.mlir")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, noun) in [(pipe, "pipe"), ("/dev/zero", "device"), ("/dev", "directory")] {
      for arguments in [["run", path], ["run", module, path]] {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("it is a \(noun), expected a regular file or /dev/stdin"))
      }
    }
    #expect(mkfifo(folder.path("other.json"), 0o600) == 0)
    let checked = try Command.run(["check", folder.url.path])
    #expect(checked.output.contains("wrong: \(pipe): cannot read the file: it is a pipe"))
    #expect(checked.output.contains("other.json: cannot read the file: it is a pipe"))
    let sparse = folder.path("sparse.mlir")
    #expect(FileManager.default.createFile(atPath: sparse, contents: nil))
    #expect(truncate(sparse, 1 << 40) == 0)
    let large = try Command.run(["run", sparse])
    #expect(large.errors.contains("it has more than the 1073741824 bytes that are read"))
  }

  /// Whatever stands behind the command, it ends, and with a status of its own.
  @Test func anyOptionsEndWell() throws {
    var random = SplitMix(state: 1)
    let pipe = folder.path("pipe.npy")
    #expect(mkfifo(pipe, 0o600) == 0)
    let words = [
      "run", "show", "check", "devices", module, input, pipe, "/dev/zero", "", "-", "--", "-1", "0",
      "--in-axes", "none,0", "0,", ",", "--out-axes", "--chunk", "--entry", "main", "--device",
      "cpu",
      "--profile", "scalar", "--max-iterations", "--time-limit", "9223372036854775808", "1e400",
      "--json", "\u{feff}", "--size", "--time", "--help", "--in-axes=9223372036854775807",
    ]
    for _ in 0..<40 {
      let first = ["run", "show", "check"][Int.random(in: 0..<3, using: &random)]
      let rest = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        words[Int.random(in: words.indices, using: &random)]
      }
      let arguments = [first, module] + rest
      let outcome = try Command.run(arguments)
      #expect([0, 1, 64].contains(outcome.status), "\(arguments): \(outcome.errors)")
      #expect(outcome.status == 0 || !(outcome.errors + outcome.output).isEmpty, "\(arguments)")
    }
  }

  @Test func aMistakeHasOneStatus() throws {
    func statuses(_ options: [String]) throws -> [Int32] {
      try [
        Command.run(["run", module, input] + options).status,
        Command.run(["show", module] + options).status,
      ]
    }
    for axes in ["3", "0,0", "-4"] { #expect(try statuses(["--in-axes", axes]) == [1, 1]) }
    #expect(try statuses(["--entry", "f"]) == [1, 1])
    for options in [
      ["--in-axes", "x"], ["--device", ""], ["--profile", ""], ["--entry", ""],
      ["--out-axes", "0"],
      Array(repeating: ["--in-axes", "0"], count: 33).flatMap(\.self),
    ] {
      #expect(try statuses(options) == [64, 64], "\(options)")
    }
    let twice = try Command.run(["run", module, input, "-o", "y.npy", "y.npy"])
    #expect(twice.status == 64 && twice.errors.contains("-o names y.npy twice"))
  }
}
