import Foundation
import Testing

@testable import VMap

/// Functions of complex numbers against arbitrary precision, by the modulus of the result.
///
/// `Scripts/complex-references` writes the table.
@Suite struct ComplexAccuracyTests {
  /// The most units in the last place of the modulus; parts alone may be further off where the other one
  /// is larger.
  private static func bound(_ name: String) -> Double {
    switch name {
    case "sin", "cos", "tan", "sinh", "cosh", "tanh", "expm1", "logistic": 3
    default: 2
    }
  }

  private struct Table {
    var arguments: [Double] = []
    /// Results as real and imaginary parts, each a sum of two numbers.
    var results: [(name: String, numbers: [Double])] = []

    init() throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "ComplexReferences/references.txt")
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        let numbers = try words.dropFirst().map { try #require(Double($0)) }
        if words[0] == "arguments" {
          arguments = numbers
        } else {
          results.append((String(words[0]), numbers))
        }
      }
    }
  }

  private func apply(_ name: String, _ x: AnyTensor, _ y: AnyTensor) throws -> AnyTensor {
    let words = name.split(separator: ":")
    if words.count == 2 {
      let exponent = try #require(Int(words[1]))
      return try .applying("integer_pow", [Attribute("y", .integer(exponent))], to: [x])
    }
    return try .applying(name, to: ["mul", "div", "pow"].contains(name) ? [x, y] : [x])
  }

  private func check<Part: BinaryFloatingPoint & BitwiseCopyable>(
    _: Part.Type, _ element: ElementType
  ) throws {
    let table = try Table()
    let count = table.arguments.count / 4
    func argument(_ place: Int) throws -> AnyTensor {
      let parts = (0..<count).flatMap { row in
        (0..<2).map { Part(table.arguments[4 * row + 2 * place + $0]) }
      }
      return try parts.withUnsafeBytes {
        try AnyTensor(TensorType(element: element, shape: [count]), bytes: $0)
      }
    }
    let scalar = TensorType(element: element, shape: [])
    let function = AnyFunction(
      name: "all", parameters: [scalar, scalar], results: table.results.map { _ in scalar }
    ) { arguments in
      try table.results.map { try apply($0.name, arguments[0], arguments[1]) }
    }
    let results = try vmap(function)([argument(0), argument(1)])
    for (result, reference) in zip(results, table.results) {
      let parts = try result.withBytes { Array($0.bindMemory(to: Part.self)) }
      var worst = (error: 0.0, row: 0)
      for row in 0..<count {
        let numbers = reference.numbers[4 * row..<4 * row + 4].map { $0 }
        let modulus = Part((numbers[0] * numbers[0] + numbers[2] * numbers[2]).squareRoot())
        func difference(_ part: Int) -> Double {
          (Double(parts[2 * row + part]) - numbers[2 * part]) - numbers[2 * part + 1]
        }
        let (real, imaginary) = (difference(0), difference(1))
        let error = (real * real + imaginary * imaginary).squareRoot() / Double(modulus.ulp)
        if !(error <= worst.error) { worst = (error, row) }
      }
      #expect(
        worst.error <= Self.bound(reference.name),
        "\(reference.name) on \(element) is off by \(worst.error) ulp in row \(worst.row)")
    }
  }

  @Test func single() throws { try check(Float.self, .complex64) }
  @Test func double() throws { try check(Double.self, .complex128) }
}
