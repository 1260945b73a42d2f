@testable import VMap

/// Runs a program of the IR as it is defined: in plain loops, one example at a time.
///
/// The value of a name is asked for at a position along the map axes and computed on demand, from the
/// values it needs at the positions it needs. The oracle for everything that compiles programs, it
/// uses neither an operation's own meaning nor any of the scheduler's index arithmetic.
final class Interpreter {
  /// The index of an example along each map axis.
  typealias Position = [Int: Int]

  let program: Program
  /// The size of each map axis.
  let extents: [Int]
  let sizes: [Symbol: Int]

  private init(_ program: Program, _ sizes: [Symbol: Int]) {
    self.program = program
    self.sizes = sizes
    extents = program.axes.map { $0.extent.value(sizes) }
  }

  /// The results of a program for arguments and sizes of the axes.
  static func run(
    _ program: Program, _ arguments: [ReferenceTensor], sizes: [Symbol: Int] = [:]
  ) throws -> [ReferenceTensor] {
    let interpreter = Interpreter(program, sizes)
    guard arguments.count == program.body.parameters.count else {
      throw InterpreterError(
        "\(arguments.count) arguments for \(program.body.parameters.count) parameters")
    }
    let frame = Frame(program.body, in: nil) { slot, _ in arguments[slot] }
    return try program.body.results.map { try interpreter.value($0, frame, [:]) }
  }

  /// One evaluation of a region, with what it has computed so far.
  final class Frame {
    struct Key: Hashable {
      let value: ValueID
      let position: [Int]
    }

    let region: Region
    let outer: Frame?
    /// The value of a parameter at a position.
    let parameter: (_ slot: Int, Position) throws -> ReferenceTensor
    /// The instruction that makes each value here, and which of its results it is.
    let producers: [ValueID: (instruction: Instruction, slot: Int)]
    var known: [Key: ReferenceTensor] = [:]
    /// The loops of the region, by their first result.
    var loops: [ValueID: LoopRun] = [:]

    init(
      _ region: Region, in outer: Frame?,
      parameter: @escaping (_ slot: Int, Position) throws -> ReferenceTensor
    ) {
      self.region = region
      self.outer = outer
      self.parameter = parameter
      var producers: [ValueID: (instruction: Instruction, slot: Int)] = [:]
      for instruction in region.instructions {
        for (slot, result) in instruction.results.enumerated() {
          producers[result] = (instruction, slot)
        }
      }
      self.producers = producers
    }
  }

  /// A value for one example.
  func value(_ id: ValueID, _ frame: Frame, _ position: Position) throws -> ReferenceTensor {
    let type = program.types[id]
    let own = position.filter { type.axes.contains($0.key) }
    let key = Frame.Key(value: id, position: type.axes.ids.map { own[$0] ?? -1 })
    if let known = frame.known[key] { return known }
    let value: ReferenceTensor
    if let slot = frame.region.parameters.firstIndex(of: id) {
      value = try frame.parameter(slot, own)
    } else if let (instruction, slot) = frame.producers[id] {
      value = try result(slot, of: instruction, frame, own)
    } else if let outer = frame.outer {
      return try self.value(id, outer, position)
    } else {
      throw InterpreterError("value \(id) is not defined")
    }
    let shape = try shape(of: type, frame, own)
    guard value.element == type.element, value.shape == shape else {
      throw InterpreterError(
        "value \(id) is inferred to be \(type.element.rawValue)\(shape) and is \(value.type)")
    }
    frame.known[key] = value
    return value
  }

