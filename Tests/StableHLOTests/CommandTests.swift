import Foundation
import Testing
import VMap

/// The `vmap` command, run as a process.
@Suite struct CommandTests {
  private func run(_ arguments: [String]) throws -> Command.Outcome { try Command.run(arguments) }

  private func digits(_ names: String...) -> [String] {
    names.map { Modules.digits.appending(path: $0).path }
  }

  @Test func predictsDigits() throws {
    let folder = try TemporaryFolder()
    let result = folder.path("logp.npy")
    let outcome = try run(
      ["run", digits("predict.mlir")[0], "--in-axes", "none,none,none,none,0"]
        + digits("W1.npy", "b1.npy", "W2.npy", "b2.npy", "images.npy") + ["--time", "-o", result])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("run: "))
    let computed = try Tensor<Float>(contentsOfNPY: result)
    let expected = try Tensor<Float>(contentsOfNPY: digits("expected_logp.npy")[0])
    #expect(computed.shape == [360, 10])
    // Sums of 64 products of magnitude 1 and a softmax, rounded at each step.
    for (a, b) in zip(try computed.scalars(), try expected.scalars()) {
      #expect(abs(a - b) <= 1e-5 + 1e-5 * abs(b))
    }
  }

  /// Gradients of one example, mapped: the norm over all parameters for each image.
  @Test func givesGradientsOfDigits() throws {
    let folder = try TemporaryFolder()
    let results = (0..<4).map { folder.path("g\($0).npy") }
    let outcome = try run(
      ["run", digits("per_example_grads.mlir")[0], "--in-axes", "none,none,none,none,0,0"]
        + digits("W1.npy", "b1.npy", "W2.npy", "b2.npy", "images.npy", "labels.npy")
        + ["-o"] + results)
    #expect(outcome.status == 0, "\(outcome.errors)")
    var squares = [Float](repeating: 0, count: 360)
    for path in results {
      let gradient = try Tensor<Float>(contentsOfNPY: path)
      let scalars = try gradient.scalars()
      let size = scalars.count / 360
      for (index, value) in scalars.enumerated() { squares[index / size] += value * value }
    }
    let expected = try Tensor<Float>(contentsOfNPY: digits("expected_grad_norms.npy")[0]).scalars()
    for (square, norm) in zip(squares, expected) {
      #expect(abs(square.squareRoot() - norm) <= 1e-5 + 1e-5 * norm)
    }
  }

  @Test func nestedMapsAndJSON() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write(
      "f.mlir",
      Modules.main(
        "(%a: tensor<3xf32>, %b: tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>)",
        """
        %0 = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0]
          : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
        return %0, %a : tensor<f32>, tensor<3xf32>
        """))
    let a = folder.path("a.npy")
    let b = folder.path("b.npy")
    let result = folder.path("product.npy")
    let copy = folder.path("copy.npy")
    try Tensor<Float>(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]).write(toNPY: a)
    try Tensor<Float>(shape: [3, 2], scalars: [1, 0, 0, 1, 0, 2]).write(toNPY: b)
    let outcome = try run([
      "run", module, "--in-axes", "0,none", "--out-axes", "0,0", "--in-axes", "none,-1",
      "--out-axes", "1,none", a, b, "--json", "-o", result, copy,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try Tensor<Float>(contentsOfNPY: result).scalars() == [1, 8, 4, 17])
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let results = try #require(report["results"] as? [[String: String]])
    #expect(results.map { $0["type"] } == ["f32[2,2]", "f32[2,3]"])
    #expect(results.map { $0["file"] } == [result, copy])
  }

  /// The file does not say that it holds `bf16`; the module does.
  @Test func readsBFloat16() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write(
      "square.mlir",
      Modules.main(
        "(%a: tensor<2xbf16>) -> tensor<2xbf16>",
        "%0 = stablehlo.multiply %a, %a : tensor<2xbf16>\nreturn %0 : tensor<2xbf16>"))
    let (a, result) = (folder.path("a.npy"), folder.path("b.npy"))
    try Tensor<BFloat16>([[1, 2], [0.1, -3]]).write(toNPY: a)
    let outcome = try run(["run", module, "--in-axes", "0", a, "-o", result])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try Tensor<BFloat16>(contentsOfNPY: result).scalars()
        == [1, 4, BFloat16(0.1) * BFloat16(0.1), 9])
  }

  @Test func showsWhatIsCompiled() throws {
    let outcome = try run([
      "show", digits("predict.mlir")[0], "--in-axes", "none,none,none,none,0", "--size", "7",
      "--profile", "nvidia",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for part in [
      "bind_axis", "f32[7,64]", "dot_general", "a work-group is", "kernel __attribute__",
    ] {
      #expect(outcome.output.contains(part))
    }
    #expect(!outcome.output.contains("float16"))
  }

  @Test func listsDevices() throws {
    let outcome = try run(["devices", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((report["devices"] as? [String])?.isEmpty == false)
    #expect(report["chosen"] is String)
    #expect(try run(["devices"]).output.contains("used: "))
  }

  /// What is listed is what `--device` takes.
  @Test func devicesAreListedAsTheyAreChosen() throws {
    let list = try run(["devices"])
    let lines = list.output.split(separator: "\n").dropLast()
    #expect(!lines.isEmpty)
    for line in lines {
      let index = try #require(line.split(separator: " ").first)
      let chosen = try run(["devices", "--device", String(index)])
      #expect(chosen.status == 0 && index.contains(":"), "\(chosen.errors)")
      let used = try #require(chosen.output.split(separator: "\n").last)
      let name = try #require(used.dropFirst("used: ".count).split(separator: " ").first)
      #expect(line.contains(name) && used.contains("\"\(index)\""), "\(used)")
    }
  }

  /// A minus behind an option begins no other option.
  @Test func axesAreCountedFromTheEnd() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write(
      "f.mlir",
      Modules.main(
        "(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32>",
        """
        %0 = stablehlo.subtract %a, %b : tensor<2xf32>
        return %0 : tensor<2xf32>
        """))
    let (a, b, result) = (folder.path("a.npy"), folder.path("b.npy"), folder.path("c.npy"))
    try Tensor<Float>(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]).write(toNPY: a)
    try Tensor<Float>([1, 2]).write(toNPY: b)
    for chunk in [[], ["--chunk", "2"]] {
      let outcome = try run(
        ["run", module, "--in-axes", "-1,none", "--out-axes", "-1"] + chunk
          + [a, b, "-o", result])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let computed = try Tensor<Float>(contentsOfNPY: result)
      #expect(computed.shape == [2, 3])
      #expect(try computed.scalars() == [0, 1, 2, 2, 3, 4])
    }
    let shown = try run(["show", module, "--in-axes", "-1", "--size", "7"])
    #expect(shown.status == 0 && shown.output.contains("dimension=1"), "\(shown.errors)")
  }

  /// Files of other kinds lie beside cases; what looks like a case is one.
  @Test func otherJSONIsNoCase() throws {
    let folder = try TemporaryFolder()
    let module = try folder.write(
      "right.mlir",
      """
      func.func @main() {
        %0 = stablehlo.constant dense<1.0> : tensor<f32>
        check.expect_eq %0, %0 : tensor<f32>
        return
      }
      """)
    let settings = try folder.write("settings.json", "{\"name\": 1}")
    _ = try folder.write("right.json", "[1, 2]")
    let fine = try run(["check", folder.url.path])
    #expect(fine.status == 0, "\(fine.output)")
    #expect(fine.output.contains("1 pass, 0 refused, 0 wrong, of 1 file\n"))
    let named = try run(["check", settings])
    #expect(named.status != 0)
    #expect(named.output.contains("wrong: \(settings): this is no case: it has no \"module\"\n"))
    let cut = try folder.write("cut.json", "{\"module\": \"right.mlir\"")
    let lacking = try folder.write(
      "lacking.json", "{\"module\": \"right.mlir\", \"vmaps\": [{\"in_axes\": 0}]}")
    let failed = try run(["check", folder.url.path])
    #expect(failed.output.contains("wrong: \(cut): this is no case: it is no JSON\n"))
    #expect(failed.output.contains("wrong: \(lacking): this is no case: vmaps.Index 0.in_axes"))
    #expect(failed.output.contains("1 pass, 0 refused, 2 wrong"), "\(failed.output) \(module)")
  }

  @Test func checksFiles() throws {
    let folder = try TemporaryFolder()
    func module(_ expected: String, _ operation: String) -> String {
      """
      func.func @main() {
        %0 = stablehlo.constant dense<1.0> : tensor<f32>
        %1 = "\(operation)"(%0) : (tensor<f32>) -> tensor<f32>
        %2 = stablehlo.constant dense<\(expected)> : tensor<f32>
        check.expect_eq %1, %2 : tensor<f32>
        return
      }
      """
    }
    _ = try folder.write("right.mlir", module("-1.0", "stablehlo.negate"))
    _ = try folder.write("missing.mlir", module("-1.0", "chlo.mine"))
    let fine = try run(["check", folder.url.path])
    #expect(fine.status == 0, "\(fine.output)")
    #expect(fine.output.contains("refused: \(folder.url.path)/missing.mlir: not supported yet"))
    #expect(fine.output.contains("| `stablehlo.negate` | 1/1 |"))
    #expect(fine.output.contains("1 pass, 1 refused, 0 wrong, of 2 files"))
    _ = try folder.write("wrong.mlir", module("-2.0", "stablehlo.negate"))
    let failed = try run(["check", folder.url.path, "--json"])
    #expect(failed.status != 0)
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any])
    #expect(["pass", "refused", "wrong"].map { report[$0] as? Int } == [1, 1, 1])
    let files = try #require(report["files"] as? [[String: Any]])
    #expect(files.map { $0["outcome"] as? String } == ["refused", "pass", "wrong"])
    #expect(files.allSatisfy { $0["seconds"] is Double && $0["reason"] is String })
  }

  @Test func mistakesAreTold() throws {
    func fail(
      _ arguments: [String], _ words: String..., at location: SourceLocation = #_sourceLocation
    ) throws {
      let outcome = try run(arguments)
      #expect(outcome.status != 0, sourceLocation: location)
      for word in words {
        #expect(
          outcome.errors.contains(word), "\"\(word)\" in \(outcome.errors)",
          sourceLocation: location)
      }
    }
    let predict = digits("predict.mlir")[0]
    let inputs = digits("W1.npy", "b1.npy", "W2.npy", "b2.npy", "images.npy")
    let folder = try TemporaryFolder()
    try fail(["run", "/nowhere.mlir"], "Error: /nowhere.mlir: cannot read the file: No such file")
    try fail(
      ["run", predict, "--in-axes", "none,none,none,none,0", inputs[0]],
      "@main takes 5 arguments, got 1")
    try fail(["run", predict, "-o", "y.npy"] + inputs, "6 files", "1 result;", "behind the inputs")
    try fail(["run", predict, "--chunk", "3"] + inputs, "--chunk", "without --in-axes")
    try fail(["run", predict, "--in-axes", "0", "--chunk", "-1"] + inputs, "chunk", "got -1")
    try fail(["show", predict, "--in-axes", "0", "--size", "-1"], "--size", "got -1")
    try fail(["run", predict, "--in-axes", "0"] + inputs.dropLast(), "takes 5 arguments, got 4")
    try fail(["run", predict, "--in-axes", "0"] + inputs, "axisSizeMismatch", "argument 0")
    try fail(["run", predict, "--in-axes", "none,0"] + inputs, "2 entries", "5 arguments")
    try fail(["run", predict, "--in-axes", "none,x"] + inputs, "in-axes")
    try fail(["run", predict] + inputs, "argument 4", "f32[64]", "f32[360,64]")
    try fail(
      ["run", predict, "--in-axes", "none,none,none,none,0"] + inputs + ["-o", "a", "b"],
      "-o names 2 files", "1 result")
    try fail(
      ["run", predict, "--in-axes", "none,none,none,none,0"] + inputs
        + ["-o", "/nowhere/x.npy"], "/nowhere/x.npy")
    try fail(["run", predict, "--out-axes", "0"] + inputs, "--out-axes is given 1 time")
    try fail(["run", predict, "--device", "no such device"] + inputs, "no such device")
    try fail(["run", predict, "--profile", "square"] + inputs, "square", "lanes16")
    try fail(["run", predict, "--entry", "g"] + inputs, "no function @g", "@main")
    try fail(["show", predict, "--in-axes", "9,none,none,none,none"], "axis 9 of argument 0")
    try fail(["check", "/nowhere"], "no file /nowhere")
    try fail(["check", folder.url.path], "nothing to check")
    let text = try folder.write("text.npy", "hello, this is no array")
    try fail(["run", predict, text], text, "\\x93NUMPY")
    let whole = try Data(contentsOf: URL(filePath: inputs[4]))
    let cut = try folder.write("cut.npy", Array(whole.prefix(1000)))
    try fail(["run", predict, cut], cut, "truncated", "[360,64]")
    let header = try folder.write("header.npy", Array(whole.prefix(20)))
    try fail(["run", predict, header], header, "truncated")
  }
}
