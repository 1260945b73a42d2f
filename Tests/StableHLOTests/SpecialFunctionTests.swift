import StableHLO
import Testing
import VMap

/// Functions of CHLO that are made of others.
@Suite struct SpecialFunctionTests {
  @Test(arguments: ["f64", "f32", "f16", "bf16"])
  func zetaAndPolygamma(type: String) throws {
    let tensor = "tensor<2x\(type)>"
    let f = try StableHLO.function(
      Modules.main(
        "(%a: \(tensor), %b: \(tensor)) -> (tensor<2xf64>, tensor<2xf64>)",
        """
        %0 = chlo.zeta %a, %b : \(tensor), \(tensor) -> \(tensor)
        %1 = chlo.polygamma %a, %b : \(tensor), \(tensor) -> \(tensor)
        %2 = stablehlo.convert %0 : (\(tensor)) -> tensor<2xf64>
        %3 = stablehlo.convert %1 : (\(tensor)) -> tensor<2xf64>
        return %2, %3 : tensor<2xf64>, tensor<2xf64>
        """))
    let place = try StableHLO.function(
      Modules.main(
        "(%a: tensor<2xf64>) -> \(tensor)",
        "%0 = stablehlo.convert %a : (tensor<2xf64>) -> \(tensor)\nreturn %0 : \(tensor)"))
    // Numbers that all types hold.
    let x = try jit(place)([AnyTensor([2], [2, 3] as [Double])])
    let q = try jit(place)([AnyTensor([2], [1, 0.5] as [Double])])
    let results = try jit(f)(x + q)
    // ζ(2, 1), ζ(3, ½), ψ″(1), ψ‴(½).
    let expected = [1.6449340668482264, 8.414398322117158, -2.4041138063191886, 97.40909103400244]
    let actual = try results[0].scalars(Double.self) + results[1].scalars(Double.self)
    let roundings = ["f64": 0x1p-47, "f32": 0x1p-19, "f16": 0x1p-11, "bf16": 0x1p-8]
    for (a, e) in zip(actual, expected) {
      #expect(abs(a - e) <= abs(e) * roundings[type, default: 0], "\(a), expected \(e)")
    }
  }

  @Test func integersAreRefused() {
    let error = #expect(throws: StableHLOError.self) {
      try StableHLO.function(
        Modules.main(
          "(%a: tensor<i32>) -> tensor<i32>",
          "%0 = chlo.zeta %a, %a : tensor<i32>, tensor<i32> -> tensor<i32>\nreturn %0 : tensor<i32>"
        ))
    }
    #expect(error?.message.contains("zeta") == true)
  }
}
