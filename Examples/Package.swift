// swift-tools-version: 6.1
import PackageDescription

let vmap: Target.Dependency = .product(name: "VMap", package: "swift-vmap")

/// A program that checks its answers and writes a picture.
func picture(_ name: String) -> Target {
  .executableTarget(name: name, dependencies: [vmap, "ExampleSupport"], path: name)
}

let package = Package(
  name: "swift-vmap-examples",
  dependencies: [.package(name: "swift-vmap", path: "..")],
  targets: [
    .executableTarget(name: "Digits", dependencies: [vmap], path: "Digits", exclude: ["Data"]),
    .executableTarget(name: "Tutorials", dependencies: [vmap], path: "Tutorials"),
    .target(name: "ExampleSupport", dependencies: [vmap], path: "Support"),
    picture("Mandelbrot"), picture("VanDerPol"), picture("Metropolis"), picture("Tracking"),
    picture("Training"), picture("PrivateTraining"), picture("Fitting"),
  ],
  swiftLanguageModes: [.v6]
)
