import Testing

@testable import VMap
@testable import VMapTestSupport

/// Programs that are written, copied and changed value by value.
@Suite struct ProgramBuilderTests {
  /// Doubles a number until it is above a limit; captures nothing.
  private static let doubling = """
    { lambda ; a:f32[] b:f32[]. let
        c:f32[] d:f32[] = while a b
          { cond: e:f32[] f:f32[]. let
              g:bool[] = lt e f
            in (g,) }
          { body: h:f32[] i:f32[]. let
              j:f32[] = mul h 2.0:f32[]
            in (j, i) }
        k:f32[] = sub c d
      in (k, a) }
    """

  private func run(_ program: Program, _ numbers: Double...) throws -> [Double] {
    try program.verify()
    let arguments = numbers.map { ReferenceTensor(.float32, [], numbers: [$0]) }
    return try Interpreter.run(program, arguments).map { $0.element.number($0.values[0].bits) }
  }

  /// A region that is written twice has values of its own each time, those of its loops included.
  @Test func inlining() throws {
    let source = try Program(parsing: Self.doubling)
    #expect(try run(source, 3, 10) == [2, 3])
    var builder = ProgramBuilder(source)
    let type = ValueType(.float32, [])
    builder.openRegion()
    let inputs = [builder.addParameter(type), builder.addParameter(type)]
    let first = builder.inline(source.body, inputs)
    #expect(first[1] == inputs[0])
    let second = builder.inline(source.body, [first[0], inputs[1]])
    let body = builder.closeRegion(results: [first[0], second[0], second[1]])
    let program = builder.finish(body)
    // From 2 by 4 and 8 to 16.
    #expect(try run(program, 3, 10) == [2, 6, 2])
  }

  /// What replaces a value does so in regions inside, too, and in results.
  @Test func replacing() throws {
    let program = try Program(parsing: Self.doubling)
    let (start, limit) = (program.body.parameters[0], program.body.parameters[1])
    let body = program.body.replacing(Substitution([(limit, start)]))
    #expect(body.instructions.allSatisfy { !$0.operands.contains(limit) })
    var builder = ProgramBuilder(program)
    builder.replace(start, by: limit)
    let rewritten = builder.rewrite(program.body) { builder, instruction in
      builder.append(instruction)
    }
    // The loop begins at its limit.
    #expect(try run(builder.finish(rewritten), 3, 10) == [0, 10])
  }

  /// Each instruction is written anew after those of its regions.
  @Test func rewriting() throws {
    let program = try Program(parsing: Self.doubling)
    var names: [String] = []
    let tripled = program.rewritten { builder, instruction in
      names.append(instruction.operation.name)
      if instruction.operation is Literal {
        instruction.operation = Literal(value: ScalarLiteral(3, as: .float32))
      }
      builder.append(instruction)
    }
    #expect(names == ["lt", "constant", "mul", "while", "sub"])
    #expect(try run(tripled, 3, 10) == [17, 3])
  }

  /// Instructions are added to a region that was closed.
  @Test func continuing() throws {
    let program = try Program(parsing: Self.doubling)
    var builder = ProgramBuilder(program)
    builder.openRegion(continuing: program.body)
    let negate = try Elementwise.make(name: "neg", attributes: Attributes(operation: "neg", []))
    let result = try builder.emit(negate, [program.body.results[0]])
    #expect(builder.producer(of: result[0])?.operation.name == "neg")
    let body = builder.closeRegion(results: result)
    #expect(try run(builder.finish(body), 3, 10) == [-2])
  }

  @Test func deadCode() throws {
    let program = try Program(parsing: Self.doubling)
    var unused = program
    unused.body.results = [program.body.parameters[0]]
    #expect(unused.withoutDeadCode().body.instructions.isEmpty)
    #expect(program.withoutDeadCode().text == program.text)
  }
}
