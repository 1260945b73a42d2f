import Testing
import VMap

/// When a function is run, and what becomes of it.
@Suite struct TracingCases {
  typealias Floats = Tensor<Float>

  @Test func aFunctionIsRunOnceForAllSizesOfABatch() throws {
    let counter = CallCounter()
    let f = vmap { (x: Floats) in
      counter.add()
      return (x * x).sum()
    }
    for size in [5, 5, 1, 7, 0, 300] {
      #expect(try f(.ones([size, 2])).scalars() == [Float](repeating: 2, count: size))
      #expect(counter.count == 1)
    }
    // The per-example shape is another one.
    #expect(try f(.ones([5, 3])).scalars() == [3, 3, 3, 3, 3])
    #expect(counter.count == 2)
    #expect(try f(.ones([6, 2])).scalars() == [2, 2, 2, 2, 2, 2])
    #expect(counter.count == 2)
  }

  @Test func aFunctionSeesOneExample() throws {
    let f = vmap(
      { (x: Floats, y: Floats) throws -> Floats in
        #expect(x.shape == [2, 4])
        #expect(y.shape == [7])
        #expect(x.rank == 2 && y.count == 7)
        #expect(x.description == "Tensor<f32[2,4]>(traced)")
        return x
      }, inAxes: [1, nil])
    #expect(try f(.ones([2, 3, 4]), .ones([7])).shape == [3, 2, 4])
  }

  @Test func everyLevelIsRunOnce() throws {
    let counter = CallCounter()
    let f: @Sendable (Floats) -> Floats = { x in
      counter.add()
      #expect(x.shape == [4])
      return x + 1
    }
    let nested = vmap(vmap(f), inAxes: 1)
    for (inner, outer) in [(2, 3), (5, 3), (2, 1)] {
      let shape = try nested(.ones([inner, outer, 4])).shape
      #expect(shape == [outer, inner, 4])
    }
    #expect(counter.count == 1)
  }

  @Test func loopsAreRunOnceHoweverOftenTheyTurn() throws {
    let counter = CallCounter()
    let f = vmap { (x: Floats) in
      fori(0, 1000, x) { (_: Tensor<Int32>, x: Floats) -> Floats in
        counter.add()
        return x + 1
      }
    }
    #expect(try f(Floats([0, 1])).scalars() == [1000, 1001])
    #expect(counter.count == 1)
  }

  @Test func whatIsCapturedIsNotPartOfTheSignature() throws {
    let counter = CallCounter()
    let weights = Floats([1, 10])
    let f = vmap { (x: Floats) in
      counter.add()
      return (x * weights).sum()
    }
    #expect(try f(Floats([[1, 2], [3, 4]])).scalars() == [21, 43])
    #expect(try f(Floats([[5, 6]])).scalars() == [65])
    #expect(counter.count == 1)
  }

  @Test func elementTypesAndStructuresAreCompiledForThemselves() throws {
    let counter = CallCounter()
    let f = vmap { (xs: [Floats], shift: Floats?) in
      counter.add()
      return xs.reduce(Floats(0), +) + (shift ?? Floats(100))
    }
    let x = Floats([1, 2])
    #expect(try f([x], nil).scalars() == [101, 102])
    #expect(try f([x, x], nil).scalars() == [102, 104])
    #expect(try f([x], x).scalars() == [2, 4])
    #expect(try f([], x).scalars() == [1, 2])
    #expect(counter.count == 4)
    #expect(try f([x, x], nil).scalars() == [102, 104])
    #expect(counter.count == 4)
  }
}
