import VMap

/// Loops that end, at the latest, after a number of iterations.
///
/// Whether one did is a truth value that goes through the program beside its values: through the state
/// of each loop, and through the branches of each choice.
extension Lowering {
  /// A loop that ends, too, where it has made its iterations or a loop inside it has.
  ///
  /// The condition is part of the body, so that what happens in it is noticed.
  func limitedLoop(
    _ operation: Operation, _ initial: [AnyTensor], _ frame: Frame, _ limit: IterationLimit
  ) throws -> [AnyTensor] {
    let count = initial.count
    func part(_ number: Int, _ state: [AnyTensor]) throws -> [AnyTensor] {
      var frame = frame
      return try tensors(run(operation.regions[number], state.map(Value.tensor), &frame))
    }
    let goesOn = try part(0, initial)[0]
    let most = try AnyTensor.constant(ScalarLiteral(integer: Int64(limit.iterations), as: .int32))
    let one = try AnyTensor.constant(ScalarLiteral(integer: 1, as: .int32))
    let none = try AnyTensor.constant(ScalarLiteral(integer: 0, as: .int32))
    let results = try AnyTensor.whileLoop(
      "while", initial + [goesOn, limit.wasReached(), none],
      while: { state in
        let isEarly = try AnyTensor.applying("lt", to: [state[count + 2], most])
        let isOpen = try AnyTensor.applying("not", to: [state[count + 1]])
        let goesOn = try AnyTensor.applying("and", to: [state[count], isOpen])
        return try AnyTensor.applying("and", to: [goesOn, isEarly])
      },
      do: { state in
        limit.reached = state[count + 1]
        let next = try part(1, Array(state[..<count]))
        let goesOn = try part(0, next)[0]
        let made = try AnyTensor.applying("add", to: [state[count + 2], one])
        return next + [goesOn, try limit.wasReached(), made]
      })
    // What would still go on was ended.
    limit.reached = try AnyTensor.applying("or", to: [results[count + 1], results[count]])
    return Array(results[..<count])
  }

  /// A branch that gives, beside its results, whether the limit was reached by its end.
  func limitedBranches(
    _ limit: IterationLimit, _ branches: [() throws -> [AnyTensor]]
  ) throws -> [() throws -> [AnyTensor]] {
    let before = try limit.wasReached()
    return branches.map { branch in
      {
        limit.reached = before
        return try branch() + [limit.wasReached()]
      }
    }
  }
}

/// How many iterations loops may make, and whether one has made them.
final class IterationLimit {
  let iterations: Int
  /// Whether a loop has reached the limit so far, where there was one.
  var reached: AnyTensor?

  init(_ iterations: Int) { self.iterations = iterations }

  func wasReached() throws -> AnyTensor {
    try reached ?? .constant(ScalarLiteral(0, as: .bool))
  }

  /// Runs a function of elements, out of which nothing comes but its results.
  func apart<R>(_ body: () throws -> R) rethrows -> R {
    let outside = reached
    reached = nil
    defer { reached = outside }
    return try body()
  }
}
