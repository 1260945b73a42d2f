import Foundation
import Testing
import VMapTestSupport

@testable import StableHLO

/// Files with answers from elsewhere.
@Suite struct CheckTests {
  private func check(_ files: [URL]) -> [CheckReport] { files.map { CheckedFile.check($0.path) } }

  private func expectNoneWrong(_ reports: [CheckReport]) {
    for report in reports where report.outcome == .wrong {
      Issue.record("\(report.file): \(report.reason)")
    }
    // What is refused is refused for something that has a name.
    for report in reports where report.outcome == .refused {
      #expect(report.reason.contains("not supported yet: "), "\(report.reason)")
    }
  }

  /// Per-example functions that JAX traced, mapped and computed, and calls that must fail.
  @Test func conformance() throws {
    let files = try Modules.files(in: Modules.conformance, ending: ".json")
    #expect(files.count == 273)
    // Many are one function on other axes or types; how a call fails is told by each alone.
    let many: Set = ["axes", "binary", "integer", "reduce", "unary"]
    let isOneOfMany = { (file: URL) in
      many.contains(String(file.lastPathComponent.prefix { $0 != "_" }))
    }
    let sample = Modules.sample(files.filter(isOneOfMany), everyOf: 3) { $0.prefix { $0 != "_" } }
    let reports = check(files.filter { !isOneOfMany($0) } + sample)
    expectNoneWrong(reports)
    #expect(reports.count { $0.outcome != .pass } <= 3)
    #expect(reports.count >= 140)
    let errors = reports.filter { $0.file.contains("/error_") }
    #expect(errors.count == 15)
    #expect(errors.allSatisfy { $0.outcome == .pass })
  }

  /// Functions that JAX traced and differentiated in double precision; reverse mode through open loops
  /// is the transpose of its forward mode.
  @Test func derivatives() throws {
    let files = try Modules.files(in: Modules.derivatives, ending: ".json")
    let sample = Modules.sample(files, everyOf: 3) { name in
      name.prefix { $0 != "_" } + (name.split(separator: "_").dropFirst().first ?? "")
    }
    let reports = check(sample)
    expectNoneWrong(reports)
    #expect(reports.count { $0.outcome == .pass } >= 40)
  }

  /// The tests of StableHLO itself.
  @Test(
    .enabled(
      if: Modules.stableHLO != nil,
      "there is no folder ../shared/stablehlo-testdata, and STABLEHLO_TESTDATA names none"))
  func stableHLO() throws {
    let folder = try #require(Modules.stableHLO)
    let files = try Modules.files(in: folder, ending: ".mlir")
    let reports = check(
      Modules.sample(files, everyOf: 12) { name in
        // What is before the first type.
        let type = /_(bfloat16|float\d+|u?int\d+|complex\d+|bool)/
        return name[..<(name.firstMatch(of: type)?.range.lowerBound ?? name.endIndex)]
      })
    expectNoneWrong(reports)
    let passing = reports.count { $0.outcome == .pass }
    #expect(passing >= (BatchCheck.isExhaustive ? 346 : 60))
  }

  /// A check that fails is seen, with its place.
  @Test func differencesAreSeen() throws {
    func outcome(_ check: String, _ actual: String, _ expected: String, _ type: String) throws
      -> CheckReport
    {
      let folder = try TemporaryFolder()
      let path = try folder.write(
        "check.mlir",
        """
        func.func @main() {
          %0 = stablehlo.constant dense<\(actual)> : tensor<2x\(type)>
          %1 = stablehlo.constant dense<\(expected)> : tensor<2x\(type)>
          \(check)
          return
        }
        """)
      return CheckedFile.check(path)
    }
    let equal = "check.expect_eq %0, %1 : tensor<2xf32>"
    let close =
      "stablehlo.custom_call @check.expect_close(%0, %1) {has_side_effect = true} "
      + ": (tensor<2xf32>, tensor<2xf32>) -> ()"
    let almost = "check.expect_almost_eq %0, %1 : tensor<2xf32>"
    let far =
      "check.expect_close %0, %1, max_ulp_difference = 5, min_ulp_difference = 4 "
      + ": tensor<2xf32>, tensor<2xf32>"
    func isPass(_ check: String, _ actual: String, _ expected: String) throws -> Bool {
      try outcome(check, actual, expected, "f32").outcome == .pass
    }
    #expect(try isPass(equal, "[1.0, 0x7FC00000]", "[1.0, 0x7FC00001]"))
    #expect(try isPass(equal, "[0.0, 2.0]", "[-0.0, 2.0]"))
    #expect(try !isPass(equal, "[1.0, 2.0]", "[1.0, 0x40000001]"))
    #expect(try isPass(close, "[1.0, 2.0]", "[1.0, 0x40000003]"))
    #expect(try !isPass(close, "[1.0, 2.0]", "[1.0, 0x40000004]"))
    #expect(try !isPass(close, "[1.0, 0x7F800000]", "[1.0, 0x7F7FFFFF]"))
    #expect(try !isPass(close, "[1.0, 0x7FC00000]", "[1.0, 1.0]"))
    #expect(try isPass(far, "[1.0, 2.0]", "[0x3F800004, 0x40000005]"))
    #expect(try !isPass(far, "[1.0, 2.0]", "[0x3F800004, 0x40000003]"))
    #expect(try isPass(almost, "[1.0, 0.0]", "[1.00009, -0.00009]"))
    #expect(try !isPass(almost, "[1.0, 0.0]", "[1.0002, 0.0]"))
    // Above 1024 neighbours are further apart than the tolerance.
    #expect(try isPass(almost, "[1163.9612, 0.0]", "[1163.9613, 0.0]"))
    #expect(try !isPass(almost, "[1163.9611, 0.0]", "[1163.9613, 0.0]"))
    func isPass(complex check: String, _ actual: String, _ expected: String) throws -> Bool {
      let check = check.replacing("2xf32", with: "2xcomplex<f32>")
      return try outcome(check, actual, expected, "complex<f32>").outcome == .pass
    }
    let one = "[(1.0, 2.0), (3.0, 4.0)]"
    #expect(try isPass(complex: equal, one, one))
    #expect(try !isPass(complex: equal, one, "[(1.0, 2.0), (3.0, 0x40800001)]"))
    #expect(try isPass(complex: close, one, "[(1.0, 0x40000003), (0x40400003, 4.0)]"))
    #expect(try !isPass(complex: close, one, "[(0x3F800004, 2.0), (3.0, 4.0)]"))
    #expect(try !isPass(complex: almost, one, "[(1.0, 2.0), (3.0002, 4.0)]"))
    let report = try outcome(equal, "[1.0, 2.0]", "[1.0, 3.0]", "f32")
    #expect(report.outcome == .wrong)
    #expect(report.reason.contains("check.mlir:4:3: element [1] is 2.0, 3.0 is expected"))
    #expect(report.reason.contains("1 of 2 elements differ"))
    let integers = try outcome(
      "check.expect_eq %0, %1 : tensor<2xi64>", "[1, 9007199254740993]",
      "[1, 9007199254740992]", "i64")
    #expect(integers.outcome == .wrong)
    // A module that compares nothing proves nothing.
    #expect(try outcome("", "[1.0, 2.0]", "[1.0, 3.0]", "f32").outcome == .wrong)
  }

