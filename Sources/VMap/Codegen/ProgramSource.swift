/// The OpenCL C of a plan: a program for each index width, as most programs only ever need one.
struct ProgramSource: Sendable {
  /// The program for each index width that may be asked for.
  let texts: [IndexWidth: String]
  /// The arguments of each kernel of the plan, in order; the same for both index widths.
  let arguments: [KernelArguments]
  /// The function that each kernel of the plan runs; none where short indices cannot do.
  let functions: [IndexWidth: [String?]]
  /// The function of each kernel that has none of its own, by the name that it would have.
  private let sharing: [String: String]

  init(_ plan: Plan, countsIterations: Bool = false) throws(VMapError) {
    var texts: [IndexWidth: String] = [:]
    var arguments: [KernelArguments] = []
    var functions: [IndexWidth: [String?]] = [:]
    var sharing: [String: String] = [:]
    #if DEBUG
      for kernel in plan.kernels { try kernel.verify() }
    #endif
    let starts = plan.kernels.map(\.starts)
    for index in IndexWidth.allCases {
      var helpers = MemoryHelpers()
      var written = KernelFunctions()
      functions[index] = []
      for (number, kernel) in plan.kernels.enumerated() {
        let emitter = KernelEmitter(
          kernel, starts: starts[number], index: index, helpers: helpers,
          countsIterations: countsIterations)
        let function = try emitter.emit()
        if index == .int32 { arguments.append(emitter.arguments) }
        if index == .int32, arguments[number].isAlwaysWide {
          functions[index]?.append(nil)
          continue
        }
        let own = kernel.name + index.suffix
        let name = written.add(function, named: own)
        functions[index]?.append(name)
        if name != own { sharing[own] = name }
        helpers = emitter.helpers
      }
      texts[index] = try helpers.source() + written.text
    }
    self.texts = texts
    self.arguments = arguments
    self.functions = functions
    self.sharing = sharing
  }

  /// All of it, for people.
  var text: String { IndexWidth.allCases.compactMap { texts[$0] }.joined(separator: "\n") }

  /// A kernel's name, and that of the one whose function it shares.
  func name(of kernel: Kernel) -> String {
    let own = kernel.name + IndexWidth.int64.suffix
    guard let shared = sharing[own] else { return kernel.name }
    return "\(kernel.name), as \(shared.dropLast(IndexWidth.int64.suffix.count)),"
  }
}
