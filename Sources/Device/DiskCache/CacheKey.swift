/// Everything that a program's binary depends on.
struct CacheKey: Sendable {
  /// The key as it is stored with the binary.
  let bytes: [UInt8]
  /// What stands for the key in names and tables.
  let fingerprint: Fingerprint

  /// The name of the file.
  var fileName: String { fingerprint.hexadecimal + DiskCache.suffix }

  init(source: String, options: String, device: DeviceDescription) {
    var text = ""
    // A length before each part keeps two keys from running into each other.
    func add(_ name: String, _ value: String) { text += "\(name) \(value.utf8.count):\(value)\n" }
    add("format", "1")
    add("platform", device.platformName)
    add("platform version", device.platformVersion)
    add("device", device.name)
    add("vendor", device.vendor)
    add("device version", device.version)
    add("driver", device.driverVersion)
    add("language", device.languageVersion)
    for name in CacheKey.variables { add(name, ProcessEnvironment.value(name) ?? "") }
    add("options", options)
    add("source", source)
    bytes = Array(text.utf8)
    fingerprint = Fingerprint(of: bytes)
  }

  /// What drivers take from the environment and bake into the code.
  private static let variables = [
    "POCL_BITCODE_FINALIZER", "POCL_CPU_LOCAL_MEM_SIZE", "POCL_CPU_MAX_CU_COUNT",
    "POCL_DEBUG_LLVM_OPTS", "POCL_EXTRA_BUILD_FLAGS", "POCL_KERNELLIB_NAME", "POCL_LLVM_CPU_NAME",
    "POCL_LLVM_OPT", "POCL_MAX_WORK_GROUP_SIZE", "POCL_VECTORIZER_REMARKS",
    "POCL_WORK_GROUP_METHOD", "POCL_WORK_GROUP_SPECIALIZATION", "CUDA_DISABLE_PTX_JIT",
    "CUDA_FORCE_JIT", "CUDA_FORCE_PTX_JIT",
  ]
}
