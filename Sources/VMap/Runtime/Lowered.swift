/// What a call compiles to, for printing: the program, the plan and the OpenCL C.
public struct Lowered: Sendable, CustomStringConvertible {
  /// The per-example program, with the map axes on the types.
  public let program: String
  /// The program with the axes as dimensions, as `make_jaxpr(vmap(f))` prints it.
  public let batched: String
  /// The kernels and loops that run, and why they look as they do.
  public let plan: String
  /// The source of the kernels.
  public let source: String
  /// How many kernels there are.
  public let kernelCount: Int

  /// All of it.
  public var description: String {
    """
    \(program)
    \(batched)
    \(plan)
    \(source)
    """
  }
}

extension Executable {
  func lowered(sizes: [Symbol: Int], _ division: Division? = nil) -> Lowered {
    let simplified = traced.program.simplified()
    return Lowered(
      program: simplified.text, batched: simplified.replacing(sizes).batchedText,
      plan: ([plan.plan.text(source)] + (division.map { [$0.text] } ?? [])).joined(separator: "\n"),
      source: source.text, kernelCount: plan.plan.kernels.count)
  }
}

extension Plan {
  /// The plan for people: one line a kernel, loops indented.
  func text(_ source: ProgramSource, indent: String = "") -> String {
    steps.map { step in
      switch step {
      case .kernel(let kernel):
        let inputs = kernel.inputs.map { "b\($0)" }.joined(separator: ", ")
        let buffers = kernel.roots.map { "b\($0.buffer)" }.joined(separator: ", ")
        return "\(indent)\(source.name(of: kernel)) of \(inputs) → \(buffers): \(kernel.mapping); "
          + "groups of \(kernel.localSize); \(kernel.explanation)"
      case .loop(let loop):
        let condition = loop.condition.text(source, indent: indent + "  ")
        let body = loop.body.text(source, indent: indent + "  ")
        return "\(indent)loop while\n\(condition)\n\(indent)do\n\(body)"
      }
    }.joined(separator: "\n")
  }
}

extension Kernel {
  /// What `get_global_id(0)` stands for, or `get_group_id(0)`.
  fileprivate var mapping: String {
    let worker = isGroups ? "work-group" : "work-item"
    if parallel.isEmpty { return "one \(worker)" }
    if case .outer = lanes, width > 1 {
      return "a work-item is \(width) consecutive iterations of the lane loop"
    }
    if lanes == .tile { return "a \(worker) is a tile of the outer loops" }
    return "a \(worker) is one iteration of the outer loops"
  }
}
