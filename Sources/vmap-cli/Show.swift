import ArgumentParser
import VMap

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what a function compiles to: the program, the plan and the OpenCL C.",
    discussion: """
      Without input files, zeros stand for the arguments, with --size examples along each mapped axis.
      """)

  @OptionGroup var options: DeviceOptions
  @OptionGroup var call: MappedModule

  @Option(parsing: .unconditional, help: "The size of each batch, where there are no input files.")
  var size = 16

  func validate() throws {
    guard size >= 0 else { throw ValidationError("--size should not be negative, got \(size)") }
  }

  func run() throws {
    options.apply()
    let function = try call.function()
    let arguments = try call.inputs.isEmpty ? zeros(for: function) : call.arguments(of: function)
    try Console.print(call.mapped(function).lowered(arguments))
  }

  /// Arguments of the types that the maps ask for.
  private func zeros(for function: AnyFunction) throws -> [AnyTensor] {
    try function.parameters.enumerated().map { position, type in
      var type = type
      // The innermost map sees the shape of the function, the next one what is around that.
      for (level, list) in call.inAxes.enumerated() {
        guard let axis = try list.axis(ofArgument: position, of: function.parameters.count) else {
          continue
        }
        let place = axis < 0 ? axis + type.shape.count + 1 : axis
        guard (0...type.shape.count).contains(place) else {
          throw CommandError(
            "--in-axes number \(level + 1) maps axis \(axis) of argument \(position), "
              + "which has \(quantity(type.shape.count, "dimension")) without it")
        }
        type.shape.insert(size, at: place)
      }
      return try AnyTensor.zeros(type)
    }
  }
}

extension AxisList {
  /// What the list says of one of several arguments.
  fileprivate func axis(ofArgument position: Int, of count: Int) throws -> Int? {
    var entry = axes
    if case .each(let entries) = axes {
      guard entries.count == count else {
        throw CommandError(
          "--in-axes has \(quantity(entries.count, "entry", "entries")), the function takes \(quantity(count, "argument"))"
        )
      }
      entry = entries[position]
    }
    if case .axis(let axis) = entry { return axis }
    return nil
  }
}
