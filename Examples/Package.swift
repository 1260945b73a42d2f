// swift-tools-version: 6.1
import PackageDescription

let vmap: Target.Dependency = .product(name: "VMap", package: "swift-vmap")

let package = Package(
  name: "swift-vmap-examples",
  dependencies: [.package(name: "swift-vmap", path: "..")],
  targets: [
    .executableTarget(name: "Digits", dependencies: [vmap], path: "Digits", exclude: ["Data"]),
    .executableTarget(name: "Tutorials", dependencies: [vmap], path: "Tutorials"),
  ],
  swiftLanguageModes: [.v6]
)
