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
      """,
    subcommands: [Devices.self, Run.self, Show.self, Check.self])
}

/// Where and how kernels run.
struct DeviceOptions: ParsableArguments {
  @Option(help: "The device: gpu, cpu, platform:device or part of a name (VMAP_DEVICE).")
  var device: String?

  @Option(help: "The shape of the kernels: nvidia, scalar, lanes4, lanes8, lanes16 (VMAP_PROFILE).")
  var profile: String?

  /// Makes the choice known, before the first use of a device.
  func apply() {
    if let device { Environment.set("VMAP_DEVICE", device) }
    if let profile { Environment.set("VMAP_PROFILE", profile) }
  }
}
