import Synchronization
import Testing
import VMap

// Collectives over groups of examples and permutations of them do not exist.

/// Mistakes inside of a mapped function.
@Suite struct TracerErrorCases {
  typealias Floats = Tensor<Float>

  @Test func elementsAreNotKnownWhileAFunctionIsTraced() {
    expectError(.valueOfTracer, naming: "f32[]", "select", "whileLoop") {
      try vmap { (x: Floats) throws -> Floats in try x.scalar() > 0 ? x : -x }(.ones([3]))
    }
    expectError(.valueOfTracer, naming: "f32[2]") {
      try vmap { (x: Floats) throws -> Floats in Tensor(try x.scalars()) }(.ones([3, 2]))
    }
    expectError(.valueOfTracer, naming: "f32[2]") {
      try vmap { (x: Floats) throws -> Floats in
        _ = try x.npyBytes()
        return x
      }(.ones([3, 2]))
    }
  }

  @Test func whatDoesNotVaryIsKnownOutsideOnly() throws {
    // Elements of a tensor that was there before may be read.
    let threshold = Floats(2)
    let f = vmap { (x: Floats) throws -> Floats in try threshold.scalar() > 1 ? x : -x }
    #expect(try f(Floats([1, 2])).scalars() == [1, 2])
  }

  @Test func aStandInMustNotEscape() {
    let escaped = Mutex<Floats?>(nil)
    let f = vmap { (x: Floats) in
      escaped.withLock { $0 = x }
      return x
    }
    expectError(.tracerEscaped, naming: "after the function had returned") {
      _ = try f(.ones([3]))
      return try escaped.withLock { $0 }?.scalars()
    }
    expectError(.tracerEscaped, naming: "after the function had returned") {
      try escaped.withLock { $0 }.map { $0 + 1 }?.scalars()
    }
  }

  @Test func aNameMustBeBound() {
    expectError(.unboundAxisName, naming: "\"i\"", "none") {
      try vmap { (x: Floats) in x.sum(over: "i") }(.ones([3]))
    }
    expectError(.unboundAxisName, naming: "\"i\"", "\"j\"") {
      try vmap({ (x: Floats) in x.sum(over: "i") }, axisName: "j")(.ones([3]))
    }
    expectError(.unboundAxisName, naming: "\"i\"") {
      try vmap { (_: Floats) in axisIndex("i") }(.ones([3]))
    }
    expectError(.unboundAxisName, naming: "\"i\"") { try Floats.ones([3]).sum(over: "i").scalars() }
    expectError(.unboundAxisName, naming: "\"i\"") { try axisIndex("i").scalars() }
    expectError(.unboundAxisName, naming: "\"inner\"", "\"outer\"") {
      try vmap(
        { (x: Floats) in
          try vmap({ (x: Floats) in x }, axisName: "inner")(x).sum(over: "inner")
        }, axisName: "outer")(.ones([3, 2]))
    }
  }

  @Test func shapesAreCheckedEvenForEmptyBatches() {
    expectError(.shapeMismatch, naming: "[2]", "[3]") {
      try vmap { (x: Floats) in x + Floats([1, 2, 3]) }(.ones([0, 2]))
    }
  }

  @Test func theFirstOfSeveralMistakesIsReported() {
    expectError(.shapeMismatch, naming: "[2]", "[3]") {
      try vmap { (x: Floats) throws -> Floats in
        let wrong = x + Floats([1, 2, 3])
        return try matmul(wrong, wrong).scalar() > 0 ? x.sum(over: "i") : x
      }(.ones([4, 2]))
    }
  }

  struct OwnError: Error, CustomStringConvertible {
    let description = "own error"
  }

  @Test func errorsOfTheCallerArePassedOn() throws {
    let f = vmap { (x: Floats) throws -> Floats in
      if x.count == 3 { throw OwnError() }
      return x
    }
    expectError(.functionFailed, naming: "own error") { try f(.ones([2, 3])) }
    // A function that failed may be called again.
    #expect(try f(.ones([2, 2])).shape == [2, 2])
  }

  @Test func aFailedArgumentIsReported() {
    expectError(.countMismatch, naming: "[1,2]") {
      try vmap { (x: Floats) in x + 1 }(Floats([[1], [2, 3]]))
    }
    let wrong = Floats([1, 2]) + Floats([1, 2, 3])
    expectError(.shapeMismatch, naming: "[2]", "[3]") { try wrong.scalars() }
    expectError(.shapeMismatch, naming: "[2]", "[3]") { try (wrong * 2 + 1).scalars() }
    expectError(.shapeMismatch, naming: "[2]", "[3]") {
      try vmap { (x: Floats) in x * wrong }(.ones([4]))
    }
  }
}
