/// The OpenCL C of a plan: one program with every kernel, in both index widths where both may be asked
/// for.
struct ProgramSource: Sendable {
  let text: String
  /// The arguments of each kernel of the plan, in order; the same for both index widths.
  let arguments: [KernelArguments]

  init(_ plan: Plan, countsIterations: Bool = false) throws(VMapError) {
    var helpers = MemoryHelpers()
    var bodies = ""
    var arguments: [KernelArguments] = []
    for kernel in plan.kernels {
      for index in IndexWidth.allCases {
        let emitter = KernelEmitter(
          kernel, index: index, helpers: helpers, countsIterations: countsIterations)
        let body = try emitter.emit()
        if index == .int32 {
          arguments.append(emitter.arguments)
          if emitter.arguments.isAlwaysWide { continue }
        }
        bodies += body
        helpers = emitter.helpers
      }
    }
    text = try helpers.source() + bodies
    self.arguments = arguments
  }
}
