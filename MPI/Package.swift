// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// A package of its own, so that the library needs nothing but OpenCL.
let package = Package(
  name: "swift-vmap-mpi",
  products: [.library(name: "VMapMPI", targets: ["VMapMPI"])],
  dependencies: [.package(name: "swift-vmap", path: "..")],
  targets: [
    .systemLibrary(
      name: "COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "VMapMPI",
      dependencies: ["COpenMPI", .product(name: "VMap", package: "swift-vmap")],
      swiftSettings: settings),
    .executableTarget(
      name: "MeshCheck",
      dependencies: ["VMapMPI", .product(name: "VMap", package: "swift-vmap")],
      swiftSettings: settings),
  ]
)
