import Testing

@testable import VMap

/// Every operation is found by its name and made again from its attributes.
@Suite struct OperationRegistryTests {
  @Test func elementwise() throws {
    for operation in Elementwise.all {
      let made = try OperationRegistry.make(name: operation.name, attributes: [])
      #expect(made.name == operation.name)
      let arity = operation.signature.arity
      #expect(OperationRegistry.operandCount(of: operation.name) == arity...arity)
    }
    #expect(Set(OperationRegistry.names).count == OperationRegistry.names.count)
  }

  @Test(arguments: SamplePrograms.all.map(\.name)) func structured(name: String) throws {
    var operations: [any VMap.Operation] = []
    try SamplePrograms.make(name).body.forEachInstruction { operations.append($0.operation) }
    for operation in operations {
      let made = try OperationRegistry.make(
        name: operation.name, attributes: operation.attributes)
      #expect(made.name == operation.name)
      #expect(made.attributes == operation.attributes)
    }
  }

  @Test func unknownNamesAndAttributes() {
    let width = Attribute("width", .integer(3))
    #expect(throws: VMapError.self) { try OperationRegistry.make(name: "none", attributes: []) }
    for name in OperationRegistry.names {
      #expect(throws: VMapError.self) {
        try OperationRegistry.make(name: name, attributes: [width])
      }
    }
  }
}
