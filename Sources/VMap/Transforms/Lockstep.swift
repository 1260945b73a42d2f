/// Loops over a whole batch, as `jax.vmap` runs them: for bodies in which an example needs the others.
enum Lockstep {
  /// The program with its host loops in lockstep: where a predicate varies, all examples go on while
  /// any of them does, and those that are done keep their state.
  static func frozen(
    _ program: Program, _ isHostLoop: (Instruction, Program) -> Bool
  ) -> Program {
    var builder = ProgramBuilder(program)
    return builder.finish(frozen(program.body, &builder, isHostLoop))
  }

  private static func frozen(
    _ region: Region, _ builder: inout ProgramBuilder, _ isHostLoop: (Instruction, Program) -> Bool
  ) -> Region {
    builder.rewrite(region) { builder, loop in
      guard isHostLoop(loop, builder.program) else { return builder.append(loop) }
      for inner in loop.regions.indices {
        loop.regions[inner] = frozen(loop.regions[inner], &builder, isHostLoop)
      }
      let predicate = loop.regions[0].results[0]
      if !builder.type(of: predicate).axes.isEmpty { freezeFinished(&loop, &builder) }
      let body = loop.regions[1]
      loop.operands = widened(loop.operands, as: body.parameters, &builder)
      builder.openRegion(continuing: body)
      let results = widened(body.results, as: body.parameters, &builder)
      loop.regions[1] = builder.closeRegion(results: results)
      builder.append(loop)
    }
  }

  /// Values of a state, which lies in one buffer from the first iteration to the last: copies, where they
  /// vary over less than it does.
  private static func widened(
    _ values: [ValueID], as state: [ValueID], _ builder: inout ProgramBuilder
  ) -> [ValueID] {
    zip(values, state).map { value, parameter in
      let type = builder.type(of: parameter)
      if builder.type(of: value).axes == type.axes { return value }
      return builder.emit(
        Convert(target: type.element, keepsBits: false), [value], as: [type])[0]
    }
  }

  private static func freezeFinished(_ loop: inout Instruction, _ builder: inout ProgramBuilder) {
    let (condition, body) = (loop.regions[0], loop.regions[1])
    // Neither a counter nor a choice of one example says how often the batch runs.
    loop.operation = While(makesRows: loop.operation.makesRows)
    builder.openRegion(continuing: condition)
    // Whether any example goes on.
    var any = condition.results[0]
    for axis in builder.type(of: any).axes.ids {
      let type = ValueType(.bool, [], axes: builder.type(of: any).axes.removing(axis))
      any = builder.emit(AxisReduce(kind: .or, axis: axis), [any], as: [type])[0]
    }
    loop.regions[0] = builder.closeRegion(results: [any])
    builder.openRegion(parameters: body.parameters)
    // The body decides again for each example, from the state it is given.
    let goesOn = builder.inline(condition, body.parameters)[0]
    for instruction in body.instructions { builder.append(instruction) }
    let results = zip(body.parameters, body.results).map { own, next in
      own == next
        ? own
        : builder.emit(Elementwise.choice, [goesOn, next, own], as: [builder.type(of: own)])[0]
    }
    loop.regions[1] = builder.closeRegion(results: results)
  }
}