  /// A case whose result, or whose error, differs is seen.
  @Test func wrongCasesAreSeen() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "f.mlir",
      Modules.main(
        "(%a: tensor<f32>) -> tensor<f32>",
        "%0 = stablehlo.negate %a : tensor<f32>\nreturn %0 : tensor<f32>"))
    func outcome(_ results: String) throws -> CheckOutcome {
      let path = try folder.write(
        "f.json",
        """
        {"name": "f", "module": "f.mlir", "vmaps": [{"in_axes": [0], "out_axes": [0]}],
        "args": [{"dtype": "f32", "shape": [2], "data_base64": "AACAPwAAAEA="}], \(results)}
        """)
      return CheckedFile.check(path).outcome
    }
    let right = #""results": [{"dtype": "f32", "shape": [2], "data_base64": "AACAvwAAAMA="}]"#
    let wrong = #""results": [{"dtype": "f32", "shape": [2], "data_base64": "AACAvwAAAEA="}]"#
    let shape = #""results": [{"dtype": "f32", "shape": [1, 2], "data_base64": "AACAvwAAAMA="}]"#
    #expect(try outcome(right) == .pass)
    #expect(try outcome(wrong) == .wrong)
    #expect(try outcome(shape) == .wrong)
    #expect(try outcome(#""results": []"#) == .wrong)
    #expect(try outcome(#""error": "nothing_mapped""#) == .wrong)
    #expect(try outcome("") == .wrong)
  }

  /// A tolerance that accepts nothing, or all, is a mistake.
  @Test func impossibleTolerances() throws {
    let folder = try TemporaryFolder()
    func reason(_ name: String, _ text: String) throws -> String {
      CheckedFile.check(try folder.write(name, text)).reason
    }
    func module(_ check: String) -> String {
      """
      func.func @main() {
        %0 = stablehlo.constant dense<1.0> : tensor<f32>
        \(check) : (tensor<f32>, tensor<f32>) -> ()
        return
      }
      """
    }
    let almost = module("\"check.expect_almost_eq\"(%0, %0) {tolerance = -1.0 : f64}")
    #expect(try reason("almost.mlir", almost).contains("should not be negative, got -1.0"))
    let close = module(
      "\"check.expect_close\"(%0, %0) {min_ulp_difference = 2, max_ulp_difference = 1}")
    #expect(try reason("close.mlir", close).contains("min_ulp_difference, 2, should be at most"))
    let start = "{\"module\": \"a.mlir\", \"vmaps\": [], \"args\": [], \"results\": [], "
    _ = try folder.write("a.mlir", "func.func @main() { return }")
    let absolute = try reason("a.json", start + "\"atol\": -1}")
    #expect(absolute.contains("atol should not be negative, got -1.0"))
    let relative = try reason("r.json", start + "\"rtol\": -1e-3}")
    #expect(relative.contains("rtol should not be negative"))
    let zero = start.replacing("a.mlir", with: "a\\u0000.mlir")
    #expect(try reason("z.json", zero + "\"atol\": 0}").contains("a path has no zero bytes"))
  }
}
