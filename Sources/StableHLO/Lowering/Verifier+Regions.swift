/// Operations with regions: loops and branches.
extension Verifier {
  mutating func visitLoop(
    _ operation: Operation, _ frame: inout Lowering.Frame
  ) throws -> Extent {
    let types = frame.function.types
    let state = operation.operands.map { types[$0] }
    guard operation.regions.count == 2,
      operation.regions.allSatisfy({ $0.parameters.map { types[$0] } == state }),
      operation.results.map({ types[$0] }) == state
    else {
      throw LoweringError.invalid(
        "takes a condition and a body with parameters of the types of the operands")
    }
    var extent = Extent()
    for (region, expected) in zip(operation.regions, [[Verifier.scalar("i1")], state]) {
      extent.add(try visit(region, returning: expected, &frame))
    }
    try checkElements(operation, frame)
    extent.loopDepth += 1
    return extent
  }

  /// Verifies a choice; each branch becomes a loop.
  mutating func visitBranches(
    _ operation: Operation, _ frame: inout Lowering.Frame
  ) throws -> Extent {
    let types = frame.function.types
    let isCase = operation.name == "stablehlo.case"
    guard operation.operands.map({ types[$0] }) == [Verifier.scalar(isCase ? "i32" : "i1")],
      isCase ? !operation.regions.isEmpty : operation.regions.count == 2,
      operation.regions.allSatisfy(\.parameters.isEmpty)
    else {
      throw LoweringError.invalid(
        isCase
          ? "takes an index, tensor<i32>, and branches without parameters"
          : "takes a predicate, tensor<i1>, and two branches without parameters")
    }
    var extent = Extent()
    for region in operation.regions {
      extent.add(
        try visit(region, returning: operation.results.map { types[$0] }, &frame))
    }
    try checkElements(operation, frame)
    extent.loopDepth += 1
    return extent
  }

  private mutating func visit(
    _ region: Region, returning expected: [TypeSyntax], _ frame: inout Lowering.Frame
  ) throws -> Extent {
    let extent = try visit(region, &frame)
    guard let last = region.operations.last, last.isReturn,
      last.operands.map({ frame.function.types[$0] }) == expected
    else {
      throw LoweringError.invalid(
        "its regions should return " + expected.map(\.description).joined(separator: ", "))
    }
    return extent
  }

  private static func scalar(_ element: String) -> TypeSyntax {
    .tensor(TensorSyntax(shape: [], element: element))
  }

}
