// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "swift-vmap",
  products: [
    .library(name: "VMap", targets: ["VMap"])
  ],
  targets: [
    .systemLibrary(
      name: "COpenCL",
      pkgConfig: "OpenCL",
      providers: [.apt(["ocl-icd-opencl-dev", "opencl-headers"])]
    ),
    .target(name: "Device", dependencies: ["COpenCL"], swiftSettings: settings),
    .target(
      name: "Kernels", resources: [.embedInCode("cl")], swiftSettings: settings),
    .target(name: "VMap", dependencies: ["Device", "Kernels"], swiftSettings: settings),
    .executableTarget(
      name: "bad-calls", dependencies: ["VMap", "Device"], path: "Tests/BadCalls",
      swiftSettings: settings),
    .executableTarget(
      name: "kernel-families", dependencies: ["VMap", "Device"], path: "Tests/KernelFamilies",
      swiftSettings: settings),
    .testTarget(name: "DeviceTests", dependencies: ["Device", "COpenCL"], swiftSettings: settings),
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "Device"], swiftSettings: settings),
    .testTarget(
      name: "VMapTestSupport", dependencies: ["VMap", "Device", "Kernels"], path: "Tests/Support",
      swiftSettings: settings),
    .testTarget(
      name: "VMapTests", dependencies: ["VMap", "VMapTestSupport"], path: "Tests/VMapTests",
      exclude: ["Tutorials/Data"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
