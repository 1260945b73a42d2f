import class Foundation.ProcessInfo

@testable import VMap

/// Checks that a function of one example means the same over a batch, in every way to batch it.
///
/// Every position of the batch axis in every argument, and arguments without one, as JAX's own tests
/// of its batching rules do. The expected result is a loop over the examples and a stack.
package struct BatchCheck {
  /// An argument: its type for one example, and what it holds.
  struct Input {
    let type: TensorType
    let value: (_ example: Int, _ offset: Int) -> ReferenceScalar

    init(
      _ element: ElementType, _ shape: [Int],
      _ value: @escaping (_ example: Int, _ offset: Int) -> ReferenceScalar
    ) {
      type = TensorType(element: element, shape: shape)
      self.value = value
    }

    /// Elements of moderate size; arguments with other seeds hold others.
    static func moderate(_ element: ElementType, _ shape: [Int], seed: Int = 0) -> Input {
      Input(element, shape) { Samples.moderate(element, $0 * 613 + $1 + seed * 7919) }
    }

    /// Numbers from an interval.
    static func numbers(
      _ element: ElementType, _ shape: [Int], in low: Double, _ high: Double, seed: Int = 0
    ) -> Input {
      Input(element, shape) {
        Samples.number(element, $0 * 613 + $1 + seed * 7919, in: low, high)
      }
    }

    func example(_ number: Int) -> ReferenceTensor {
      ReferenceTensor(type.element, type.shape, (0..<type.count).map { value(number, $0) })
    }
  }

  typealias Function = (_ trace: Trace, _ inputs: [TensorHandle]) throws -> [TensorHandle]

  let name: String
  let inputs: [Input]
  /// The function of one example.
  ///
  /// Under `vmap` its axis is called `batch`.
  let function: Function
  var sizes = [0, 1, 3, 17, 64]
  /// Whether the function needs the batch, so that there is no loop to compare with.
  var usesAxis = false
  /// The lane widths that are tested besides the device's own.
  var widths = Widths.scalar
  /// What is run on instead of those widths.
  var targets: [DeviceRun.Target]?
  /// Whether its kernels take so long to compile that its placements take turns with those of others.
  var takesTurns = false
  /// Whether all placements would take too long on a device even where all that can be run is.
  var isLarge = false
  /// The most that a device may differ from the interpreter, where it is stated: the interpreter's own
  /// bounds grow from operation to operation, and without bounds anything would pass.
  var greatestBound: Double?

  enum Widths {
    case own, scalar, every
  }

  init(_ name: String, _ inputs: [Input], _ function: @escaping Function) {
    self.name = name
    self.inputs = inputs
    self.function = function
  }

  /// A check of one operation with one result.
  init(_ operation: any Operation, _ inputs: [Input]) {
    self.init(operation.name, inputs) { trace, handles in trace.emit(operation, handles) }
  }

  /// Whether every combination runs on the device and at every lane width, too.
  package static let isExhaustive = ProcessInfo.processInfo.environment["VMAP_TEST_ALL"] == "1"

  /// Whether errors come with the program and its OpenCL C.
  static let printsListings = ProcessInfo.processInfo.environment["VMAP_TEST_LISTINGS"] == "1"

  /// Every combination of positions but the one without any; the results' axis takes turns.
  var placements: [Placement] {
    var combinations: [[Int?]] = [[]]
    for input in inputs {
      let positions = [nil] + (0...input.type.shape.count).map(Optional.some)
      combinations = combinations.flatMap { head in positions.map { head + [$0] } }
    }
    let outAxes = [0, 1, -1]
    return combinations.filter { $0.contains { $0 != nil } }.enumerated().map { number, inAxes in
      Placement(inAxes: inAxes, outAxis: outAxes[number % 3])
    }
  }

  /// The program of the function under `vmap`, with the batch's size left open.
  func program(_ placement: Placement) throws -> Program { try traced(placement).program }

  /// That program, and the tensors that it uses without being given them.
  func traced(
    _ placement: Placement
  ) throws -> (program: Program, captured: [ReferenceTensor]) {
    let symbol = Symbol(id: 0)
    let trace = Trace(sizes: [symbol: 2])
    defer { trace.abandon() }
    let axis = trace.makeAxis(name: "batch", extent: .symbol(symbol))
    let handles = zip(inputs, placement.inAxes).map { input, inAxis in
      var shape = input.type.shape.map(Extent.constant)
      guard let inAxis else { return trace.makeInput(input.type.element, shape) }
      shape.insert(.symbol(symbol), at: inAxis)
      let whole = trace.makeInput(input.type.element, shape)
      return trace.emit(BindAxis(axis: axis, dimension: inAxis), [whole])[0]
    }
    let results = try trace.beingCurrent {
      try trace.binding("batch", to: [axis]) { try function(trace, handles) }
    }
    if let error = trace.error { throw error }
    let program = try trace.finish(
      results: results.map { result in
        let dimension = placement.outDimension(ofRank: result.shape.count)
        return trace.emit(UnbindAxis(axis: axis, dimension: dimension), [result])[0]
      })
    return (program, try trace.capturedHandles.map { try ReferenceTensor($0.storage()) })
  }

  /// The program of the function alone.
  func exampleProgram() throws -> Program { try tracedExample().program }

  /// That program, and the tensors that it uses without being given them.
  func tracedExample() throws -> (program: Program, captured: [ReferenceTensor]) {
    let trace = Trace()
    defer { trace.abandon() }
    let handles = inputs.map {
      trace.makeInput($0.type.element, $0.type.shape.map(Extent.constant))
    }
    let results = try trace.beingCurrent { try function(trace, handles) }
    let program = try trace.finish(results: results)
    return (program, try trace.capturedHandles.map { try ReferenceTensor($0.storage()) })
  }

  /// The arguments of a call with a batch; unmapped ones are those of the first example.
  func arguments(_ placement: Placement, size: Int) -> [ReferenceTensor] {
    zip(inputs, placement.inAxes).map { input, inAxis in
      guard let inAxis else { return input.example(0) }
      return ReferenceTensor.stack(
        (0..<size).map(input.example), of: input.type, along: inAxis)
    }
  }
}
