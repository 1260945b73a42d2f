// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "swift-vmap-benchmarks",
  dependencies: [.package(name: "swift-vmap", path: "..")],
  targets: [
    .executableTarget(
      name: "Benchmarks", dependencies: [.product(name: "VMap", package: "swift-vmap")])
  ],
  swiftLanguageModes: [.v6]
)
