@testable import VMap

/// Checks the derivatives of a function of one example, which computes in 64 bits.
///
/// In the interpreter, forward mode is compared with reverse mode, both with differences of the function,
/// and second derivatives, forward over reverse, with differences of the reverse mode. Then all of them
/// are run over batches: in the interpreter against one example at a time, on the device against the
/// interpreter.
struct DerivativeCheck {
  let name: String
  let inputs: [BatchCheck.Input]
  let function: BatchCheck.Function
  /// Whether second derivatives are checked: not of what has a kink where it is differentiated.
  var isTwiceDifferentiable = true
  /// Whether second derivatives are run on the device: of a function whose derivatives are made of
  /// functions that are there already, they take long to compile and tell nothing new.
  var runsSecondDerivatives = true

  init(_ name: String, _ inputs: [BatchCheck.Input], _ function: @escaping BatchCheck.Function) {
    self.name = name
    self.inputs = inputs
    self.function = function
  }

  /// The step of differences.
  ///
  /// Those of fourth order, with four values, are wrong by a thirtieth of the fifth derivative times the
  /// step's fourth power, and by the rounding of the values, about 10⁻¹⁵ of them, over the step.
  private static let step = 1e-3

  /// How much derivatives may differ from differences: fifth derivatives up to 3·10⁵ are allowed for,
  /// values up to 10⁴, and as much for those that are part of a longer computation.
  private static let tolerance = 1e-8

  private var changing: [Int] { inputs.indices.filter { inputs[$0].type.element.isInexact } }

  /// The types of the results that change.
  private func resultTypes() throws -> [TensorType] {
    let program = try BatchCheck(name, inputs, function).exampleProgram()
    return try program.body.results.map { try program.types[$0].tensorType(for: name) }
      .filter(\.element.isInexact)
  }

  /// The function with its derivatives: arguments, tangents and cotangents to values, their changes, how
  /// much the arguments count, and how that changes.
  func derivatives() throws -> BatchCheck {
    let results = try resultTypes()
    let tangents = changing.map { number in
      BatchCheck.Input.numbers(
        inputs[number].type.element, inputs[number].type.shape, in: -1, 1, seed: 100 + number)
    }
    let cotangents = results.enumerated().map { number, type in
      BatchCheck.Input.numbers(type.element, type.shape, in: -1, 1, seed: 200 + number)
    }
    let (changing, count) = (changing, inputs.count)
    let (function, isTwice) = (function, isTwiceDifferentiable)
    var check = BatchCheck(name, inputs + tangents + cotangents) { trace, handles in
      let x = Array(handles.prefix(count))
      let cotangents = Array(handles.suffix(results.count))
      var changes = [TensorHandle?](repeating: nil, count: count)
      for (number, change) in zip(changing, handles.dropFirst(count)) { changes[number] = change }
      func zero(_ handle: TensorHandle) -> TensorHandle { Term(handle).zeros.handle }
      func gradient(_ x: [TensorHandle]) throws -> [TensorHandle] {
        let (values, pullBack) = try trace.pullBack(x, wanted: x.map { _ in true }) {
          try function(trace, $0)
        }
        var given = cotangents[...]
        let parts = try pullBack(values.map { $0.element.isInexact ? given.popFirst() : nil })
        return changing.map { parts[$0] ?? zero(x[$0]) }
      }
      let (values, tangents) = try trace.pushForward(x, changes) { try function(trace, $0) }
      let inexact = values.indices.filter { values[$0].element.isInexact }
      let first = inexact.map { values[$0] } + inexact.map { tangents[$0] ?? zero(values[$0]) }
      guard isTwice else { return first + (try gradient(x)) }
      let (gradients, second) = try trace.pushForward(x, changes, gradient)
      return first + gradients + zip(second, gradients).map { $0 ?? zero($1) }
    }
    check.sizes = [0, 1, 17]
    return check
  }

  /// How the batch lies in arguments, tangents and cotangents: in front, last, and only in some.
  func placements(_ check: BatchCheck) -> [Placement] {
    let ranks = check.inputs.map(\.type.shape.count)
    return [
      Placement(inAxes: ranks.map { _ in 0 }, outAxis: 0),
      Placement(inAxes: ranks.map { $0 }, outAxis: -1),
      Placement(inAxes: ranks.indices.map { $0 < inputs.count ? 0 : nil }, outAxis: 0),
      Placement(
        inAxes: ranks.enumerated().map { $0 < inputs.count ? nil : $1 }, outAxis: 0),
    ]
  }

