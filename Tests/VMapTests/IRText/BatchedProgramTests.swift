import Testing

@testable import VMap
@testable import VMapTestSupport

/// The axes as dimensions.
@Suite struct BatchedProgramTests {
  @Test func neuron() throws {
    let program = try SamplePrograms.neuron().sized
    #expect(
      program.batchedText == """
        { lambda ; a:f32[3,5] b:f32[4,5]. let
            c:f32[4,3] = dot_general[dimension_numbers=(([1], [1]), ([], []))] b a
            d:f32[4,3] = add c 1.0:f32[]
            e:f32[4,3] = tanh d
            f:f32[4] = reduce_sum[axes=(1,)] e
          in (f,) }
        """)
  }

  /// Two levels around a product of vectors are one product of matrices, without a transpose.
  @Test func matmul() throws {
    #expect(
      try SamplePrograms.matmul().sized.batchedText == """
        { lambda ; a:f32[2,6] b:f32[6,4]. let
            c:f32[2,4] = dot_general[dimension_numbers=(([1], [0]), ([], []))] a b
          in (c,) }
        """)
  }

  /// The loop goes on while any example does, and each that has stopped keeps its state.
  @Test func loop() throws {
    #expect(
      try SamplePrograms.loop().sized.batchedText == """
        { lambda ; a:f32[4,3] b:f32[4]. let
            c:i32[4] = broadcast_in_dim[shape=(4,) broadcast_dimensions=()] 0:i32[]
            d:f32[4,3] e:i32[4] = while a c
              { cond: f:f32[4,3] g:i32[4]. let
                  h:f32[4] = reduce_min[axes=(1,)] f
                  i:bool[4] = lt h b
                  j:bool[4] = lt g 9:i32[]
                  k:bool[4] = and i j
                  l:bool[] = reduce_or[axes=(0,)] k
                in (l,) }
              { body: m:f32[4,3] n:i32[4]. let
                  o:f32[4] = reduce_min[axes=(1,)] m
                  p:bool[4] = lt o b
                  q:bool[4] = lt n 9:i32[]
                  r:bool[4] = and p q
                  s:f32[4,3] = mul m 2.0:f32[]
                  t:f32[4,3] = add s 1.0:f32[]
                  u:i32[4] = add n 1:i32[]
                  v:bool[4,3] = broadcast_in_dim[shape=(4, 3) broadcast_dimensions=(0,)] r
                  w:f32[4,3] = select v t m
                  x:i32[4] = select r u n
                in (w, x) }
            y:f32[3,4] = transpose[permutation=(1, 0)] d
          in (y, e) }
        """)
  }

  /// A sum over a map axis is a reduction, and the index of the example an iota.
  @Test func collectives() throws {
    let names = try SamplePrograms.collectives().sized.batched().operationNames
    #expect(names.contains("reduce_sum") && names.contains("reduce_max") && names.contains("iota"))
    #expect(!names.contains("psum") && !names.contains("axis_index"))
  }

  @Test(arguments: SamplePrograms.all.map(\.name)) func noAxesAreLeft(name: String) throws {
    let program = try SamplePrograms.make(name).sized.batched()
    #expect(program.axes.isEmpty)
    #expect(program.types.allSatisfy { $0.axes.isEmpty })
    #expect(program.operationNames.allSatisfy { !$0.hasSuffix("bind_axis") })
  }

  /// Batches of every size, none and one among them.
  @Test(arguments: SamplePrograms.all.map(\.name), [[4, 2], [1, 1], [0, 2], [3, 0], [5, 3]])
  func sameResults(name: String, sizes: [Int]) throws {
    let sizes = [Symbol(id: 0): sizes[0], Symbol(id: 1): sizes[1]]
    let program = try SamplePrograms.make(name).replacing(sizes)
    let batched = try program.batched()
    let arguments = program.body.parameters.enumerated().map { slot, parameter in
      let type = program.types[parameter]
      return ReferenceTensor(type.element, type.shape.map { $0.value(sizes) }) { index in
        let number = index.reduce(slot * 7 + 3) { ($0 * 31 + $1 * 17) % 23 } % 9 - 2
        if type.element.isComplex {
          return type.element.scalar(ReferenceComplex(Double(number) * 0.25, Double(number) - 1))
        }
        return ReferenceScalar(
          bits: type.element.isFloating
            ? type.element.bits(Double(number) * 0.25)
            : type.element.bits(Int128(type.element == .bool ? number & 1 : number)))
      }
    }
    let expected = try Interpreter.run(program, arguments)
    let results = try Interpreter.run(batched, arguments)
    #expect(expected.map(\.type) == results.map(\.type))
    for (a, b) in zip(expected, results) {
      for (x, y) in zip(a.values, b.values) where x != y {
        for (x, y) in [(x.bits, y.bits), (x.imaginary, y.imaginary)] where x != y {
          let (p, q) = (a.element.part.number(x), a.element.part.number(y))
          #expect(p.isNaN && q.isNaN || abs(p - q) <= 1e-4 * max(1, abs(p)))
        }
      }
    }
  }

  /// Extents that are not known yet are an error, and the text is then that of the program.
  @Test func unknownExtents() throws {
    let program = try SamplePrograms.collectives()
    #expect(throws: VMapError.self) { try program.batched() }
    #expect(program.batchedText == program.text)
  }

  /// Where examples do not share what one operation needs the same for all, it is marked in print.
  @Test func operandsThatAreNotShared() throws {
    let s = ProgramSketch()
    let (x, y) = (s.input(.float32, 3, .n0), s.input(.float32, 2))
    let batch = s.axis(.n0)
    let result = s.emit(SearchSorted(isRight: false), s.bind(x, batch, 1), y)
    let program = try s.finish(s.unbind(result, batch)).sized
    #expect(throws: VMapError.self) { try program.batched() }
    #expect(
      program.batchedText == """
        { lambda ; a:f32[3,4] b:f32[2]. let
            c:f32[4,3] = transpose[permutation=(1, 0)] a
            d:i32[4,2] = searchsorted[right=False:bool[] mapped_over=(4,)] c b
          in (d,) }
        """)
  }

  /// So is an operation whose function of elements uses what varies.
  @Test func functionsThatAreNotShared() throws {
    let s = ProgramSketch()
    let (x, y) = (s.input(.float32, .n0, 3), s.input(.float32, .n0))
    let batch = s.axis(.n0)
    let (value, limit) = (s.bind(x, batch), s.bind(y, batch))
    let result = try s.trace.emit(
      Map(), [value], elementRegions: [{ [s.apply("min", $0[0], limit)] }])
    let program = try s.finish(s.unbind(result[0], batch)).sized
    #expect(throws: VMapError.self) { try program.batched() }
    #expect(
      program.batchedText == """
        { lambda ; a:f32[4,3] b:f32[4]. let
            c:f32[4,3] = map[mapped_over=(4,)] a
              { function: d:f32[4]. let
                  e:f32[4] = min d b
                in (e,) }
          in (c,) }
        """)
  }

  /// An operation changes its operand's dimensions, and no attribute says so.
  @Test func shapesThatDoNotFollow() throws {
    let s = ProgramSketch()
    let x = s.input(.float32, .n0, 3, 2)
    let batch = s.axis(.n0)
    let program = try s.finish(s.unbind(s.emit(Mystery(), s.bind(x, batch)), batch)).sized
    #expect(throws: VMapError.self) { try program.batched() }
    #expect(program.batchedText == program.text)
  }

  private struct Mystery: VMap.Operation {
    var name: String { "mystery" }
    static func make(
      name: String, attributes: Attributes
    ) throws(VMapError) -> any VMap.Operation { Mystery() }
    func resultTypes(_ operands: [TensorType]) throws(VMapError) -> [TensorType] {
      [TensorType(element: operands[0].element, shape: operands[0].shape.reversed())]
    }
    func elements(
      _ operands: [Operand], at index: [Expression], _ loops: LoopBuilder
    ) -> [Expression] { [operands[0][index.reversed()]] }
  }
}
