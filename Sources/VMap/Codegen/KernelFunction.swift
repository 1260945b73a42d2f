/// A kernel as a function of OpenCL C that has no name yet.
struct KernelFunction: Hashable, Sendable {
  let localSize: Int
  /// The parameters and the body.
  let text: String

  func text(named name: String) -> String {
    "\nkernel __attribute__((reqd_work_group_size(\(localSize), 1, 1)))\nvoid \(name)\(text)"
  }
}

/// The functions of a program in OpenCL C.
///
/// Kernels that differ in nothing but their buffers and constants are one: a driver compiles each on its
/// own.
struct KernelFunctions: Sendable {
  private(set) var text = ""
  private var names: [KernelFunction: String] = [:]

  /// The name of a function, which is the wanted one where it is new.
  mutating func add(_ function: KernelFunction, named wanted: String) -> String {
    if let known = names[function] { return known }
    names[function] = wanted
    text += function.text(named: wanted)
    return wanted
  }
}
