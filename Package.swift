// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// For targets of tests that compute much: without it the interpreter takes longer than the driver's
// compiler. No product has such a target, so that the package can be depended on.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"])]

// `make fuzz` builds this package with the program that runs random programs and without the tests,
// whose support it is made of.
let runsRandomPrograms = Context.environment["VMAP_RANDOM_PROGRAMS"] == "1"

let testTargets: [Target] = [
  .testTarget(name: "DeviceTests", dependencies: ["Device", "COpenCL"], swiftSettings: settings),
  .testTarget(
    name: "KernelsTests", dependencies: ["Kernels", "Device", "VMapTestSupport"],
    swiftSettings: settings + optimised),
  .testTarget(
    name: "VMapTestSupport", dependencies: ["VMap", "Device", "Kernels"], path: "Tests/Support",
    swiftSettings: settings + optimised),
  .testTarget(
    name: "VMapTests", dependencies: ["VMap", "VMapTestSupport"], path: "Tests/VMapTests",
    exclude: ["Tutorials/Data", "API/ComplexReferences", "Compiler/Programs"],
    swiftSettings: settings),
  .testTarget(
    name: "StableHLOTests", dependencies: ["StableHLO", "VMap", "VMapTestSupport", "vmap-cli"],
    exclude: ["Conformance", "Derivatives"], swiftSettings: settings),
]

let randomProgramTargets: [Target] = [
  .target(
    name: "VMapTestSupport", dependencies: ["VMap", "Device", "Kernels"], path: "Tests/Support",
    exclude: ["Expectations.swift"], swiftSettings: settings),
  .executableTarget(
    name: "random-programs", dependencies: ["VMap", "VMapTestSupport"],
    path: "Tests/RandomPrograms", swiftSettings: settings),
]

let package = Package(
  name: "swift-vmap",
  products: [
    .library(name: "VMap", targets: ["VMap"]),
    .library(name: "StableHLO", targets: ["StableHLO"]),
    .library(name: "CDLPack", targets: ["CDLPack"]),
    .executable(name: "vmap", targets: ["vmap-cli"]),
  ],
  dependencies: [
    // For the command alone: it is fetched with the package, and not built for the libraries.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .systemLibrary(
      name: "COpenCL",
      pkgConfig: "OpenCL",
      providers: [.apt(["ocl-icd-opencl-dev", "opencl-headers"])]
    ),
    .systemLibrary(name: "CDLPack"),
    .target(name: "Device", dependencies: ["COpenCL"], swiftSettings: settings),
    .target(
      name: "Kernels", resources: [.embedInCode("cl")], swiftSettings: settings),
    .target(
      name: "VMap", dependencies: ["Device", "Kernels", "CDLPack"], swiftSettings: settings),
    .target(name: "StableHLO", dependencies: ["VMap"], swiftSettings: settings),
    .executableTarget(
      name: "vmap-cli",
      dependencies: [
        "VMap", "StableHLO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "bad-calls", dependencies: ["VMap", "Device"], path: "Tests/BadCalls",
      swiftSettings: settings),
    .executableTarget(
      name: "kernel-families", dependencies: ["VMap", "Device"], path: "Tests/KernelFamilies",
      swiftSettings: settings),
  ] + (runsRandomPrograms ? randomProgramTargets : testTargets),
  swiftLanguageModes: [.v6]
)
