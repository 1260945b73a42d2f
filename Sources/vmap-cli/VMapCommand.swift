import ArgumentParser

@main
struct VMapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vmap",
    abstract: "Runs per-example functions on whole batches.",
    discussion: """
      A function is a module of StableHLO text, as JAX exports it:

        open("f.mlir", "w").write(jax.jit(f).lower(*example).as_text())
        vmap run f.mlir --in-axes none,0 weights.npy images.npy -o out.npy

      Files are regular files, or /dev/stdin for a module or a .npy file. A module has at most 1 GiB, is \
      nested at most 200 deep, and has loops at most 10 deep, of at most 1,000,000 operations with each \
      call counted. The status is 64 where an option is wrong by itself, and 1 where something is wrong \
      with the files or does not fit them.
      """,
    subcommands: [Devices.self, Run.self, Show.self, Check.self])

  /// Runs the command, and ends with 64 where its words are wrong and with 1 where anything else is.
  static func main() {
    Console.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      var code = exitCode(for: error)
      let text = fullMessage(for: error)
      do {
        // Help is a result, too.
        if code.isSuccess {
          try Console.print(text)
        } else if !text.isEmpty {
          try Console.printError(text)
        }
      } catch {
        code = .failure
        try? Console.printError("Error: \(error)")
      }
      exit(withError: code)
    }
  }
}

/// Where and how kernels run.
struct DeviceOptions: ParsableArguments {
  @Option(help: "The device: gpu, cpu, platform:device or part of a name (VMAP_DEVICE).")
  var device: String?

  @Option(help: "The shape of the kernels: nvidia, scalar, lanes4, lanes8, lanes16 (VMAP_PROFILE).")
  var profile: String?

  func validate() throws {
    try refuseEmpty(device, "--device")
    try refuseEmpty(profile, "--profile")
  }

  /// Makes the choice known, before the first use of a device.
  func apply() {
    if let device { Environment.set("VMAP_DEVICE", device) }
    if let profile { Environment.set("VMAP_PROFILE", profile) }
  }
}

/// Refuses an option whose value is empty, as where a variable of a script is.
func refuseEmpty(_ value: String?, _ option: String) throws {
  guard value?.isEmpty == true else { return }
  throw ValidationError("\(option) is empty; without it the default is taken")
}
