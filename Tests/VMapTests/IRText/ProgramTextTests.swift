import Testing

@testable import VMap

/// What programs look like in print.
@Suite struct ProgramTextTests {
  @Test func neuron() throws {
    #expect(
      try SamplePrograms.neuron().text == """
        { axes a0:n0 "batch" ; lambda ; a:f32[3,5] b:f32[n0,5]. let
            c:f32[5]{a0} = bind_axis[axis=0 dimension=0] b
            d:f32[3]{a0} = dot_general[dimension_numbers=(([1], [0]), ([], []))] a c
            e:f32[3]{a0} = add d 1.0:f32[]
            f:f32[3]{a0} = tanh e
            g:f32[]{a0} = reduce_sum[axes=(0,)] f
            h:f32[n0] = unbind_axis[axis=0 dimension=0] g
          in (h,) }
        """)
  }

  @Test func matmul() throws {
    #expect(
      try SamplePrograms.matmul().text == """
        { axes a0:n0, a1:n1 ; lambda ; a:f32[n1,6] b:f32[6,n0]. let
            c:f32[6]{a1} = bind_axis[axis=1 dimension=0] a
            d:f32[6]{a0} = bind_axis[axis=0 dimension=1] b
            e:f32[]{a0,a1} = dot_general[dimension_numbers=(([0], [0]), ([], []))] c d
            f:f32[n1]{a0} = unbind_axis[axis=1 dimension=0] e
            g:f32[n1,n0] = unbind_axis[axis=0 dimension=1] f
          in (g,) }
        """)
  }

  @Test func loop() throws {
    #expect(
      try SamplePrograms.loop().text == """
        { axes a0:n0 ; lambda ; a:f32[n0,3] b:f32[n0]. let
            c:f32[3]{a0} = bind_axis[axis=0 dimension=0] a
            d:f32[]{a0} = bind_axis[axis=0 dimension=0] b
            e:f32[3]{a0} f:i32[]{a0} = while c 0:i32[]
              { cond: g:f32[3]{a0} h:i32[]{a0}. let
                  i:f32[]{a0} = reduce_min[axes=(0,)] g
                  j:bool[]{a0} = lt i d
                  k:bool[]{a0} = lt h 9:i32[]
                  l:bool[]{a0} = and j k
                in (l,) }
              { body: m:f32[3]{a0} n:i32[]{a0}. let
                  o:f32[3]{a0} = mul m 2.0:f32[]
                  p:f32[3]{a0} = add o 1.0:f32[]
                  q:i32[]{a0} = add n 1:i32[]
                in (p, q) }
            r:f32[3,n0] = unbind_axis[axis=0 dimension=1] e
            s:i32[n0] = unbind_axis[axis=0 dimension=0] f
          in (r, s) }
        """)
  }

  /// Captured tensors come before the semicolon.
  @Test func captures() throws {
    var program = try SamplePrograms.neuron()
    program.inputCount = 1
    #expect(
      program.text.hasPrefix(
        "{ axes a0:n0 \"batch\" ; lambda a:f32[n0,5] ; b:f32[3,5]. let\n"))
    #expect(try Program(parsing: program.text).inputCount == 1)
  }

  /// Names go on after z and leave out the words of the grammar.
  @Test func names() {
    var names = ValueNames()
    let all = (0..<20_000).map { names.name(of: $0) }
    #expect(Array(all[..<2]) == ["a", "b"])
    #expect(Array(all[25...27]) == ["z", "aa", "ab"])
    #expect(Set(all).count == all.count)
    #expect(Set(all).isDisjoint(with: ValueNames.reserved))
    #expect(names.name(of: 26) == "aa")
  }

  @Test func extents() throws {
    var program = Program()
    let nested = Extent.product(
      [.n0, .blocks(.product([.n1, .constant(3)]), size: 64), .product([])])
    program.body.parameters = [program.makeValue(ValueType(.float32, [nested, .constant(0)]))]
    program.body.results = program.body.parameters
    program.inputCount = 1
    #expect(
      program.text == """
        { lambda ; a:f32[product(n0,blocks(product(n1,3),64),product()),0]. let
          in (a,) }
        """)
    #expect(try Program(parsing: program.text).types == program.types)
  }

  @Test func attributes() {
    let values: [(Attribute.Value, String)] = [
      (.integer(-3), "-3"), (.integers([]), "()"), (.integers([1]), "(1,)"),
      (.integers([1, -2]), "(1, -2)"), (.lists([]), "[]"), (.lists([[]]), "([],)"),
      (.lists([[1], [], [2, 3]]), "([1], [], [2, 3])"),
      (.lists([[1], [2], [], []]), "(([1], [2]), ([], []))"), (.type(.uint8), "u8"),
      (.literal(.one(.float32)), "1.0:f32[]"), (.word("a \"b\"\\"), "\"a \\\"b\\\"\\\\\""),
    ]
    for (value, text) in values { #expect(value.text == text) }
  }

  /// Programs that differ have different texts.
  @Test func completeness() throws {
    let program = try SamplePrograms.neuron()
    var texts: Set<String> = [program.text]
    var count = 1
    func check(_ change: (inout Program) -> Void) {
      var changed = program
      change(&changed)
      texts.insert(changed.text)
      count += 1
    }
    check { $0.inputCount = 1 }
    check { $0.axes[0] = MapAxis(id: 0, name: nil, extent: .n0) }
    check { $0.axes[0] = MapAxis(id: 0, name: "batch", extent: .constant(7)) }
    check { $0.body.parameters.reverse() }
    check { $0.body.results.append($0.body.parameters[0]) }
    check { $0.types[0].shape[0] = .n1 }
    check { $0.body.instructions[1].operands.reverse() }
    check { program in
      for index in program.body.instructions.indices
      where program.body.instructions[index].operation is Literal {
        program.body.instructions[index].operation = Literal(
          value: ScalarLiteral(type: .float32, bits: 0x3f80_0001))
      }
    }
    #expect(texts.count == count)
  }
}
