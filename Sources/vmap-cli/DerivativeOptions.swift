import ArgumentParser
import VMap

/// Which derivative takes the place of a function.
struct DerivativeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      The gradient for these arguments in place of the function, which gives a scalar: 0,1. The maps \
      are around it.
      """)
  var grad: PositionList?

  @Option(parsing: .unconditional, help: "The value and then the gradient for these arguments.")
  var valueAndGrad: PositionList?

  @Option(
    parsing: .unconditional,
    help: """
      The results and then how they change with these arguments. A tangent for each follows the \
      arguments.
      """)
  var jvp: PositionList?

  @Option(
    parsing: .unconditional, help: "The second derivatives for this argument of a scalar function.")
  var hessian: PositionList?

  /// What was asked for, by the name of its option.
  private var chosen: [(option: String, positions: [Int])] {
    let options = [
      ("--grad", grad), ("--value-and-grad", valueAndGrad), ("--jvp", jvp), ("--hessian", hessian),
    ]
    return options.compactMap { option, list in list.map { (option, $0.positions) } }
  }

  func validate() throws {
    if chosen.count > 1 {
      throw ValidationError(
        "\(chosen[0].option) and \(chosen[1].option) are given: one derivative is made at a time")
    }
    for (option, positions) in chosen where Set(positions).count < positions.count {
      throw ValidationError("\(option) names an argument twice")
    }
    if let hessian, hessian.positions.count != 1 {
      throw ValidationError(
        "--hessian names \(quantity(hessian.positions.count, "argument")), it takes one")
    }
  }

  /// The option that was given.
  var option: String? { chosen.first?.option }

  /// The derivative of a function that was asked for; the function where none was.
  func derivative(of function: AnyFunction) throws -> AnyFunction {
    guard let (option, positions) = chosen.first else { return function }
    let count = function.parameters.count
    for position in positions where !function.parameters.indices.contains(position) {
      throw CommandError(
        "\(option) names argument \(position), \(function.name) has \(quantity(count, "argument"))"
          + (count == 0 ? "" : ", counted from 0"))
    }
    switch option {
    case "--grad": return VMap.grad(function, arguments: positions)
    case "--value-and-grad": return VMap.valueAndGrad(function, arguments: positions)
    case "--jvp": return VMap.jvp(function, arguments: positions)
    default: return VMap.hessian(function, argument: positions[0])
    }
  }
}

/// Positions of arguments as they are written behind an option: `0,1`.
struct PositionList: ExpressibleByArgument {
  let positions: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0.trimmingPrefix(while: \.isWhitespace)) }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    positions = numbers
  }
}
