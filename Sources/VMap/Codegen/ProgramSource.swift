/// The OpenCL C of a plan: a program for each index width, as most programs only ever need one.
struct ProgramSource: Sendable {
  /// The program for each index width that may be asked for.
  let texts: [IndexWidth: String]
  /// The arguments of each kernel of the plan, in order; the same for both index widths.
  let arguments: [KernelArguments]

  init(_ plan: Plan, countsIterations: Bool = false) throws(VMapError) {
    var texts: [IndexWidth: String] = [:]
    var arguments: [KernelArguments] = []
    #if DEBUG
      for kernel in plan.kernels { try kernel.verify() }
    #endif
    for index in IndexWidth.allCases {
      var helpers = MemoryHelpers()
      var bodies = ""
      for (number, kernel) in plan.kernels.enumerated() {
        let emitter = KernelEmitter(
          kernel, index: index, helpers: helpers, countsIterations: countsIterations)
        let body = try emitter.emit()
        if index == .int32 { arguments.append(emitter.arguments) }
        if index == .int32, arguments[number].isAlwaysWide { continue }
        bodies += body
        helpers = emitter.helpers
      }
      texts[index] = try helpers.source() + bodies
    }
    self.texts = texts
    self.arguments = arguments
  }

  /// All of it, for people.
  var text: String { IndexWidth.allCases.compactMap { texts[$0] }.joined(separator: "\n") }

  /// Whether a program has a kernel, by its number in the plan.
  func has(_ number: Int, _ index: IndexWidth) -> Bool {
    index == .int64 || !arguments[number].isAlwaysWide
  }
}