  /// One result of an instruction for one example.
  private func result(
    _ slot: Int, of instruction: Instruction, _ frame: Frame, _ position: Position
  ) throws -> ReferenceTensor {
    func operand(_ number: Int, _ position: Position) throws -> ReferenceTensor {
      try value(instruction.operands[number], frame, position)
    }
    /// The first operand for each example along an axis.
    func examples(along axis: Int) throws -> [ReferenceTensor] {
      try (0..<extents[axis]).map { index in
        try operand(0, position.merging([axis: index]) { _, new in new })
      }
    }
    /// Those as one tensor.
    func stacked(_ axis: Int, _ dimension: Int) throws -> ReferenceTensor {
      let type = program.types[instruction.operands[0]]
      return ReferenceTensor.stack(
        try examples(along: axis),
        of: TensorType(element: type.element, shape: type.shape.map { $0.value(sizes) }),
        along: dimension)
    }
    switch instruction.operation {
    case let operation as BindAxis:
      let whole = try operand(0, position)
      return whole.slice(operation.dimension, at: try index(along: operation.axis, in: position))
    case let operation as UnbindAxis: return try stacked(operation.axis, operation.dimension)
    case let operation as AllGather: return try stacked(operation.axis, operation.dimension)
    case let operation as BindRagged:
      return try bound(operation, operand(0, position), frame, position)
    case let operation as UnbindRagged:
      let type = program.types[instruction.operands[0]]
      return try unbound(operation, type.element) { example in
        try operand(0, position.merging(example) { _, new in new })
      }
    case let operation as AxisIndex:
      let index = try index(along: operation.axis, in: position)
      return ReferenceTensor(.int32, [], integers: [index])
    case let operation as AxisReduce:
      let type = program.types[instruction.operands[0]]
      let examples = try examples(along: operation.axis)
      return try ReferenceTensor(type.element, type.shape.map { $0.value(sizes) }) { index in
        try Reductions.reduce(operation.name, type.element, examples.map { $0[index] })
      }
    case let operation as AxisBlocks:
      let type = program.types[instruction.results[0]]
      let length = ReductionTree.blockLength
      let examples = try examples(along: operation.axis)
      return try ReferenceTensor(type.element, type.shape.map { $0.value(sizes) }) { index in
        let block = examples.dropFirst(index[0] * length).prefix(length)
        return try Reductions.reduce(
          AxisReduce(kind: operation.kind, axis: 0).name, type.element,
          block.map { $0[Array(index.dropFirst())] })
      }
    case let operation as MergeBlocks:
      let type = program.types[instruction.results[0]]
      let blocks = try operand(0, position)
      return try ReferenceTensor(type.element, type.shape.map { $0.value(sizes) }) { index in
        try Reductions.reduce(
          AxisReduce(kind: operation.kind, axis: 0).name, type.element,
          (0..<blocks.shape[0]).map { blocks[[$0] + index] })
      }
    case is While:
      return try loop(instruction, frame).result(slot, position)
    case let operation as Scatter:
      let operands = try instruction.operands.indices.map { try operand($0, position) }
      let function = instruction.regions[0]
      return try OperationMeaning.scatter(operation, operands) { elements in
        try apply(function, to: elements, frame, position)
      }[slot]
    case let operation where !instruction.regions.isEmpty:
      let operands = try instruction.operands.indices.map { try operand($0, position) }
      return try OperationMeaning.results(
        of: operation, operands,
        instruction.regions.map { region in { try self.apply(region, to: $0, frame, position) } },
        as: program.types[instruction.results[0]].element)[slot]
    case let operation as TopK:
      return OperationMeaning.topK(operation, try operand(0, position))[slot]
    default:
      let operands = try instruction.operands.indices.map { try operand($0, position) }
      return try OperationMeaning.result(
        of: resolved(instruction.operation, frame, position), operands)
    }
  }

  /// What a region makes of scalars.
  private func apply(
    _ region: Region, to elements: [ReferenceScalar], _ frame: Frame, _ position: Position
  ) throws -> [ReferenceScalar] {
    let parameters = zip(region.parameters, elements).map { parameter, element in
      ReferenceTensor(program.types[parameter].element, [], [element])
    }
    let inner = Frame(region, in: frame) { slot, _ in parameters[slot] }
    return try region.results.map { try value($0, inner, position).values[0] }
  }

  private func index(along axis: Int, in position: Position) throws -> Int {
    if let index = position[axis] { return index }
    throw InterpreterError("a value that varies over axis \(axis) is inferred not to")
  }

  private func loop(_ instruction: Instruction, _ frame: Frame) -> LoopRun {
    if let known = frame.loops[instruction.results[0]] { return known }
    let loop = LoopRun(instruction, frame, self)
    frame.loops[instruction.results[0]] = loop
    return loop
  }
}
