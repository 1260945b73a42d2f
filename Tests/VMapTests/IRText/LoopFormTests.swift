import Testing

@testable import VMap
@testable import VMapTestSupport

/// What loops say of how often they run.
@Suite struct LoopFormTests {
  /// The forms of the loops of a function of one vector, in order.
  private func forms(
    _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
  ) throws -> [LoopForm] {
    let program = try vmap(function).entry(Tensor<Float>.ones([2, 3])).executable.program
    let copy = try Program(parsing: program.text)
    #expect(copy.text == program.text)
    return copy.loopForms
  }

  @Test func counted() throws {
    #expect(try forms { fori(0, 10, $0) { _, x in x + 1 } } == [.counted(10)])
    #expect(try forms { fori(4, 2, $0) { _, x in x + 1 } } == [.counted(0)])
    #expect(
      try forms { x in
        scan(Tensor<Float>(0), x) { sum, x in (sum + x, sum) }.1
      } == [.counted(3)])
    // The limit is known only when the program runs.
    #expect(
      try forms { x in fori(Tensor(0), x.sum().asType(Int32.self), x) { _, x in x + 1 } }
        == [.counted(nil)])
  }

  /// Neither the counter nor the limit of a counted loop is changed otherwise.
  @Test func open() throws {
    #expect(try forms { x in whileLoop(x, while: { $0.sum() .< 9 }, do: { $0 + 1 }) } == [.open])
    let counting = try Program(
      parsing: """
        { lambda ; a:i32[] b:i8[]. let
            c:i32[] d:i8[] = while a b
              { cond: e:i32[] f:i8[]. let
                  g:bool[] = lt e 10:i32[]
                in (g,) }
              { body: h:i32[] i:i8[]. let
                  j:i32[] = add h 2:i32[]
                  k:i8[] = add i 2:i8[]
                in (j, k) }
          in (c, d) }
        """)
    let loop = try #require(counting.body.instructions.last)
    let producers = counting.producers()
    func form(_ condition: Region) -> LoopForm {
      LoopForm(of: condition, loop.regions[1], from: loop.operands) { producers[$0] }
    }
    #expect(form(loop.regions[0]) == .counted(nil))
    // A counter of 8 bits may step over its limit and wrap around.
    var builder = ProgramBuilder(counting)
    builder.openRegion(parameters: loop.regions[0].parameters)
    let limit = try builder.emit(Literal(value: ScalarLiteral(127, as: .int8)), [])[0]
    let below = try Elementwise.make(name: "lt", attributes: Attributes(operation: "lt", []))
    let test = try builder.emit(below, [loop.regions[0].parameters[1], limit])
    let condition = builder.closeRegion(results: test)
    let inside = condition.producers()
    let wrapping = LoopForm(of: condition, loop.regions[1], from: loop.operands) {
      inside[$0] ?? producers[$0]
    }
    #expect(wrapping == .open)
  }

  @Test func once() throws {
    #expect(
      try forms { x in cond(x.sum() .> 0, then: { exp(x) }, else: { -x }) } == [.once, .once])
  }

  /// A batch runs its branches and counted loops as often as any example does.
  @Test func batched() throws {
    let program = try vmap { (x: Tensor<Float>) in
      fori(0, 10, x) { _, x in cond(x.sum() .> 0, then: { exp(x) }, else: { -x }) }
    }.entry(Tensor<Float>.ones([2, 3])).executable.program
    #expect(program.loopForms == [.counted(10), .once, .once])
    let batched = try program.replacing([Symbol(id: 0): 2]).batched()
    #expect(batched.loopForms == [.counted(10), .open, .open])
    try batched.verify()
  }

  @Test(arguments: [
    ("length=10", "length=11"), ("form=\"counted\" length=10", "form=\"once\""),
    ("form=\"counted\" length=10", "form=\"never\""), ("lt ", "le "), ("add e 1", "add e -1"),
  ])
  func wrongFormsAreNotRead(right: String, wrong: String) throws {
    let text = """
      { lambda ; a:f32[]. let
          b:i32[] c:f32[] = while[form="counted" length=10] 0:i32[] a
            { cond: d:i32[] g:f32[]. let
                h:bool[] = lt d 10:i32[]
              in (h,) }
            { body: e:i32[] i:f32[]. let
                j:i32[] = add e 1:i32[]
                k:f32[] = mul i 2.0:f32[]
              in (j, k) }
        in (c,) }
      """
    #expect(try Program(parsing: text).loopForms == [.counted(10)])
    let changed = text.replacing(right, with: wrong)
    #expect(changed != text)
    #expect(throws: VMapError.self) { try Program(parsing: changed) }
  }
}

extension Program {
  fileprivate var loopForms: [LoopForm] {
    var forms: [LoopForm] = []
    body.forEachInstruction { if let form = $0.loopForm { forms.append(form) } }
    return forms
  }
}