  /// The derivatives of some examples against one another and against differences.
  func numericMismatches(_ check: BatchCheck) throws -> [Mismatch] {
    let (program, captured) = try check.tracedExample()
    var mismatches: [Mismatch] = []
    for example in 0..<3 {
      let arguments = check.inputs.map { $0.example(example) }
      func run(_ distance: Double) throws -> [[ComplexNumber]] {
        var moved = arguments
        for (place, number) in changing.enumerated() {
          moved[number] = arguments[number].moved(
            by: distance, along: arguments[inputs.count + place])
        }
        return try Interpreter.run(program, moved + captured).map(\.complexNumbers)
      }
      let center = try run(0)
      let steps = try [-2, -1, 1, 2].map { try run(Double($0) * Self.step) }
      let count = arguments.count - inputs.count - changing.count
      let values = 0..<count
      let gradients = 2 * count..<2 * count + changing.count
      for number in Array(values) + (isTwiceDifferentiable ? Array(gradients) : []) {
        let derivative = center[number + (number < count ? count : changing.count)]
        let what = number < count ? "result \(number)" : "gradient \(number - 2 * count)"
        let scale = (center[number] + derivative).reduce(1) { max($0, $1.size) }
        for (element, own) in derivative.enumerated() {
          let at = steps.map { $0[number][element] }
          let difference = ((at[0] - at[3]) + (at[2] - at[1]) * 8) * (1 / (12 * Self.step))
          if !((own - difference).size <= Self.tolerance * scale) {
            mismatches.append(
              Mismatch(
                "\(name), example \(example), the derivative of \(what), element \(element): "
                  + "\(own), differences give \(difference)"))
          }
        }
      }
      let tangents = arguments[inputs.count...].prefix(changing.count).map(\.complexNumbers)
      let cotangents = arguments.suffix(count).map(\.complexNumbers)
      let forward = pairing(cotangents, Array(center[count..<2 * count]))
      let reverse = pairing(tangents, Array(center[gradients]))
      // Both are sums of the same products, each rounded at most some hundred times.
      if !(abs(forward.sum - reverse.sum) <= 1e-12 * (1 + forward.size + reverse.size)) {
        mismatches.append(
          Mismatch(
            "\(name), example \(example): \(forward.sum) in forward mode, "
              + "\(reverse.sum) in reverse mode"))
      }
    }
    return mismatches
  }

  /// The real part of a sum of products, and how large they are.
  private func pairing(
    _ a: [[ComplexNumber]], _ b: [[ComplexNumber]]
  ) -> (sum: Double, size: Double) {
    var (sum, size) = (0.0, 0.0)
    for (a, b) in zip(a.joined(), b.joined()) {
      sum += a.real * b.real - a.imaginary * b.imaginary
      size += a.size * b.size
    }
    return (sum, size)
  }
}

extension DerivativeCheck {
  /// Everything but the device.
  fileprivate func interpretedMismatches() throws -> [Mismatch] {
    let derivatives = try derivatives()
    return try numericMismatches(derivatives)
      + derivatives.interpreterMismatches(at: placements(derivatives))
  }
}

extension [DerivativeCheck] {
  /// Everything but the device.
  func interpretedMismatches() throws -> [Mismatch] {
    try flatMap { try $0.interpretedMismatches() }
  }

  /// Everything, of functions whose programs are compiled together.
  func mismatches() throws -> [Mismatch] {
    var mismatches: [Mismatch] = []
    var checks: [BatchCheck] = []
    for check in self {
      do {
        mismatches += try check.interpretedMismatches()
        var first = check
        first.isTwiceDifferentiable = check.isTwiceDifferentiable && check.runsSecondDerivatives
        checks.append(try first.derivatives())
      } catch {
        mismatches.append(Mismatch("\(check.name): \(error)"))
      }
    }
    return try mismatches + checks.deviceMismatches()
  }
}

/// A number of a tensor, whose imaginary part may be 0.
struct ComplexNumber: CustomStringConvertible {
  var real: Double
  var imaginary: Double

  /// A number that is at least as large as the magnitude.
  var size: Double { abs(real) + abs(imaginary) }
  var description: String { imaginary == 0 ? "\(real)" : "(\(real), \(imaginary))" }

  static func + (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(real: a.real + b.real, imaginary: a.imaginary + b.imaginary)
  }
  static func - (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(real: a.real - b.real, imaginary: a.imaginary - b.imaginary)
  }
  static func * (a: ComplexNumber, b: Double) -> ComplexNumber {
    ComplexNumber(real: a.real * b, imaginary: a.imaginary * b)
  }
}

extension ReferenceTensor {
  fileprivate var complexNumbers: [ComplexNumber] {
    values.map {
      ComplexNumber(
        real: element.part.number($0.bits),
        imaginary: element.isComplex ? element.part.number($0.imaginary) : 0)
    }
  }

  /// The tensor with another one of its type added some times.
  fileprivate func moved(by distance: Double, along other: ReferenceTensor) -> ReferenceTensor {
    let numbers = zip(complexNumbers, other.complexNumbers).map { $0 + $1 * distance }
    return ReferenceTensor(
      element, shape,
      numbers.map {
        ReferenceScalar(
          bits: element.part.bits($0.real),
          imaginary: element.isComplex ? element.part.bits($0.imaginary) : 0)
      })
  }
}
